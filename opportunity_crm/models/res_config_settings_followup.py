from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .opportunity_enrollment_mail import DAILY_LIMIT, QUIET_HOURS


class ResConfigSettings(models.TransientModel):
    """Settings of CRM: the limits of follow-up e-mails."""

    _inherit = "res.config.settings"

    opportunity_daily_limit = fields.Integer(
        string="Follow-up E-mails a Day",
        help="The most that one person gets on a day, over all sequences. Zero for no limit.",
    )
    opportunity_is_quiet = fields.Boolean(
        string="Quiet Hours", help="No follow-up e-mail leaves in these hours, in the time zone of the step."
    )
    opportunity_quiet_from = fields.Float(string="Quiet From", default=21)
    opportunity_quiet_to = fields.Float(string="Quiet To", default=7)

    opportunity_is_copy = fields.Boolean(
        compute="_compute_opportunity_is_copy", help="Whether this is another database than where sequences went live."
    )

    def _compute_opportunity_is_copy(self):
        self.opportunity_is_copy = self.env["opportunity.enrollment.step"]._is_copy()

    def action_declare_live(self):
        """Let follow-up steps run in this database, which is no copy."""
        self.env["opportunity.enrollment.step"].declare_live()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def get_values(self):
        values = super().get_values()
        rows = self.env["opportunity.enrollment.step"]
        quiet = rows._get_quiet_hours()
        values["opportunity_daily_limit"] = rows._get_daily_limit()
        if quiet:
            values.update(opportunity_quiet_from=quiet[0] / 60, opportunity_quiet_to=quiet[1] / 60)
        return {**values, "opportunity_is_quiet": bool(quiet)}

    def set_values(self):
        res = super().set_values()
        hours = f"{self.opportunity_quiet_from}-{self.opportunity_quiet_to}" if self.opportunity_is_quiet else ""
        # sudo: whoever may change the settings of CRM may set these two parameters
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(QUIET_HOURS, hours)
        parameters.set_param(DAILY_LIMIT, str(self.opportunity_daily_limit))  # not 0, which would be no value
        return res

    @api.constrains("opportunity_daily_limit", "opportunity_is_quiet", "opportunity_quiet_from", "opportunity_quiet_to")
    def _check_limits(self):
        for settings in self:
            hours = (settings.opportunity_quiet_from, settings.opportunity_quiet_to)
            if settings.opportunity_daily_limit < 0:
                raise ValidationError(self.env._("A person gets no fewer than zero e-mails a day."))
            if settings.opportunity_is_quiet and not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(self.env._("Quiet hours are between 0:00 and 23:59."))
