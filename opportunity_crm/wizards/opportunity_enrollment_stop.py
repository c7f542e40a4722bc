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
