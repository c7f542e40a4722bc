from odoo import api, fields, models

RUNNING = ("active", "paused")


class OpportunityEnrollment(models.Model):
    """An enrolment in the Follow-up tab of its opportunity, in lists, and the dialogs that it opens."""

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

    def action_resume(self):
        """Ask what becomes of the dates, then resume."""
        return self._prepare_dialog("opportunity.enrollment.resume", self.env._("Resume the Sequence"))

    def action_pause(self):
        """Ask why, then pause."""
        return self._ask("pause", self.env._("Pause the Sequence"))

    def action_skip(self):
        """Ask why, then skip the next step."""
        return self._ask("skip", self.env._("Skip the Next Step"))

    def action_run(self):
        """Ask whether and why, then run the next step now."""
        return self._ask("run", self.env._("Run the Next Step Now"))

    def action_stop(self):
        """Ask why, then stop."""
        return self._ask("stop", self.env._("Stop the Sequence"))

    def action_retry(self):
        """Try the parked steps again."""
        return self._prepare_result(self.retry())

    def _ask(self, decision, title):
        action = self._prepare_dialog("opportunity.enrollment.decision", title)
        action["context"]["default_decision"] = decision
        return action

    def _prepare_dialog(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_enrollment_ids": self.ids, "dialog_size": "medium"},
        }

    def _prepare_result(self, result):
        """Return the action that closes a dialog, and tells what was not done and why."""
        close = {"type": "ir.actions.act_window_close"}
        if not result["refused"]:
            return close
        counts = {"done": len(result["done"]), "left": len(result["refused"])}
        message = self.env._("Done for %(done)s, not for %(left)s.", **counts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": f"{message} {self._join_refusals(result['refused'].values())}",
                "sticky": True,
                "next": close,
            },
        }

    def _prepare_followup(self):
        """Return what the tab shows of an enrolment, see :meth:`crm.lead.get_followup`."""
        states = dict(self._fields["state"]._description_selection(self.env))
        reasons = dict(self._fields["end_reason"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.sequence_id.name,
            "state": self.state,
            "state_label": states[self.state],
            "reason": reasons.get(self.end_reason, False),
            "note": self.end_note or self.pause_note,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "date_paused": self.date_paused,
            "who": self.started_by_id.name,
            "steps": self._illustrate(self.get_timeline()),
        }

    def _illustrate(self, entries):
        """Add to entries of a timeline what people read beside the step: what it does, and what became of it."""
        is_held = self.state == "paused" or self.current_id.state == "failed"
        return [self._illustrate_entry(entry, is_held) for entry in entries]

    def _illustrate_entry(self, entry, is_held):
        step = self.env["opportunity.sequence.step"].browse(entry["step_id"])
        if entry["row_id"]:
            row = self.env["opportunity.enrollment.step"].browse(entry["row_id"])
            return {**entry, **row._prepare_illustration(), "summary": step.summary}
        # of a step to come nothing has failed: its error says what it lacks today
        return {**entry, "summary": step.summary, "state": "planned", "date": not is_held and entry["date"]}


class OpportunityEnrollmentStep(models.Model):
    """What became of a step."""

    _inherit = "opportunity.enrollment.step"

    def _prepare_illustration(self):
        deliveries = dict(self._fields["delivery"]._description_selection(self.env))
        return {
            "delivery_label": deliveries.get(self.delivery, False),
            "who": self.done_by_id.name,
            "date_opened": self.date_opened,
            "date_clicked": self.date_clicked,
            "date_replied": self.date_replied,
        }
