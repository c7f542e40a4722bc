from odoo import api, fields, models


class OpportunityEnrollmentResume(models.TransientModel):
    """Resume paused sequences: whether the dates of what is to come move or stay, having seen them."""

    _name = "opportunity.enrollment.resume"
    _description = "Resume a Sequence"

    enrollment_ids = fields.Many2many("opportunity.enrollment", string="Sequences", required=True, readonly=True)
    enrollment_count = fields.Integer(compute="_compute_enrollment_count")
    dates = fields.Selection(
        [
            ("shift", "Move the dates by the time of the pause"),
            ("keep", "Keep the dates, and skip what was missed"),
        ],
        default="shift",
        required=True,
    )
    note = fields.Char(string="Reason", help="Told in the chatter of the opportunity.")
    preview = fields.Json(compute="_compute_preview")

    @api.depends("enrollment_ids")
    def _compute_enrollment_count(self):
        for wizard in self:
            wizard.enrollment_count = len(wizard.enrollment_ids)

    @api.depends("enrollment_ids", "dates")
    def _compute_preview(self):
        for wizard in self:
            enrollment = wizard.enrollment_ids._origin
            is_shown = len(enrollment) == 1 and enrollment.state == "paused" and wizard.dates
            wizard.preview = wizard._prepare_preview(enrollment) if is_shown else False

    def _prepare_preview(self, enrollment):
        entries = enrollment.preview_resume(self.dates)
        if enrollment.current_id.state == "failed":  # it waits for somebody to try it again, whatever the dates
            entries = [entry for entry in enrollment.get_timeline() if entry["state"] in ("failed", "planned")]
        return [self._prepare_entry(entry) for entry in entries]

    def _prepare_entry(self, entry):
        step = self.env["opportunity.sequence.step"].browse(entry["step_id"])
        date = entry["date"] and fields.Datetime.to_string(entry["date"])
        return {**entry, "summary": step.summary, "date": date}

    def action_resume(self):
        """Resume, with the dates as chosen."""
        return self.enrollment_ids._prepare_result(self.enrollment_ids.resume(self.dates, self.note))
