from typing import NamedTuple

from odoo import SUPERUSER_ID, fields, models

from ..tools.movement import direction
from .opportunity_stage_move import MoveCause, Movement

# Values that change where an opportunity stands: those that close or reopen it, and those that make Odoo move it.
CLOSING_FIELDS = frozenset({"active", "probability", "stage_id"})
MOVING_FIELDS = CLOSING_FIELDS | {"template_id", "team_id", "user_id", "type", "coverage_group_ids"}
HELD = object()


class Standing(NamedTuple):
    """Where an opportunity stands; a change of it is a movement."""

    stage_id: int
    outcome: str | None


class CrmLead(models.Model):
    """The Sales History of an opportunity."""

    _inherit = "crm.lead"

    stage_move_ids = fields.One2many("opportunity.stage.move", "lead_id", string="Sales History", readonly=True)

    def _hold_history(self):
        """Return the records in an environment in which their movements are not logged one by one.

        For operations that write several times and are one movement to a person: take the standings before, log the
        difference after. The mark is an object, which no remote call can forge.
        """
        return self.with_context(opportunity_history=HELD)

    def _is_history_held(self):
        return self.env.context.get("opportunity_history") is HELD

    def _get_standings(self, closing=True):
        """Return ``{id: Standing}`` of those records that are opportunities.

        :param bool closing: whether to ask for the outcome. It makes Odoo score the opportunities, which is no extra
            work where they are closed or reopened, and is left until later where they are only handed on
        """
        return {
            lead.id: Standing(lead.stage_id.id, lead._get_outcome() if closing else None)
            for lead in self
            if lead.type == "opportunity"
        }

    def _get_outcome(self):
        return self.won_status if self.active or self.won_status == "lost" else "archived"

    def _filter_outcome_changed(self, before):
        """Return the records that were closed or reopened since the :meth:`_get_standings` from before."""
        return self.filtered(lambda lead: lead.id not in before or before[lead.id].outcome != lead._get_outcome())

    def _log_movements(self, before, cause=None, closing=True, passages=None):
        """Append a line to the history of each record that stands elsewhere than before, and return those.

        :param dict before: the :meth:`_get_standings` from before, None when the records have just been created; a
            record that is missing has just become an opportunity
        :param MoveCause cause: the cause where the caller knows it; every record gets a line then, moved or not
        :param bool closing: as it was for ``before``
        :param dict passages: the ``{id: text}`` of :meth:`_pass_gate`
        """
        passages = passages or {}
        created = before is None
        before = before or {}
        after = self._get_standings(closing)
        moved = self.browse(id_ for id_, standing in after.items() if cause or before.get(id_) != standing)
        if self.env["opportunity.stage.move"]._is_loading_data():
            # a data file may bring the history along, with the entry in it
            moved = moved.filtered(lambda lead: lead.id in before or not lead.stage_move_ids)
        if not moved:
            return moved
        directions = moved._get_move_directions(before, after)
        movements = [
            Movement(
                lead=lead,
                from_stage_id=before[lead.id].stage_id if lead.id in before else None,
                to_stage_id=after[lead.id].stage_id,
                direction=directions.get(lead.id),
                cause=cause or lead._get_move_cause(before.get(lead.id), after[lead.id]),
                passage=passages.get(lead.id),
            )
            for lead in moved
        ]
        self.env["opportunity.stage.move"]._log(movements, created)
        moved.invalidate_recordset(["stage_move_ids"])
        moved._tell_passages(passages)
        return moved

    def _get_move_cause(self, before, after):
        known = self.env.context.get("opportunity_move_cause")
        known = known if isinstance(known, MoveCause) else None
        if before is None and known:
            return known
        if (before is None or after.outcome is None) and self.stage_id.is_won:
            return MoveCause.WON
        if before is None or before.outcome == after.outcome:
            return known or (MoveCause.AUTOMATION if self.env.uid == SUPERUSER_ID else MoveCause.USER)
        # won, lost and reopened say more than that it came by an import
        outcome = {"won": MoveCause.WON, "lost": MoveCause.LOST, "archived": MoveCause.ARCHIVED}
        return outcome.get(after.outcome, MoveCause.REOPENED)

    def _get_move_directions(self, before, after):
        """Return ``{id: direction}`` of the records that changed their stage; see :func:`direction`."""
        directions = {}
        changed = self.filtered(lambda lead: lead.id in before and before[lead.id].stage_id != after[lead.id].stage_id)
        for leads in changed.grouped(lambda lead: (lead.template_id.id, lead.team_id.id)).values():
            path = leads[0]._get_stage_path()
            for lead in leads:
                directions[lead.id] = direction(path, before[lead.id].stage_id, after[lead.id].stage_id)
        return directions

    def _get_stage_path(self):
        """Return the ids of the stages that the opportunity passes, in order."""
        if self.template_id:
            return self.template_id._get_outline(self.template_id.id).stage_ids
        return self.env["crm.stage"]._get_path(self.team_id.id)

    def _stamp_stage_update(self, before):
        """Set the date of the last stage change where Odoo moved records by itself, with a team or template."""
        moved = self.filtered(lambda lead: lead.id in before and before[lead.id].stage_id != lead.stage_id.id)
        if moved:
            moved._hold_history().write({"date_last_stage_update": self.env.cr.now()})
