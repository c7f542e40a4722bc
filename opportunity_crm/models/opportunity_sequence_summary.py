from odoo import api, models
from odoo.tools import format_datetime

from .opportunity_sequence_step import WEEKDAYS

WORKWEEK = WEEKDAYS[:5]


class OpportunitySequenceStep(models.Model):
    """A step in words: “3 working days later, at 8:00 on weekdays”."""

    _inherit = "opportunity.sequence.step"

    @api.depends(
        *("timing", "delay_count", "delay_unit", "date", "date_field_id"),
        *("hours", "hour_from", "hour_to", "working_days_only", *WEEKDAYS),
    )
    @api.depends_context("lang", "tz")
    def _compute_timing_summary(self):
        for step in self:
            parts = [step._describe_moment(), step._describe_hours()]
            days = step._describe_days()
            text = ", ".join(part for part in parts if part)
            step.timing_summary = f"{text} {days}" if days else text

    def _describe_moment(self):
        if self.timing == "now":
            return self.env._("at once")
        if self.timing == "date":
            return self.date and format_datetime(self.env, self.date, dt_format="medium")
        if self.timing == "delay":
            if not self.delay_count:
                return self.env._("at once")
            return self.env._("%s later", self._describe_count())
        field = self.date_field_id.sudo().field_description or self.env._("(missing date)")  # sudo: its label
        if not self.delay_count:
            return self.env._("on “%s”", field)
        if self.timing == "before":
            return self.env._("%(count)s before “%(date)s”", count=self._describe_count(), date=field)
        return self.env._("%(count)s after “%(date)s”", count=self._describe_count(), date=field)

    def _describe_count(self):
        count = self.delay_count
        if count == 1:
            return {
                "minutes": self.env._("1 minute"),
                "hours": self.env._("1 hour"),
                "days": self.env._("1 day"),
                "working_days": self.env._("1 working day"),
                "weeks": self.env._("1 week"),
            }[self.delay_unit]
        return {
            "minutes": self.env._("%s minutes", count),
            "hours": self.env._("%s hours", count),
            "days": self.env._("%s days", count),
            "working_days": self.env._("%s working days", count),
            "weeks": self.env._("%s weeks", count),
        }[self.delay_unit]

    def _describe_hours(self):
        if self.hours == "any":
            return ""
        start = self._format_hour(self.hour_from)
        if self.hours == "at":
            return self.env._("at %s", start)
        return self.env._("between %(start)s and %(end)s", start=start, end=self._format_hour(self.hour_to))

    @api.model
    def _format_hour(self, hour):
        minutes = round(hour * 60)
        return f"{minutes // 60}:{minutes % 60:02}"

    def _describe_days(self):
        if self.working_days_only:
            return self.env._("on working days")
        chosen = [name for name in WEEKDAYS if self[name]]
        if len(chosen) == len(WEEKDAYS):
            return ""
        if tuple(chosen) == WORKWEEK:
            return self.env._("on weekdays")
        labels = (self._fields[name]._description_string(self.env) for name in chosen)
        return self.env._("on %s", ", ".join(labels))

    @api.depends(
        *("kind", "template_id", "sender", "sender_email", "activity_type_id", "responsible", "user_id", "role_id"),
        *("stage_id", "tag_ids"),
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for step in self:
            step.summary = step._describe_effect()

    def _describe_effect(self):
        """Return what the step does; a kind of its own adds ``_describe_<kind>``."""
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        describe = getattr(self, f"_describe_{self.kind}", None)
        detail = describe and describe()
        return f"{kind}: {detail}" if detail else kind

    def _describe_email(self):
        sender = dict(self._fields["sender"]._description_selection(self.env))[self.sender]
        return self.env._(
            "“%(template)s” from %(sender)s",
            template=self.template_id.sudo().name or self.env._("no template"),  # sudo: its name
            sender=self.sender_email if self.sender == "fixed" else sender,
        )

    def _describe_activity(self):
        who = {"user": self.user_id.name, "role": self.role_id.name}.get(self.responsible)
        who = who or dict(self._fields["responsible"]._description_selection(self.env))[self.responsible]
        return f"{self.activity_type_id.name} · {who}"

    def _describe_stage(self):
        return self.stage_id.name

    def _describe_tag_add(self):
        return ", ".join(self.tag_ids.mapped("name"))

    def _describe_tag_remove(self):
        return ", ".join(self.tag_ids.mapped("name"))
