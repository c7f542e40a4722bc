from odoo import models

from .opportunity_sequence import GOALS


class OpportunityEnrollment(models.Model):
    """What ends an enrolment from outside, what moves its dates, and what becomes of it when leads are merged."""

    _inherit = "opportunity.enrollment"

    def _reach(self, goal):
        """End those that run and whose sequence has this goal."""
        reached = self.filtered(lambda enrollment: enrollment.sequence_id[GOALS[goal]])
        if goal == "stage":
            reached = reached.filtered(lambda one: one.lead_id.stage_id in one.sequence_id.goal_stage_ids)
        if goal == "reply":
            reached._note_reply()
        reached._end(goal)

    def _note_reply(self):
        """Note the reply with the last e-mail that was sent."""
        for enrollment in self:
            sent = enrollment.step_ids.filtered(lambda row: row.kind == "email" and row.state == "done")
            sent[-1:].write({"date_replied": self.env.cr.now()})

    def _move_to(self, lead):
        """Hand an enrolment over to the opportunity into which its own is merged."""
        same = [("lead_id", "=", lead.id), ("sequence_id", "=", self.sequence_id.id)]
        last = self.search(same, order="occurrence desc", limit=1)
        self.write({"lead_id": lead.id, "occurrence": last.occurrence + 1})
