from odoo import models

from .opportunity_enrollment_tab import RUNNING


class CrmLead(models.Model):
    """What the Follow-up tab of an opportunity shows, and its dialog."""

    _inherit = "crm.lead"

    def get_followup(self):
        """Return the sequences of an opportunity with their timelines, those in progress first.

        :return: ``{"can_edit", "hold" (why nothing runs in this database), "has_sequences", "enrollments": [{"id",
            "name", "state", "state_label", "reason", "note", "date_start", "date_end", "date_paused", "who",
            "steps" (see :meth:`opportunity.enrollment.get_timeline`)}]}``
        """
        self.ensure_one()
        self.check_access("read")
        enrollments = self.enrollment_ids.sorted(lambda one: (one.state not in RUNNING, -one.id))
        return {
            "can_edit": self.has_access("write"),
            "hold": self.env["opportunity.enrollment.step"]._get_hold_reason(),
            "has_sequences": bool(self.env["opportunity.sequence"].search_count([("state", "=", "live")], limit=1)),
            "enrollments": [one._prepare_followup() for one in enrollments],
        }

    def action_start_sequence(self):
        """Open the dialog that starts a sequence for these opportunities."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start a Sequence"),
            "res_model": "opportunity.sequence.start",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_ids": self.ids},
        }
