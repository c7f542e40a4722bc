from odoo import api, fields, models


class OpportunityEnrollmentDecision(models.TransientModel):
    """Pause or stop sequences, skip their next step or run it now, and say why."""

    _name = "opportunity.enrollment.decision"
    _description = "Decide About Sequences"

    enrollment_ids = fields.Many2many("opportunity.enrollment", string="Sequences", required=True, readonly=True)
    enrollment_count = fields.Integer(string="Chosen", compute="_compute_enrollment_count")
    decision = fields.Selection(
        [("pause", "Pause"), ("skip", "Skip the Next Step"), ("run", "Run the Next Step Now"), ("stop", "Stop")],
        required=True,
        readonly=True,
    )
    step_name = fields.Char(string="Next Step", compute="_compute_step_name")
    note = fields.Char(string="Reason", help="Told in the chatter of the opportunity.")

    @api.depends("enrollment_ids")
    def _compute_enrollment_count(self):
        for wizard in self:
            wizard.enrollment_count = len(wizard.enrollment_ids)

    @api.depends("enrollment_ids")
    def _compute_step_name(self):
        for wizard in self:
            wizard.step_name = len(wizard.enrollment_ids) == 1 and wizard.enrollment_ids.current_id.name

    def action_decide(self):
        """Do it, for the reason; what cannot be done is told."""
        enrollments = self.enrollment_ids
        methods = {
            "pause": enrollments.pause,
            "skip": enrollments.skip_step,
            "run": enrollments.run_now,
            "stop": enrollments.stop,
        }
        return enrollments._prepare_result(methods[self.decision](self.note))
