from enum import Enum
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MoveCause(str, Enum):
    """Why an opportunity moved. Code passes members in the context, which no client can: JSON knows only strings."""

    USER = "user"
    WON = "won"
    LOST = "lost"
    ARCHIVED = "archived"
    REOPENED = "reopened"
    MERGED = "merged"
    IMPORTED = "imported"
    AUTOMATION = "automation"
    MIGRATED = "migrated"


class Movement(NamedTuple):
    """A movement to log: an opportunity that stands elsewhere now, and how it came there."""

    lead: models.BaseModel
    from_stage_id: int | None  # None when the opportunity enters its pipeline
    to_stage_id: int
    direction: str | None
    cause: MoveCause
    passage: str | None = None  # why it moved although not everything was met


class OpportunityStageMove(models.Model):
    """One line of the Sales History: a movement of an opportunity, as it was at that moment.

    Written by the server for every way in which an opportunity can move, never changed and deleted only together with
    its opportunity. Funnel, velocity and slippage are computed from these lines.
    """

    _name = "opportunity.stage.move"
    _description = "Sales History"
    _order = "date desc, id desc"
    _rec_name = "to_stage_id"
    _log_access = False

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, readonly=True, index=True, ondelete="cascade"
    )
    from_stage_id = fields.Many2one("crm.stage", string="From", readonly=True, ondelete="restrict")
    to_stage_id = fields.Many2one("crm.stage", string="To", readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True, index=True)
    days = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Days since the previous movement of the opportunity.",
    )
    moved_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    owner_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
        help="Who owned the opportunity right after the movement.",
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, ondelete="set null")
    template_id = fields.Many2one("opportunity.template", readonly=True, ondelete="set null")
    company_id = fields.Many2one(related="lead_id.company_id")
    currency_id = fields.Many2one("res.currency", readonly=True)
    expected_revenue = fields.Monetary(readonly=True, help="Expected revenue right after the movement.")
    date_deadline = fields.Date(string="Expected Closing", readonly=True, help="As it was right after the movement.")
    direction = fields.Selection([("forward", "Forward"), ("back", "Back"), ("skip", "Skip")], readonly=True)
    cause = fields.Selection(
        [
            ("user", "User"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("archived", "Archived"),
            ("reopened", "Reopened"),
            ("merged", "Merged"),
            ("imported", "Imported"),
            ("automation", "Automation"),
            ("migrated", "Template Changed"),
        ],
        required=True,
        readonly=True,
    )
    win_reason_id = fields.Many2one("opportunity.win.reason", readonly=True, ondelete="restrict")
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True, ondelete="restrict")
    passage = fields.Char(
        string="Conditions Not Met",
        readonly=True,
        help="The exit conditions that were not met when the opportunity advanced, and why a manager let it pass.",
    )
    merged_from = fields.Char(
        readonly=True, help="Name of the opportunity to which this movement belonged before it was merged."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_loading_data():
            raise UserError(self.env._("The sales history is written by the system and cannot be made up."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The sales history is written by the system and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The sales history cannot be deleted; it goes with its opportunity."))

    @api.model
    def _log(self, movements, created):
        """Append a line for each :class:`Movement`.

        The line takes what it says of the opportunity from the opportunity as it is now. The caller invalidates its
        ``stage_move_ids``.

        :param bool created: whether the opportunities are new: their history begins with their creation
        """
        # SQL because create() is closed to everybody, and because this is on the way of every write on opportunities
        self.env.cr.execute(self._sql_log(movements, created))

    @api.model
    def _sql_log(self, movements, created):
        leads = [movement.lead for movement in movements]
        now = self.env.cr.now().replace(microsecond=0)
        # The values come from memory: reading them from the table would make Odoo write the opportunities twice.
        return SQL(
            """
            INSERT INTO opportunity_stage_move
                   (lead_id, from_stage_id, to_stage_id, date, days, moved_by_id, owner_id, team_id, template_id,
                    currency_id, expected_revenue, date_deadline, direction, cause, win_reason_id, lost_reason_id,
                    passage)
            SELECT movement.lead_id, movement.from_id, movement.to_id, movement.date,
                   round(COALESCE(EXTRACT(EPOCH FROM movement.date - previous.date), 0) / 86400, 4),
                   %(user)s, movement.owner_id, movement.team_id, movement.template_id,
                   COALESCE(company.currency_id, %(currency)s), movement.revenue, movement.deadline,
                   movement.direction, movement.cause, movement.win_reason_id, movement.lost_reason_id,
                   movement.passage
              FROM unnest(
                   %(lead_ids)s::integer[], %(from_ids)s::integer[], %(to_ids)s::integer[], %(dates)s::timestamp[],
                   %(owner_ids)s::integer[], %(team_ids)s::integer[], %(template_ids)s::integer[],
                   %(company_ids)s::integer[], %(revenues)s::numeric[], %(deadlines)s::date[],
                   %(directions)s::text[], %(causes)s::text[], %(win_reason_ids)s::integer[],
                   %(lost_reason_ids)s::integer[], %(passages)s::text[]
                   ) AS movement (
                   lead_id, from_id, to_id, date, owner_id, team_id, template_id, company_id, revenue, deadline,
                   direction, cause, win_reason_id, lost_reason_id, passage)
         LEFT JOIN res_company AS company ON company.id = movement.company_id
         LEFT JOIN LATERAL (
                   SELECT MAX(date) AS date FROM opportunity_stage_move
                    WHERE lead_id = movement.lead_id AND merged_from IS NULL
                   ) AS previous ON TRUE
            """,
            user=self.env.uid,
            currency=self.env.company.currency_id.id,
            lead_ids=[lead.id for lead in leads],
            from_ids=[movement.from_stage_id for movement in movements],
            to_ids=[movement.to_stage_id or None for movement in movements],
            dates=[lead.create_date.replace(microsecond=0) if created else now for lead in leads],
            owner_ids=[lead.user_id.id or None for lead in leads],
            team_ids=[lead.team_id.id or None for lead in leads],
            template_ids=[lead.template_id.id or None for lead in leads],
            company_ids=[lead.company_id.id or None for lead in leads],
            revenues=[lead.expected_revenue for lead in leads],
            deadlines=[lead.date_deadline or None for lead in leads],
            directions=[movement.direction for movement in movements],
            causes=[movement.cause.value for movement in movements],
            win_reason_ids=[
                lead.win_reason_id.id or None if movement.cause == MoveCause.WON else None
                for lead, movement in zip(leads, movements, strict=True)
            ],
            lost_reason_ids=[
                lead.lost_reason_id.id or None if movement.cause == MoveCause.LOST else None
                for lead, movement in zip(leads, movements, strict=True)
            ],
            passages=[movement.passage for movement in movements],
        )

    @api.model
    def _is_loading_data(self):
        """Tell whether modules are being loaded; only then may a data file bring history along.

        Odoo accepts a creation date of the past on the same terms.
        """
        return self.env.uid == SUPERUSER_ID and not self.pool.ready

    @api.model
    def _merge_into(self, lead, merged_leads):
        """Hand the lines of opportunities that are merged away to the one that stays, marked with where they come
        from; they do not count in its days."""
        self.flush_model()
        # SQL because write() refuses every change; the lines would be deleted with the merged opportunities
        self.env.cr.execute(
            SQL(
                """
                UPDATE opportunity_stage_move AS move
                   SET lead_id = %s, merged_from = COALESCE(move.merged_from, lead.name)
                  FROM crm_lead AS lead
                 WHERE lead.id = move.lead_id AND lead.id IN %s
                """,
                lead.id,
                tuple(merged_leads.ids),
            )
        )
        self.invalidate_model()
        lead.invalidate_recordset(["stage_move_ids"])
