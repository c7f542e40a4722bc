"""The generated data: 200 sales people in 40 teams and their opportunities, one person owning very many.

The addon's database is the stock one with the addon installed on it, so both hold the same opportunities under the
same ids, and each has the entry line that the installation gives to opportunities it finds.
"""

from typing import NamedTuple

USERS = 200
TEAMS = 40
PER_CONTACT = 4
PLAIN, GATED, STEPS = "Bench", "Bench with gates", "Bench with gates and steps"
STEPS_OF_A_STAGE = 5
GROUPS, COVERAGE_GROUPS = 50, 100
WIDE, NARROW = "Covers half of all", "Covers very few"
STAGES = (("Identified", 10), ("Discovery", 25), ("Proposal", 50), ("Negotiation", 75))


class Size(NamedTuple):
    """How many opportunities there are; the first rep owns one in `every`, the others share the rest."""

    opportunities: int
    every: int


SIZES = {"S": Size(10_000, 5), "M": Size(200_000, 10)}


def fill_stock(env, size):
    """Fill a database without the addon, and commit."""
    users = create_users(env)
    teams = create_teams(env, users)
    env.flush_all()
    # Without foreign key checks, whose plans were made when the tables were tiny and would scan them for every row.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    insert_partners(env, SIZES[size].opportunities // 4)
    insert_opportunities(env, SIZES[size], users, teams)
    env.cr.commit()


def create_users(env):
    """Create the sales people."""
    group = env.ref("sales_team.group_sale_salesman")
    values = [
        {"name": f"Rep {n}", "login": f"bench{n}", "email": f"bench{n}@example.com", "group_ids": [(4, group.id)]}
        for n in range(1, USERS + 1)
    ]
    return env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create(values)


def create_teams(env, users):
    """Create the sales teams, each with its share of the sales people."""
    values = [{"name": f"Team {n}", "member_ids": users[n::TEAMS].ids} for n in range(TEAMS)]
    return env["crm.team"].with_context(tracking_disable=True).create(values)


