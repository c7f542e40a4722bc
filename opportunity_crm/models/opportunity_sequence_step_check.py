from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..tools.clock import zone
from ..tools.timer import next_allowed
from .opportunity_sequence_step import WEEKDAYS

LONGEST = {"minutes": 525600, "hours": 87600, "days": 3650, "working_days": 730, "weeks": 520}


class OpportunitySequenceStep(models.Model):
    """What is wrong with a step is told where it is defined."""

    _inherit = "opportunity.sequence.step"

    @api.constrains("kind", "template_id", "sender", "sender_email")
    def _check_email(self):
        for step in self.filtered(lambda step: step.kind == "email"):
            template = step.template_id.sudo()  # sudo: only its model is read
            if not template:
                step._refuse(self.env._("“%s” is an e-mail without a template. Choose one.", step.name))
            if template.model != "crm.lead":
                step._refuse(
                    self.env._(
                        "The template “%(template)s” of the step “%(step)s” is not for opportunities. Choose one that"
                        " applies to Lead.",
                        template=template.name,
                        step=step.name,
                    )
                )
            if step.sender == "fixed" and not email_normalize(step.sender_email or ""):
                step._refuse(self.env._("“%s” needs a valid sender, such as sales@example.com.", step.name))

    @api.constrains("kind", "activity_type_id", "responsible", "user_id", "role_id", "activity_days")
    def _check_activity(self):
        for step in self.filtered(lambda step: step.kind == "activity"):
            if not step.activity_type_id or step.activity_type_id.res_model not in (False, "crm.lead"):
                step._refuse(self.env._("“%s” needs a type of activity for opportunities.", step.name))
            if not 0 <= step.activity_days <= LONGEST["days"]:
                step._refuse(self.env._("The activity of “%s” takes between 0 and 3650 days.", step.name))
            step._check_responsible()

    def _check_responsible(self):
        user, company = self.user_id, self.company_id
        if self.responsible == "role" and not self.role_id.is_held:
            self._refuse(
                self.env._(
                    "Nobody has the role of “%s” in a coverage group. Give somebody the role first, or choose the"
                    " salesperson.",
                    self.name,
                )
            )
        if self.responsible != "user":
            return
        if not user.active or user.share:
            self._refuse(self.env._("Who does “%s”? Choose an active internal user.", self.name))
        if company and company not in user.company_ids:
            self._refuse(
                self.env._(
                    "“%(user)s” does not work in the company “%(company)s” of the sequence.",
                    user=user.name,
                    company=company.name,
                )
            )

    @api.constrains("kind", "stage_id", "tag_ids")
    def _check_target(self):
        for step in self:
            if step.kind == "stage" and not step.stage_id:
                step._refuse(self.env._("To which stage does “%s” move? Choose one.", step.name))
            if step.kind in ("tag_add", "tag_remove") and not step.tag_ids:
                step._refuse(self.env._("Which tags are those of “%s”? Choose at least one.", step.name))

    @api.constrains("timing", "delay_count", "delay_unit", "date", "date_field_id")
    def _check_timing(self):
        for step in self:
            if step.timing == "date" and not step.date:
                step._refuse(self.env._("On which date does “%s” run? Choose one.", step.name))
            if step.timing in ("before", "after"):
                step._check_date_field()
            if step.timing not in ("now", "date") and not 0 <= step.delay_count <= LONGEST[step.delay_unit]:
                step._refuse(
                    self.env._(
                        "The delay of “%(step)s” is between 0 and %(most)s.",
                        step=step.name,
                        most=LONGEST[step.delay_unit],
                    )
                )

    def _check_date_field(self):
        field = self.date_field_id.sudo()  # sudo: which field it is
        if not field:
            self._refuse(self.env._("From which date does “%s” count? Choose a date field.", self.name))
        if field.model not in ("crm.lead", "res.partner") or field.ttype not in ("date", "datetime"):
            self._refuse(
                self.env._(
                    "“%(field)s” is no date of an opportunity or its contact. Choose another one for “%(step)s”.",
                    field=field.field_description,
                    step=self.name,
                )
            )

    @api.constrains("hours", "hour_from", "hour_to", *WEEKDAYS)
    def _check_hours(self):
        for step in self:
            if not any(step[name] for name in WEEKDAYS):
                step._refuse(self.env._("“%s” may run on no day. Choose at least one.", step.name))
            if step.hours != "any" and not 0 <= step.hour_from < 24:
                step._refuse(self.env._("The hour of “%s” is between 0:00 and 23:59.", step.name))
            if step.hours == "between" and not step.hour_from < step.hour_to <= 24:
                step._refuse(self.env._("“%s” may run from an hour until a later one of the same day.", step.name))

    @api.constrains("working_days_only", "delay_unit", "timing", *WEEKDAYS)
    def _check_working_days(self):
        for step in self:
            company = step.company_id or self.env.company
            calendar = company.resource_calendar_id
            counts = step.timing in ("delay", *("before", "after")) and step.delay_unit == "working_days"
            if (step.working_days_only or counts) and not calendar.attendance_ids:
                step._refuse(
                    self.env._(
                        "The company “%(company)s” has no working hours, so that “%(step)s” would never run.",
                        company=company.name,
                        step=step.name,
                    )
                )
            elif step.working_days_only and not step._is_ever_open(calendar):
                step._refuse(self.env._("The company never works on the days on which “%s” may run.", step.name))

    def _is_ever_open(self, calendar):
        days = {int(line.dayofweek) for line in calendar.attendance_ids}
        start = fields.Datetime.now() + timedelta(days=1)
        return next_allowed(start, zone(), self._get_window(), lambda day: day.weekday() in days)

    def _refuse(self, text):
        raise ValidationError(text)
