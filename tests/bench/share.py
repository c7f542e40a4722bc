"""Who sees what: the pipeline of a rep to whom much is granted, and granting it.

The first side of a comparison with a rule is stock Odoo, where the rep sees only what they own, or the same database
with the rule that suggests itself: an OR over the fields of the shares.
"""

from . import ADDON, STOCK, Hold, Scenario, Side, data

PAGE = 80
BIG = 100_000  # from so many opportunities on, no plan may read the whole table
DOMAIN = [("type", "=", "opportunity")]
FIELDS = ["name", "stage_id", "user_id", "expected_revenue", "priority"]
NAIVE = """['|', '|', '|', '|',
    ('share_ids.user_id', '=', user.id),
    ('share_ids.team_id.member_ids', 'in', user.ids),
    ('share_ids.group_id', 'in', user.all_group_ids.ids),
    ('share_ids.coverage_group_id.member_ids.user_id', '=', user.id),
    ('coverage_group_ids.member_ids.user_id', '=', user.id)]"""


def open_page(leads):
    leads.search_fetch(DOMAIN, FIELDS, limit=PAGE)


def search(leads):
    leads.search_fetch([*DOMAIN, ("name", "ilike", "deal 77")], FIELDS, limit=PAGE)


def count(leads):
    leads.search_count(DOMAIN)


def group(leads):
    leads._read_group(DOMAIN, ["stage_id"], ["__count", "expected_revenue:sum"])


def group_own(leads):
    leads._read_group([*DOMAIN, ("user_id", "=", leads.env.uid)], ["stage_id"], ["__count", "expected_revenue:sum"])


def pipeline(leads):
    """All that opening the pipeline asks for."""
    open_page(leads)
    count(leads)
    group(leads)


def reading(operation, naive=False):
    """A side's preparation: the operation as the rep, with the rules that are wanted already cached."""

    def prepare(env):
        if naive:
            env.ref("opportunity_crm.crm_lead_rule_granted_read").domain_force = NAIVE
        env.registry.clear_cache()  # what a rolled back turn has left
        leads = data.as_rep(env)["crm.lead"]
        leads.search_count([("id", "=", 0)])
        if not naive and "share_ids" in leads:
            check_plans(leads, operation)
        return [lambda: operation(leads)]

    return prepare


def check_plans(leads, operation):
    """Fail where a query of the operation reads all opportunities from the first to the last."""
    leads.env.cr.execute("SELECT reltuples FROM pg_class WHERE relname = 'crm_lead'")
    if leads.env.cr.fetchone()[0] < BIG:
        return  # in a small table that may be the best way
    for query, parameters in queries(leads, operation):
        leads.env.cr.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(line for (line,) in leads.env.cr.fetchall())
        if "Seq Scan on crm_lead " in f"{plan} ":
            raise AssertionError(f"{operation.__name__} reads the whole table:\n{query}\n{plan}")


def queries(leads, operation):
    """The queries that an operation makes about opportunities, with their parameters."""
    cursor, made = leads.env.cr, []
    execute = cursor.execute

    def note(query, params=None, **options):
        code = getattr(query, "code", query)
        made.append((code, getattr(query, "params", params)))
        return execute(query, params, **options)

    cursor.execute = note
    try:
        operation(leads)
    finally:
        del cursor.execute
    leads.env.invalidate_all()
    return [(query, params) for query, params in made if 'FROM "crm_lead"' in query]


def visible(env):
    """How many opportunities the rep sees."""
    env.registry.clear_cache()
    return data.as_rep(env)["crm.lead"].search_count(DOMAIN)


def checking(owned):
    """A side's preparation: check access to a page of opportunities, own ones or granted ones."""

    def prepare(env):
        env.registry.clear_cache()
        leads = data.as_rep(env)["crm.lead"]
        mine = leads.search(
            [("user_id", "=" if owned else "not in", leads.env.uid if owned else [leads.env.uid, False])]
        )
        page = leads.browse(mine[:PAGE].ids)
        assert len(page) == PAGE
        page.check_access("read")
        return [lambda: page.check_access("read")]

    return prepare


def values_of_shares(env, count):
    """The values of as many shares with one colleague, and whoever may grant them."""
    admin = env(user=env.ref("base.user_admin").id)
    colleague = env["res.users"].search([("login", "=", "bench200")])
    without = [("share_ids", "not any", [("user_id", "=", colleague.id)])]
    leads = admin["crm.lead"].search([("type", "=", "opportunity"), *without], limit=count, order="id")
    values = [{"lead_id": id_, "user_id": colleague.id, "reason": "Bench"} for id_ in leads.ids]
    return admin["opportunity.share"], values


def sharing(count):
    def prepare(env):
        shares, values = values_of_shares(env, count)
        return [lambda: shares.create([dict(vals) for vals in values])]

    return prepare


def revoking(count):
    def prepare(env):
        model, values = values_of_shares(env, count)
        shares = model.create(values)
        env.flush_all()
        return [shares.action_revoke]

    return prepare


def joining(name):
    """A side's preparation: somebody joins the coverage group of that name."""

    def prepare(env):
        group = env["opportunity.coverage.group"].search([("name", "=", name)])
        role = env["opportunity.coverage.role"].search([("name", "=", "Bench")])
        user = data.as_rep(env).user
        values = {"group_id": group.id, "user_id": user.id, "role_id": role.id}
        return [lambda: env["opportunity.coverage.member"].create(values)]

    return prepare


MANY = 5000  # of which size S has enough that are not granted to the colleague yet
READINGS = (
    ("opens the pipeline", pipeline),
    ("a page", open_page),
    ("searches", search),
    ("counts", count),
    ("groups", group),
)
SCENARIOS = [
    *(
        Scenario(
            "P1",
            f"a rep {what}, per visible row",
            Side(STOCK, reading(operation), visible),
            Side(ADDON, reading(operation), visible),
            Hold(time=1.5),
        )
        for what, operation in READINGS
    ),
    Scenario(
        "P1",
        "a rep groups what is their own",
        Side(STOCK, reading(group_own)),
        Side(ADDON, reading(group_own)),
        Hold(time=1.5),
    ),
    *(
        Scenario(
            "P1",
            f"a rep {what}; the other side ORs over one2many fields",
            Side(ADDON, reading(operation, naive=True)),
            Side(ADDON, reading(operation)),
            Hold(time=0.2),
        )
        for what, operation in READINGS
        if operation in (pipeline, count, group)
    ),
    Scenario("P2", "check access of 80", Side(STOCK, checking(True)), Side(ADDON, checking(True)), Hold(queries=2)),
    Scenario(
        "P2", "check access of 80 granted", Side(ADDON, checking(True)), Side(ADDON, checking(False)), Hold(queries=2)
    ),
    *(
        Scenario(
            "P6",
            f"{what} 100, then {MANY:,}, per row",
            Side(ADDON, function(100), lambda env: 100),
            Side(ADDON, function(MANY), lambda env: MANY),
            Hold(time=1.25, queries=queries_),
        )
        # what Odoo inserts or updates a hundred rows a query
        for what, function, queries_ in (("share", sharing, MANY // 100 * 4), ("revoke", revoking, MANY // 100 * 3))
    ),
    Scenario(
        "P6",
        "join a group that covers few, then half of all",
        Side(ADDON, joining(data.NARROW)),
        Side(ADDON, joining(data.WIDE)),
        Hold(time=1.25, queries=0),
    ),
]
