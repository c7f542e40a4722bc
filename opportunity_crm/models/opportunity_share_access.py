from odoo import api, models
from odoo.tools import SQL

from .crm_lead_grant_key import ANY_STALE, follow_grants

# To whom a person belongs now, by kind of recipient: the letter of its key, its field on shares, and the query.
TEAMS = SQL("""
    SELECT team.id FROM crm_team team
     WHERE team.active AND (
           team.user_id = asker
        OR team.id IN (SELECT crm_team_id FROM crm_team_member WHERE active AND user_id = asker))
""")
COVERAGE_GROUPS = SQL("""
    SELECT member.group_id
      FROM opportunity_coverage_member member
      JOIN opportunity_coverage_group covering ON covering.id = member.group_id AND covering.active
      JOIN res_users person ON person.id = member.user_id AND person.active AND person.share IS NOT TRUE
     WHERE member.user_id = asker
       AND (member.date_from IS NULL OR member.date_from <= today)
       AND (member.date_to IS NULL OR member.date_to >= today)
""")
GROUPS = SQL("""
    WITH RECURSIVE mine (id) AS (
           SELECT gid FROM res_groups_users_rel WHERE uid = asker
            UNION
           SELECT implied.hid FROM res_groups_implied_rel implied JOIN mine ON implied.gid = mine.id)
    SELECT id FROM mine
""")
RECIPIENTS = (
    ("u", "user_id", SQL("SELECT asker")),
    ("t", "team_id", TEAMS),
    ("c", "coverage_group_id", COVERAGE_GROUPS),
    ("g", "group_id", GROUPS),
)
# A branch for each kind of recipient is read from an index alone; an OR over them would read the shares themselves.
SHARED = SQL(" UNION ALL ").join(
    SQL(
        """
        SELECT share.lead_id, share.access = 'edit', share.id, NULL::integer
          FROM opportunity_share share
         WHERE share.active AND (share.date_start IS NULL OR share.date_start <= today)
           AND (share.date_end IS NULL OR share.date_end >= today) AND share.%s = ANY(ARRAY(%s))
        """,
        SQL.identifier(field),
        ids,
    )
    for _kind, field, ids in RECIPIENTS
)
GRANTS = SQL(
    """
    CREATE OR REPLACE FUNCTION opportunity_grants(asker integer, today date)
        RETURNS TABLE (lead_id integer, can_edit boolean, share_id integer, coverage_group_id integer)
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
    %s
     UNION ALL
    SELECT covered.lead_id, TRUE, NULL::integer, covered.group_id
      FROM crm_lead_coverage_group_rel covered
     WHERE covered.group_id = ANY(ARRAY(%s))
    $$
    """,
    SHARED,
    COVERAGE_GROUPS,
)
HELD_KEYS = SQL(
    """
    CREATE OR REPLACE FUNCTION opportunity_held_keys(asker integer, today date, edit_only boolean) RETURNS text[]
        LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    BEGIN
        RETURN CASE WHEN NOT %s THEN ARRAY(
               SELECT key || CASE WHEN edit_only THEN '!' ELSE '' END FROM (%s) AS held (key))
               END;
    END $$
    """,
    ANY_STALE,
    SQL(" UNION ALL ").join(
        SQL("SELECT '%s' || mine.id FROM (%s) AS mine (id)", SQL(kind), ids) for kind, _field, ids in RECIPIENTS
    ),
)
GRANTED_LEADS = SQL(
    """
    CREATE OR REPLACE FUNCTION opportunity_granted_leads(asker integer, today date, edit_only boolean)
        RETURNS integer[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    BEGIN
        RETURN CASE WHEN %s THEN ARRAY(
               SELECT granted.lead_id FROM opportunity_grants(asker, today) AS granted
                WHERE granted.can_edit OR NOT edit_only)
               END;
    END $$
    """,
    ANY_STALE,
)


class OpportunityShare(models.Model):
    """What a person is granted, read from the tables when it is asked: the one source of the access rules, of
    ``check_access`` and of “Why can I see this?”.

    The questions are functions of the database. A rule is part of nearly every query on opportunities, and PostgreSQL
    would plan all that is behind it each time, which takes longer than the query of a single record; a function is
    planned once, and is not asked where the salesperson is enough. Nothing is remembered between two queries: what is
    revoked, expired or archived grants nothing any more.
    """

    _inherit = "opportunity.share"

    _user_grants = models.Index("(user_id, lead_id, access, date_start, date_end) WHERE active AND user_id IS NOT NULL")
    _team_grants = models.Index("(team_id, lead_id, access, date_start, date_end) WHERE active AND team_id IS NOT NULL")
    _coverage_group_grants = models.Index(
        "(coverage_group_id, lead_id, access, date_start, date_end) WHERE active AND coverage_group_id IS NOT NULL"
    )
    _group_grants = models.Index(
        "(group_id, lead_id, access, date_start, date_end) WHERE active AND group_id IS NOT NULL"
    )

    def init(self):
        res = super().init()
        cr = self.env.cr
        # the tables of members may come after this one
        cr.execute("SET LOCAL check_function_bodies = off")
        for function in (GRANTS, HELD_KEYS, GRANTED_LEADS):
            cr.execute(function)
        cr.execute("SET LOCAL check_function_bodies = on")
        follow_grants(cr, self._table)
        return res

    @api.model
    def _select_grants(self, user):
        """Return the query of what is granted to a user today by shares and by coverage.

        Columns: ``lead_id``, ``can_edit``, ``share_id`` or ``coverage_group_id``.

        :param user: ``res.users`` record
        """
        self._flush_grants()
        return SQL("SELECT * FROM opportunity_grants(%s, %s)", user.id, self._get_day())

    @api.model
    def _sql_is_granted(self, lead, user, edit_only):
        """Return the condition that shares or coverage let a user read, or edit, an opportunity of a query.

        :param str lead: the alias of ``crm_lead`` in the query
        """
        self._flush_grants()
        asked = SQL("%s, %s, %s", user.id, self._get_day(), edit_only)
        # SQL: arrays are computed once and combined with the index on the salesperson, while under the OR of the access
        # rules a subquery makes PostgreSQL read the whole table. The leads are NULL, or where a key is stale the keys
        return SQL(
            "(%(keys)s && (SELECT opportunity_held_keys(%(asked)s))"
            " OR %(id)s = ANY((SELECT opportunity_granted_leads(%(asked)s))::integer[]))",
            keys=SQL.identifier(lead, "grant_keys"),
            id=SQL.identifier(lead, "id"),
            asked=asked,
        )

    @api.model
    def _flush_grants(self):
        """Write what the functions read."""
        self.flush_model()
        self.env["crm.lead"].flush_model(["coverage_group_ids"])
        self.env["crm.team"].flush_model(["active", "user_id"])
        self.env["crm.team.member"].flush_model(["active", "crm_team_id", "user_id"])
        self.env["opportunity.coverage.member"].flush_model(["date_from", "date_to", "group_id", "user_id"])
        self.env["opportunity.coverage.group"].flush_model(["active"])
        self.env["res.users"].flush_model(["active", "share"])


def drop_grant_functions(cr):
    """Remove the functions, when the addon is uninstalled."""
    for name, arguments in {
        "opportunity_held_keys": "integer, date, boolean",
        "opportunity_granted_leads": "integer, date, boolean",
        "opportunity_grants": "integer, date",
    }.items():
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s(%s)", SQL.identifier(name), SQL(arguments)))
