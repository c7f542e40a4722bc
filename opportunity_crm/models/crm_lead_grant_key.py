from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

STEP = 5000  # opportunities

# A share grants from a day on, and until the day before another: on these days the keys change.
SET_KEYS = SQL("""
CREATE OR REPLACE FUNCTION crm_lead_set_grant_keys(leads integer[], today date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH granted AS (
        SELECT share.lead_id, share.access = 'edit' AS can_edit, share.date_start AS first, share.date_end + 1 AS after,
               coalesce('u' || share.user_id, 't' || share.team_id, 'c' || share.coverage_group_id,
                        'g' || share.group_id) AS key
          FROM opportunity_share share
         WHERE share.lead_id = ANY(leads) AND share.active
     UNION ALL
        SELECT covered.lead_id, TRUE, NULL, NULL, 'c' || covered.group_id
          FROM crm_lead_coverage_group_rel covered
         WHERE covered.lead_id = ANY(leads)
    ), held AS (
        SELECT lead_id, array_agg(DISTINCT held.key ORDER BY held.key) AS keys
          FROM granted, unnest(CASE WHEN can_edit THEN ARRAY[key, key || '!'] ELSE ARRAY[key] END) AS held (key)
         WHERE coalesce(first <= today, TRUE) AND coalesce(today < after, TRUE)
      GROUP BY lead_id
    ), change AS (
        SELECT lead_id, max(day) FILTER (WHERE day <= today) AS first, min(day) FILTER (WHERE day > today) AS after
          FROM granted, unnest(ARRAY[first, after]) AS day
      GROUP BY lead_id
    )
    UPDATE crm_lead
       SET grant_keys = held.keys, grant_keys_from = change.first, grant_keys_until = change.after
      FROM unnest(leads) AS asked (id)
 LEFT JOIN held ON held.lead_id = asked.id
 LEFT JOIN change ON change.lead_id = asked.id
     WHERE crm_lead.id = asked.id
       AND (crm_lead.grant_keys, crm_lead.grant_keys_from, crm_lead.grant_keys_until)
           IS DISTINCT FROM (held.keys, change.first, change.after);
END $$
""")
FOLLOW = SQL("""
CREATE OR REPLACE FUNCTION crm_lead_follow_grants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    leads integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        leads := ARRAY(SELECT DISTINCT lead_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        leads := ARRAY(SELECT DISTINCT lead_id FROM old_rows);
    ELSE
        leads := ARRAY(SELECT lead_id FROM new_rows UNION SELECT lead_id FROM old_rows);
    END IF;
    PERFORM crm_lead_set_grant_keys(leads, (now() AT TIME ZONE 'UTC')::date);
    RETURN NULL;
END $$
""")
EVENTS = {
    "insert": SQL("NEW TABLE AS new_rows"),
    "update": SQL("NEW TABLE AS new_rows OLD TABLE AS old_rows"),
    "delete": SQL("OLD TABLE AS old_rows"),
}
# Of a query that knows “today”: whether the keys of any opportunity are out of date.
ANY_STALE = SQL(
    "(EXISTS (SELECT FROM crm_lead WHERE grant_keys_until <= today)"
    " OR EXISTS (SELECT FROM crm_lead WHERE grant_keys_from > today))"
)
COLUMNS = {"grant_keys": SQL("text[]"), "grant_keys_from": SQL("date"), "grant_keys_until": SQL("date")}
INDEXES = {
    "crm_lead_grant_keys_index": SQL("USING gin (grant_keys) WHERE grant_keys IS NOT NULL"),
    "crm_lead_grant_keys_from_index": SQL("(grant_keys_from) WHERE grant_keys_from IS NOT NULL"),
    "crm_lead_grant_keys_until_index": SQL("(grant_keys_until) WHERE grant_keys_until IS NOT NULL"),
}


class CrmLead(models.Model):
    """The keys of an opportunity: whom its shares and its coverage let in, in one column with an index.

    A key is a kind of recipient and its id, such as “t7” for the sales team 7; “t7!” lets edit. A person holds the keys
    of their teams and groups at the moment they ask, so a new member opens a hundred thousand opportunities with one
    row. Asking the shares themselves in each query costs a rep with many grants three times as much.

    The database keeps the column up, whoever writes shares and coverage, by whatever way: no process and no forgotten
    line of code can let somebody in whose share was revoked. No field stands for it, so nobody can write it. Shares
    begin and end by themselves: the column is right from a day until another, and as long as it is out of date for any
    opportunity, the shares themselves are asked.
    """

    _inherit = "crm.lead"

    def init(self):
        res = super().init()
        cr = self.env.cr
        for name, column_type in COLUMNS.items():
            cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(name), column_type))
        for name, definition in INDEXES.items():
            cr.execute(SQL("CREATE INDEX IF NOT EXISTS %s ON crm_lead %s", SQL.identifier(name), definition))
        cr.execute(SET_KEYS)
        cr.execute(FOLLOW)
        follow_grants(cr, "crm_lead_coverage_group_rel")
        return res

    @api.model
    def _search_granted(self, user, edit_only=False):
        """Return the domain of what shares and coverage let a user read, or edit, at the moment it is asked."""
        shares = self.env["opportunity.share"]
        return Domain.custom(to_sql=lambda model, alias, query: shares._sql_is_granted(alias, user, edit_only))

    @api.model
    def _cron_update_grant_keys(self):
        """Bring the keys up to date after shares began or ended."""
        while ids := self._get_stale_ids():
            self._set_grant_keys(ids)
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                break

    @api.model
    def _get_stale_ids(self):
        # SQL: the column is no field
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_lead WHERE grant_keys_until <= %(day)s OR grant_keys_from > %(day)s"
                " ORDER BY id LIMIT %(step)s",
                day=self.env["opportunity.share"]._get_day(),
                step=STEP,
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _set_grant_keys(self, ids):
        self.env.execute_query(
            SQL("SELECT crm_lead_set_grant_keys(%s, %s)", ids, self.env["opportunity.share"]._get_day())
        )


def follow_grants(cr, table):
    """Let the keys of opportunities follow what is written into a table of grants, statement by statement."""
    for event, rows in EVENTS.items():
        trigger = SQL.identifier(f"{table}_{event}_grants")
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, SQL.identifier(table)))
        cr.execute(
            SQL(
                "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT"
                " EXECUTE FUNCTION crm_lead_follow_grants()",
                trigger,
                SQL(event),
                SQL.identifier(table),
                rows,
            )
        )


def unfollow_grants(cr):
    """Remove all that keeps the keys, when the addon is uninstalled."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS crm_lead_follow_grants() CASCADE"))
    cr.execute(SQL("DROP FUNCTION IF EXISTS crm_lead_set_grant_keys(integer[], date)"))
    for name in COLUMNS:
        cr.execute(SQL("ALTER TABLE crm_lead DROP COLUMN IF EXISTS %s", SQL.identifier(name)))
