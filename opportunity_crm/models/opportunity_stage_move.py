from datetime import datetime
from enum import Enum
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.movement import days_between

WRITER = object()


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


class Movement(NamedTuple):
    """A movement to log: the opportunity as it is now, and how it came there."""

    lead: models.BaseModel
    date: datetime
    from_stage_id: int | None  # None when the opportunity enters its pipeline
    direction: str | None
    cause: MoveCause


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
    to_stage_id = fields.Many2one("crm.stage", string="To", readonly=True, index=True, ondelete="restrict")
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
        index=True,
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
        ],
        required=True,
        readonly=True,
    )
    merged_from = fields.Char(
        readonly=True, help="Name of the opportunity to which this movement belonged before it was merged."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("opportunity_history") is not WRITER and not self._is_loading_data():
            raise UserError(self.env._("The sales history is written by the system and cannot be made up."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The sales history is written by the system and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The sales history cannot be deleted; it goes with its opportunity."))

    @api.model
    def _log(self, movements):
        """Append one line for each :class:`Movement` of the list and return the new lines."""
        previous = self._get_last_dates([lead.id for lead, date, *_rest in movements if date > lead.create_date])
        # sudo: nobody has the right to write history; the values come from the opportunity, not from the user
        writer = self.sudo().with_context(opportunity_history=WRITER)
        return writer.create([self._prepare_values(movement, previous.get(movement.lead.id)) for movement in movements])

    @api.model
    def _is_loading_data(self):
        """Tell whether modules are being loaded; only then may a data file bring history along.

        Odoo accepts a creation date of the past on the same terms.
        """
        return self.env.uid == SUPERUSER_ID and not self.pool.ready

    @api.model
    def _get_last_dates(self, lead_ids):
        if not lead_ids:
            return {}
        # sudo: the right to move an opportunity is enough to learn when it moved last
        groups = self.sudo()._read_group(
            [("lead_id", "in", lead_ids), ("merged_from", "=", False)], ["lead_id"], ["date:max"]
        )
        return {lead.id: date for lead, date in groups}

    @api.model
    def _prepare_values(self, movement, previous):
        lead = movement.lead
        return {
            "lead_id": lead.id,
            "from_stage_id": movement.from_stage_id,
            "to_stage_id": lead.stage_id.id,
            "date": movement.date,
            "days": days_between(previous, movement.date) if previous else 0.0,
            "moved_by_id": self.env.uid,
            "owner_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "template_id": lead.template_id.id,
            "currency_id": lead.company_currency.id,
            "expected_revenue": lead.expected_revenue,
            "date_deadline": lead.date_deadline,
            "direction": movement.direction,
            "cause": movement.cause.value,
        }

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
