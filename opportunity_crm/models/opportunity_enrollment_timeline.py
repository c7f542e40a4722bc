from odoo import models
from odoo.exceptions import UserError

from .followup_planner import Planner


class OpportunityEnrollment(models.Model):
    """An enrolment as people look at it: what was done, what is due and what is still to come, with dates."""

    _inherit = "opportunity.enrollment"

    def get_timeline(self):
        """Return the steps of an enrolment in order.

        :return: list of ``{"row_id", "step_id", "name", "kind", "state" (that of the row, or "planned"), "date" (done,
            due, or planned if all goes by plan; UTC, False when unknown), "error", "delivery", "attempts",
            "timing_summary", "tz" (the time zone whose clocks count for the step)}``
        """
        self.ensure_one()
        self.check_access("read")
        place = self._read_place()
        timeline = [row._prepare_timeline(place) for row in self.step_ids.sorted("id")]
        if self.state not in ("active", "paused") or not self.current_id:
            return timeline
        return timeline + self._get_coming(self.current_id.step_id, self.date_next)

    def _read_place(self):
        planner = Planner(self.sudo().env)  # sudo: time zones only, of an opportunity that the user may read
        return planner.read_places(self.lead_id.ids)[self.lead_id.id]

    def preview_resume(self, dates="shift"):
        """Return what :meth:`resume` would do, as the entries of :meth:`get_timeline` that are not done yet.

        :param str dates: ``shift`` or ``keep``
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "paused" or dates not in ("shift", "keep"):
            raise UserError(self.env._("Only a paused sequence is resumed, its dates shifted or kept."))
        mine = self.sudo()  # sudo: dates only, of an enrolment that the user may read
        planner = Planner(mine.env)
        planner.read_places(self.lead_id.ids)
        plan = mine._plan_resumption(dates, planner)
        missed = [self._prepare_entry(one, "skipped", self.env._("Missed while paused.")) for one in plan.skipped]
        if plan.end or not plan.following:
            return missed
        following = self._prepare_entry(plan.following, plan.following.state, plan.following.error)
        step = self.env["opportunity.sequence.step"].browse(plan.following.step_id)
        return [*missed, following, *self._get_coming(step, plan.following.moment)]

    def _get_coming(self, step, moment):
        """Return the entries of the steps after one that runs at a moment."""
        outline = self.env["opportunity.sequence"]._get_outline(self.sequence_id.id)
        passed = set(self.step_ids.step_id.ids)
        steps = [one for one in outline.after(step.id) if one.id not in passed]
        coming = self.sequence_id._project(self.lead_id, steps, moment)
        return [
            {
                **{name: entry[name] for name in ("step_id", "name", "kind", "date", "timing_summary", "tz")},
                "state": "planned" if entry["state"] == "due" else entry["state"],
                "error": entry["note"],
                "row_id": False,
                "delivery": False,
                "attempts": 0,
            }
            for entry in coming
        ]

    def _prepare_entry(self, planned, state, error):
        step = self.env["opportunity.sequence.step"].browse(planned.step_id)
        return {
            "row_id": False,
            "delivery": False,
            "attempts": 0,
            "step_id": step.id,
            "name": step.name,
            "kind": step.kind,
            "timing_summary": step.timing_summary,
            "tz": self._read_place().zone_of(step.tz_of).key,
            "state": state,
            "date": planned.moment,
            "error": error or False,
        }


class OpportunityEnrollmentStep(models.Model):
    """A row as people look at it."""

    _inherit = "opportunity.enrollment.step"

    def _prepare_timeline(self, place):
        return {
            "row_id": self.id,
            "step_id": self.step_id.id,
            "name": self.name,
            "kind": self.kind,
            "timing_summary": self.step_id.timing_summary,
            "tz": place.zone_of(self.step_id.tz_of).key,
            "state": self.state,
            "date": self.date_done or self.date_due,
            "error": self.error,
            "delivery": self.delivery,
            "attempts": self.attempts,
        }