def insert_partners(env, count):
    """Insert the contacts of the opportunities."""
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, email, email_normalized, type, active, autopost_bills, ref,
                                 create_uid, write_uid, create_date, write_date)
        SELECT 'Contact ' || n, 'Contact ' || n, 'contact' || n || '@example.com', 'contact' || n || '@example.com',
               'contact', TRUE, 'ask', 'bench', 1, 1, now(), now()
          FROM generate_series(1, %s) AS n;
        UPDATE res_partner SET commercial_partner_id = id WHERE ref = 'bench';
        """,
        [count],
    )


def insert_opportunities(env, size, users, teams):
    """Insert open opportunities in the first two stages; the first rep owns one in `every`."""
    stages = env["crm.stage"].search([("is_won", "=", False), ("team_ids", "=", False)], limit=2)
    env.cr.execute(
        """
        WITH partner AS (
            SELECT id, name, email, row_number() OVER (ORDER BY id) - 1 AS n FROM res_partner WHERE ref = 'bench'
        ),
        deal AS (
            SELECT n, CASE WHEN n %% %(every)s = 0 THEN 0 ELSE 1 + n %% (%(users)s - 1) END AS rep,
                   now() - make_interval(days => n %% 400) AS date
              FROM generate_series(1, %(count)s) AS n
        )
        INSERT INTO crm_lead (name, type, active, won_status, priority, user_id, team_id, company_id, stage_id,
                              partner_id, contact_name, email_from, email_normalized, email_domain_criterion,
                              email_state, expected_revenue, prorated_revenue, probability, automated_probability,
                              date_open, date_last_stage_update, create_uid, write_uid, create_date, write_date)
        SELECT 'Deal ' || deal.n, 'opportunity', TRUE, 'pending', '0', (%(user_ids)s)[rep + 1],
               (%(team_ids)s)[rep %% %(teams)s + 1], %(company)s, (%(stage_ids)s)[deal.n / %(every)s %% 2 + 1],
               partner.id, partner.name, partner.email, partner.email, partner.email,
               'correct', deal.n %% 1000 * 100, deal.n %% 1000 * 20, 20, 20,
               date, date, 1, 1, date, date
          FROM deal
          JOIN partner ON partner.n = deal.n %% %(contacts)s
         ORDER BY deal.n
        """,
        {
            "count": size.opportunities,
            "contacts": size.opportunities // PER_CONTACT,
            "every": size.every,
            "users": USERS,
            "teams": TEAMS,
            "user_ids": users.ids,
            "team_ids": teams.ids,
            "stage_ids": stages.ids,
            "company": env.company.id,
        },
    )


def fill_addon(env):
    """Give three of four opportunities of each rep a template, each a third of them another one, and commit."""
    stages = env["crm.stage"].create([{"name": name, "template_only": True} for name, __ in STAGES])
    templates = [create_template(env, name, stages) for name in (PLAIN, GATED, STEPS)]
    add_conditions(env, templates[1].stage_ids | templates[2].stage_ids)
    add_steps(env, templates[2].stage_ids)
    env.flush_all()
    for rest, template in enumerate(templates):
        assign(env, template, rest)
    env.flush_all()
    grant(env)
    env.cr.commit()


def assign(env, template, rest):
    """Put every fourth opportunity of each rep in the first two stages of the template."""
    env.cr.execute(
        """
        WITH mine AS (SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY id) AS n FROM crm_lead),
        line AS (
            SELECT *, row_number() OVER (ORDER BY sequence) AS rank
              FROM opportunity_template_stage WHERE template_id = %(template)s
        )
        UPDATE crm_lead
           SET template_id = line.template_id, template_stage_id = line.id, stage_id = line.stage_id,
               probability = line.probability, automated_probability = line.probability
          FROM mine, line
         WHERE mine.id = crm_lead.id AND mine.n %% 4 = %(rest)s AND line.rank = mine.n / 4 %% 2 + 1;
        UPDATE opportunity_stage_move AS move SET to_stage_id = lead.stage_id, template_id = lead.template_id
          FROM crm_lead AS lead
         WHERE lead.id = move.lead_id AND lead.template_id = %(template)s
        """,
        {"template": template.id, "rest": rest},
    )


def create_template(env, name, stages):
    """Create an active template with five stages, a tag and days to close."""
    lines = [
        {"stage_id": stage.id, "probability": probability, "sequence": 10 + n, "target_days": 10}
        for n, (stage, (__, probability)) in enumerate(zip(stages, STAGES, strict=True))
    ]
    values = {"stage_ids": [(0, 0, line) for line in lines], "tag_ids": [(0, 0, {"name": name})]}
    template = env["opportunity.template"].create({"name": name, "closing_days": 60, **values})
    template._add_won_stage()
    template.action_activate()
    return template


def add_conditions(env, lines):
    """Let the open stages ask for the required steps, a contact, a revenue and a first day, which all have."""
    contact = env["ir.model.fields"]._get("crm.lead", "partner_id").id
    asked = (
        {"kind": "steps"},
        {"kind": "fields", "field_ids": [contact]},
        {"kind": "domain", "domain": "[('expected_revenue', '>=', 0)]"},
        {"kind": "max_days", "days": 3650},
    )
    open_lines = [line.id for line in lines if not line.is_won]
    env["opportunity.template.condition"].create(
        [{**one, "template_stage_id": id_} for id_ in open_lines for one in asked]
    )


def add_steps(env, lines):
    """Give the open stages their steps: required and optional, at once, later and one after the other."""
    env["opportunity.template.step"].create(
        [
            {
                "template_stage_id": line.id,
                "name": f"Step {n}",
                "sequence": n,
                "required": n % 2 == 0,
                "delay_count": n,
                "delay_from": "previous" if n > 2 else "entry",
            }
            for line in lines
            if not line.is_won
            for n in range(STEPS_OF_A_STAGE)
        ]
    )


def grant(env):
    """Grant each opportunity to four, whoever owns it: a person, a team, a user group and a coverage group."""
    users = env["res.users"].search([("login", "=like", "bench%")], order="id")
    groups = env["res.groups"].create([{"name": f"Group {n}", "user_ids": users[n::GROUPS].ids} for n in range(GROUPS)])
    insert_shares(env, users, groups)
    apply_coverage(env, create_coverage(env, users))
    # The shares came in without their triggers.
    env["crm.lead"]._set_grant_keys(env["crm.lead"].search([]).ids)


def insert_shares(env, users, groups):
    """Insert shares to read; those that end do so far in the future."""
    teams = env["crm.team"].search([("name", "=like", "Team %")], order="id")
    # Without foreign key checks, as above.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    for column, records in (("user_id", users), ("team_id", teams), ("group_id", groups)):
        env.cr.execute(
            f"""
            INSERT INTO opportunity_share (lead_id, {column}, access, date_end, active, granted_by_id, follow_state,
                                           create_uid, write_uid, create_date, write_date)
            SELECT id, (%(ids)s)[1 + abs(hashtext({column!r} || id) / 2) %% array_length(%(ids)s, 1)], 'read',
                   CASE WHEN id %% 2 = 0 THEN current_date + 1000 END, TRUE, 1, 'kept', 1, 1, now(), now()
              FROM crm_lead
            """,
            {"ids": records.ids},
        )


def create_coverage(env, users):
    """Create the coverage groups, each of four members."""
    role = env["opportunity.coverage.role"].create({"name": "Bench"})
    return env["opportunity.coverage.group"].create(
        [
            {"name": f"Group {n}", "member_ids": [(0, 0, {"user_id": user.id, "role_id": role.id}) for user in four]}
            for n in range(COVERAGE_GROUPS)
            for four in [users[n * 2 : n * 2 + 4]]
        ]
    )


def apply_coverage(env, groups):
    """Apply one coverage group to each opportunity, and one of its own to half of them (see `share.py`)."""
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO crm_lead_coverage_group_rel (lead_id, group_id)
        SELECT id, (%(ids)s)[1 + abs(hashtext('covered' || id) / 2) %% array_length(%(ids)s, 1)] FROM crm_lead
        """,
        {"ids": groups.ids},
    )
    for name, part in ((WIDE, 2), (NARROW, 5000)):
        group = env["opportunity.coverage.group"].create({"name": name})
        env.cr.execute(
            "INSERT INTO crm_lead_coverage_group_rel (lead_id, group_id)"
            " SELECT id, %s FROM crm_lead WHERE id %% %s = 0",
            [group.id, part],
        )


def template(env, name=PLAIN):
    """One of the templates with five stages."""
    return env["opportunity.template"].search([("name", "=", name)], limit=1)


def as_rep(env, **context):
    """The environment of the rep who owns most."""
    return env(user=env["res.users"].search([("login", "=", "bench1")]).id, context=context)
