from odoo import api, models
from odoo.tools import SQL

TRACKED_FIELDS = ("stage_id", "active", "user_id", "expected_revenue", "won_status", "lost_reason_id")


class OpportunityStageMove(models.Model):
    """The past of opportunities that existed before the Sales History did."""

    _inherit = "opportunity.stage.move"

    @api.model
    def _create_from_tracking(self):
        """Write the history of opportunities that have none from Odoo's tracking values.

        Who moved, when and between which stages is what Odoo tracked. Owner and expected revenue at that time are read
        back from their own tracking; an expected closing of the past is not known. SQL, because a database that has
        been in use for years holds millions of tracking values.
        """
        self.env.flush_all()
        for statement in (self._sql_changes(), self._sql_index(), self._sql_past()):
            self.env.cr.execute(statement)
        self.env.cr.execute(SQL("DROP TABLE opportunity_tracked_change"))
        self.invalidate_model()

    def _sql_changes(self):
        return SQL(
            """
            CREATE TEMPORARY TABLE opportunity_tracked_change AS
            SELECT message.res_id AS lead_id, message.id AS message_id, field.name AS field,
                   date_trunc('second', value.create_date) AS date,
                   COALESCE(author.id, value.create_uid) AS user_id,
                   value.old_value_integer, value.new_value_integer, value.old_value_float
              FROM mail_tracking_value AS value
              JOIN mail_message AS message ON message.id = value.mail_message_id AND message.model = 'crm.lead'
              JOIN ir_model_fields AS field ON field.id = value.field_id AND field.model = 'crm.lead'
         LEFT JOIN LATERAL (
                   SELECT id FROM res_users
                    WHERE partner_id = message.author_id ORDER BY active DESC, id LIMIT 1
                   ) AS author ON TRUE
             WHERE field.name IN %s
               AND NOT EXISTS (SELECT FROM opportunity_stage_move WHERE lead_id = message.res_id)
            """,
            TRACKED_FIELDS,
        )

    def _sql_index(self):
        return SQL(
            """
            CREATE INDEX ON opportunity_tracked_change (lead_id, field, message_id);
            ANALYZE opportunity_tracked_change;
            """
        )

    def _sql_past(self):
        """Events are the entry (the conversion of what was a lead before), and from then on each change of stage and
        each archiving or reopening without one. A value at the time of an event is the old value of its first later
        change, or the present value when there is none."""
        return SQL(
            """
            WITH event AS (
                SELECT id AS lead_id,
                       COALESCE((SELECT MAX(message_id) FROM opportunity_tracked_change AS change
                                  WHERE change.lead_id = lead.id AND change.date < lead.date_conversion), 0)
                       AS message_id,
                       date_trunc('second', COALESCE(date_conversion, create_date)) AS date,
                       create_uid AS user_id, NULL::integer AS from_id, 'entry' AS kind
                  FROM crm_lead AS lead
                 WHERE type = 'opportunity'
                   AND NOT EXISTS (SELECT FROM opportunity_stage_move WHERE lead_id = lead.id)
                 UNION ALL
                SELECT lead_id, message_id, date, user_id, old_value_integer, 'stage'
                  FROM opportunity_tracked_change
                 WHERE field = 'stage_id'
                 UNION ALL
                SELECT lead_id, message_id, date, user_id, NULL,
                       CASE WHEN new_value_integer = 1 THEN 'reopened'
                            WHEN EXISTS (
                                 SELECT FROM opportunity_tracked_change AS other
                                  WHERE other.lead_id = change.lead_id AND other.message_id = change.message_id
                                    AND other.field IN ('won_status', 'lost_reason_id')) THEN 'lost'
                            ELSE 'archived' END
                  FROM opportunity_tracked_change AS change
                 WHERE field = 'active'
                   AND NOT EXISTS (
                       SELECT FROM opportunity_tracked_change AS other
                        WHERE other.lead_id = change.lead_id AND other.message_id = change.message_id
                          AND other.field = 'stage_id')
            ),
            standing AS (
                SELECT event.*, lead.team_id,
                       CASE WHEN stage.message_id IS NULL THEN lead.stage_id
                            ELSE stage.old_value_integer END AS to_id,
                       CASE WHEN owner.message_id IS NULL THEN lead.user_id
                            ELSE owner.old_value_integer END AS owner_id,
                       COALESCE(revenue.old_value_float, lead.expected_revenue) AS expected_revenue,
                       COALESCE(company.currency_id, main_company.currency_id) AS currency_id
                  FROM event
                  JOIN crm_lead AS lead ON lead.id = event.lead_id AND lead.type = 'opportunity'
             LEFT JOIN res_company AS company ON company.id = lead.company_id
                  JOIN res_company AS main_company ON main_company.id = %(company_id)s
             %(stage)s %(owner)s %(revenue)s
                 WHERE kind = 'entry'
                    OR event.date >= date_trunc('second', COALESCE(lead.date_conversion, lead.create_date))
            ),
            path AS (
                SELECT team.id AS team_id, stage.id AS stage_id,
                       row_number() OVER (PARTITION BY team.id ORDER BY stage.sequence, stage.id) AS rank
                  FROM (SELECT id FROM crm_team UNION ALL SELECT 0) AS team
                  JOIN crm_stage AS stage
                    ON stage.template_only IS NOT TRUE
                   AND (NOT EXISTS (SELECT FROM crm_stage_crm_team_rel WHERE crm_stage_id = stage.id)
                        OR EXISTS (SELECT FROM crm_stage_crm_team_rel
                                    WHERE crm_stage_id = stage.id AND crm_team_id = team.id))
            )
            INSERT INTO opportunity_stage_move
                   (lead_id, from_stage_id, to_stage_id, date, days, moved_by_id, owner_id, team_id, currency_id,
                    expected_revenue, direction, cause)
            SELECT standing.lead_id,
                   CASE kind WHEN 'entry' THEN NULL WHEN 'stage' THEN origin.id ELSE destination.id END,
                   destination.id,
                   standing.date,
                   round(COALESCE(EXTRACT(EPOCH FROM standing.date - lag(standing.date) OVER life), 0) / 86400, 4),
                   mover.id, owner.id, standing.team_id, standing.currency_id, standing.expected_revenue,
                   CASE WHEN origin_path.rank > destination_path.rank THEN 'back'
                        WHEN origin_path.rank = destination_path.rank - 1 THEN 'forward'
                        WHEN origin_path.rank < destination_path.rank THEN 'skip' END,
                   CASE WHEN kind NOT IN ('entry', 'stage') THEN kind
                        WHEN kind = 'stage' AND destination.is_won THEN 'won'
                        WHEN kind = 'stage' AND origin.is_won THEN 'reopened'
                        WHEN mover.id = %(bot_id)s THEN 'automation'
                        ELSE 'user' END
              FROM standing
         LEFT JOIN crm_stage AS origin ON origin.id = standing.from_id
         LEFT JOIN crm_stage AS destination ON destination.id = standing.to_id
         LEFT JOIN res_users AS mover ON mover.id = standing.user_id
         LEFT JOIN res_users AS owner ON owner.id = standing.owner_id
         LEFT JOIN path AS origin_path
                ON origin_path.team_id = COALESCE(standing.team_id, 0) AND origin_path.stage_id = origin.id
         LEFT JOIN path AS destination_path
                ON destination_path.team_id = COALESCE(standing.team_id, 0)
               AND destination_path.stage_id = destination.id
            WINDOW life AS (PARTITION BY standing.lead_id ORDER BY standing.message_id)
            """,
            company_id=self.env.ref("base.main_company").id,
            bot_id=self.env.ref("base.user_root").id,
            stage=self._sql_later_change("stage", "stage_id"),
            owner=self._sql_later_change("owner", "user_id"),
            revenue=self._sql_later_change("revenue", "expected_revenue"),
        )

    def _sql_later_change(self, alias, field):
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT message_id, old_value_integer, old_value_float
                  FROM opportunity_tracked_change AS later
                 WHERE later.lead_id = event.lead_id AND later.field = %s AND later.message_id > event.message_id
              ORDER BY later.message_id
                 LIMIT 1
            ) AS %s ON TRUE
            """,
            field,
            SQL.identifier(alias),
        )
