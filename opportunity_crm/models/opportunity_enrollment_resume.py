from typing import NamedTuple

from odoo import models

from .followup_planner import Planner


class Resumption(NamedTuple):
    """What resuming does: the rows to skip first, the moment of the next step, and why it ends where none is left."""

    skipped: list  # of PlannedStep, the due row first
    following: object  # PlannedStep, None where the sequence ends
    end: str | None


class OpportunityEnrollment(models.Model):
    """The dates of steps to come: when a paused enrolment is resumed, and when a date changes."""

    _inherit = "opportunity.enrollment"

    def _plan_resumption(self, dates, planner):
        """Return the :class:`Resumption` of a paused enrolment."""
        row = self.current_id
        if not row or row.state == "failed":
            return Resumption([], None, None)
        step = self._get_outline_step(row)
        if dates == "shift":
            moment = self._shift_by_pause(row, step, planner)
            return Resumption([], moment, None)
        return self._plan_keeping(row, planner)

    def _get_outline_step(self, row):
        return self.env["opportunity.sequence"]._get_outline(self.sequence_id.id).by_id.get(row.step_id.id)

    def _shift_by_pause(self, row, step, planner):
        """Return the due row as a :class:`PlannedStep`, later by the time of the pause; a date stays a date."""
        if step is None:
            return None
        if step.timer.timing in ("date", "before", "after"):
            return planner.plan(step, self.lead_id.id, planner.now)
        pause = planner.now - self.date_paused.replace(microsecond=0)
        shifted = max(row.date_due + pause, planner.now)
        return planner.plan(step._replace(timer=step.timer._replace(timing="now")), self.lead_id.id, shifted)

    def _plan_keeping(self, row, planner):
        """Return what resuming does when dates stay: what was missed is skipped, the rest keeps its dates."""
        outline = self.env["opportunity.sequence"]._get_outline(self.sequence_id.id)
        missed, moment, step_id = [], row.date_due, row.step_id.id
        following = outline.by_id.get(step_id) and planner.keep(outline.by_id[step_id], moment)
        while following and following.moment < planner.now:
            missed.append(following)
            steps = outline.after(following.step_id)
            planned, end = planner.next_steps(steps, self.lead_id.id, following.moment)
            missed += planned[:-1] if not end else planned
            if end:
                return Resumption(missed, None, end)
            following = planned[-1]
            if following.state == "failed":
                break
        return Resumption(missed, following, None)

    def _apply_resumption(self, plan, planner):
        row = self.current_id
        missed = self.env._("Missed while paused.")
        if plan.skipped:
            row.write({"state": "skipped", "error": missed, "date_done": plan.skipped[0].moment})
            rows = [one._replace(state="skipped", error=missed) for one in plan.skipped[1:]]
            rows += [plan.following] if plan.following else []
            self._insert_rows([(self.id, one) for one in rows], plan.skipped[-1].moment)
        elif plan.following:
            following = plan.following
            # a step by a date that has passed meanwhile: the engine does what the step says
            state = "due" if following.state == "skipped" else following.state
            row.write({"state": state, "date_due": following.moment, "error": following.error})
        if plan.end:
            self._end(plan.end)

    def _replan(self):
        """Plan the next steps again that count from a date, as one has changed; parked ones too, that had none."""
        planner = Planner(self.env)
        planner.read_places(self.lead_id.ids)
        for enrollment in self:
            row = enrollment.current_id
            step = row and enrollment._get_outline_step(row)
            if step and step.timer.timing in ("before", "after"):
                planned = planner.plan(step, enrollment.lead_id.id, planner.now)
                state = "due" if planned.state == "skipped" else planned.state
                row.write({"state": state, "date_due": planned.moment, "error": planned.error})
