from odoo import api, fields, models

from .followup_planner import Planner

RUNNING = ("active", "paused")


class OpportunityEnrollment(models.Model):
    """An enrolment as people look at it: what was done, what is next, what is to come and when."""

    _inherit = "opportunity.enrollment"

    current_error = fields.Char(string="Why It Failed", compute="_compute_current_error")

    @api.depends("step_ids.state", "step_ids.error")
    def _compute_current_error(self):
        for enrollment in self:
            enrollment.current_error = enrollment.current_id.error

    def action_open_opportunity(self):
        """Open the opportunity."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def get_timeline(self):
        """Return the steps of an enrolment, those of the past first.

        :return: list of ``{"row_id" (False for one to come), "step_id", "name", "kind", "state" (done, skipped,
            canceled, due, failed, planned), "date" (UTC, False when unknown), "error", "summary", "timing_summary",
            "delivery", "delivery_label", "email", "who", "date_opened", "date_clicked", "date_replied"}``
        """
        self.ensure_one()
        return [*(row._prepare_timeline_entry() for row in self.step_ids), *self._project_coming()]

    def preview_resume(self, dates="shift"):
        """Return what resuming a paused enrolment would do: what is skipped, what comes next and when.

        :param str dates: as for :meth:`resume`
        :return: list as of :meth:`get_timeline`
        """
        self.ensure_one()
        self.lead_id.check_access("read")
        mine = self.sudo()  # sudo: dates only, of an opportunity that the user may read
        planner = Planner(mine.env)
        planner.read_places(mine.lead_id.ids)
        plan = mine._plan_resumption(dates, planner)
        missed = [self._prepare_planned(one.step_id, "skipped", one.moment) for one in plan.skipped]
        if plan.end:
            return missed
        row = mine.current_id
        following = plan.following
        step_id = following.step_id if following else row.step_id.id
        start = max(following.moment if following and following.state == "due" else planner.now, planner.now)
        state = "failed" if row.state == "failed" or following and following.state == "failed" else "due"
        following_entry = self._prepare_planned(step_id, state, state == "due" and start)
        return [*missed, following_entry, *self._project_after(step_id, start)]

    def _project_coming(self):
        """Return the steps after the one that is due; without dates where something has to happen before."""
        row = self.current_id
        if self.state not in RUNNING or not row:
            return []
        now = self.env.cr.now().replace(microsecond=0)
        entries = self._project_after(row.step_id.id, max(row.date_due, now))
        if self.state == "paused" or row.state == "failed":
            for entry in entries:
                entry["date"] = False
        return entries

    def _project_after(self, step_id, start):
        """Return the steps that follow one that is run at a moment."""
        outline = self.env["opportunity.sequence"]._get_outline(self.sequence_id.id)
        done = set(self.step_ids.step_id.ids)
        current = outline.by_id.get(step_id)
        if current and current.kind == "end":
            return []
        steps = [step for step in outline.after(step_id) if step.id not in done]
        projected = self.sequence_id._project(self.lead_id, steps, start)
        return [
            self._prepare_planned(entry["step_id"], "planned", entry["date"], entry["note"]) for entry in projected
        ]

    def _prepare_planned(self, step_id, state, date, error=False):
        step = self.env["opportunity.sequence.step"].browse(step_id)
        return {**step._prepare_timeline_step(), "row_id": False, "state": state, "date": date, "error": error}


class OpportunityEnrollmentStep(models.Model):
    """A step that was executed or is due, as people look at it."""

    _inherit = "opportunity.enrollment.step"

    def _prepare_timeline_entry(self):
        deliveries = dict(self._fields["delivery"]._description_selection(self.env))
        return {
            **self.step_id._prepare_timeline_step(),
            "row_id": self.id,
            "state": self.state,
            "date": self.date_due if self.state in ("due", "failed") else self.date_done or False,
            "error": self.error,
            "delivery": self.delivery,
            "delivery_label": deliveries.get(self.delivery, False),
            "email": self.email,
            "who": self.done_by_id.name,
            "date_opened": self.date_opened,
            "date_clicked": self.date_clicked,
            "date_replied": self.date_replied,
        }


class OpportunitySequenceStep(models.Model):
    """What a timeline says of every step."""

    _inherit = "opportunity.sequence.step"

    def _prepare_timeline_step(self):
        return {
            "step_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "summary": self.summary,
            "timing_summary": self.timing_summary,
        }
