from odoo import fields, models


class OpportunityEnrollmentStop(models.TransientModel):
    """Stop sequences for good, and say why."""

    _name = "opportunity.enrollment.stop"
    _description = "Stop a Sequence"

    enrollment_ids = fields.Many2many("opportunity.enrollment", string="Sequences", required=True, readonly=True)
    note = fields.Char(string="Reason", required=True, help="Told in the chatter of the opportunity.")

    def action_stop(self):
        """Stop, with the reason."""
        self.enrollment_ids.stop(self.note)
        return {"type": "ir.actions.act_window_close"}


class OpportunityEnrollment(models.Model):
    """The dialog in which enrolments are stopped."""

    _inherit = "opportunity.enrollment"

    def action_stop(self):
        """Ask why, then stop."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stop the Sequence"),
            "res_model": "opportunity.enrollment.stop",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_enrollment_ids": self.ids, "dialog_size": "medium"},
        }
