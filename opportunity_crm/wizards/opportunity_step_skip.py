from odoo import fields, models


class OpportunityStepSkip(models.TransientModel):
    """Ask why steps are skipped."""

    _name = "opportunity.step.skip"
    _description = "Skip Steps"

    step_ids = fields.Many2many("opportunity.step", string="Steps", required=True, readonly=True)
    reason = fields.Char(required=True, help="Kept with the step and told in the chatter of the opportunity.")

    def action_skip(self):
        """Skip the steps for the reason."""
        self.step_ids.skip(self.reason)
        return {"type": "ir.actions.act_window_close"}
