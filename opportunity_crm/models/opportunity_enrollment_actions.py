from odoo import models
from odoo.exceptions import UserError

from .followup_planner import Planner
from .opportunity_sequence_start import Cursor


class OpportunityEnrollment(models.Model):
    """What people do with enrolments: pause, resume, skip, run now, stop. Each asks for the right to edit the
    opportunity and tells in its chatter."""

    _inherit = "opportunity.enrollment"

    def pause(self, note=False):
        """Pause enrolments: nothing runs until somebody resumes them, and what has not left is held back.

        :param str note: why
        """
        active = self._require("active")
        active.write({"state": "paused", "date_paused": self.env.cr.now(), "pause_note": note})
        active.step_ids._withdraw_mails()
        active._tell(lambda one: self.env._("Sequence “%s” paused.", one.sequence_id.name), note)

    def resume(self, dates="shift"):
        """Resume paused enrolments.

        :param str dates: ``shift`` moves the steps to come by the time of the pause; ``keep`` leaves their dates as
            they were, and skips what was missed
        """
        if dates not in ("shift", "keep"):
            raise UserError(self.env._("Dates are either shifted or kept."))
        paused = self._require("paused")
        planner = Planner(paused.env)
        planner.read_places(paused.lead_id.ids)
        held = paused.step_ids.filtered(lambda row: row.delivery == "held" and row.state == "done")
        plans = {one: one._plan_resumption(dates, planner) for one in paused}
        paused.write({"state": "active", "date_paused": False, "pause_note": False})
        for enrollment, plan in plans.items():
            enrollment._apply_resumption(plan, planner)
        if dates == "shift":
            held._requeue()
        else:
            held.write({"state": "skipped", "error": self.env._("Missed while paused.")})
        paused._tell(lambda one: self.env._("Sequence “%s” resumed.", one.sequence_id.name))
        self.env["opportunity.sequence"]._wake_engine()

    def skip_step(self, reason=False):
        """Skip the next step; what follows counts from now.

        :param str reason: why, kept with the step
        """
        for enrollment in self._require("active", "paused"):
            row = enrollment.current_id
            error = reason or self.env._("Skipped by hand.")
            row.write({"state": "skipped", "error": error, "date_done": self.env.cr.now(), "done_by_id": self.env.uid})
            enrollment._go_on_after(row)
            enrollment._tell(
                lambda one, row=row: self.env._(
                    "Step “%(step)s” of sequence “%(sequence)s” skipped.", step=row.name, sequence=one.sequence_id.name
                ),
                reason,
            )

    def run_now(self):
        """Run the next step of enrolments now, whenever it is due.

        :raise UserError: when one of them is paused or at its end, or the engine is running it at this moment
        """
        active = self._require("active")
        rows = self.env["opportunity.enrollment.step"].sudo()  # sudo: as in _require
        hold = rows._get_hold_reason()
        if hold:
            raise UserError(hold)
        waiting = active
        while waiting:
            claimed = rows._run_batch(waiting[:100])
            if claimed < len(waiting[:100]):
                raise UserError(self.env._("The step is being run at this moment. Look again in a minute."))
            waiting = waiting[100:]

    def retry(self):
        """Try the parked steps of enrolments again, when the engine runs next."""
        rows = self._require("active", "paused").step_ids.filtered(lambda row: row.state == "failed")
        rows.write({"state": "due", "attempts": 0, "error": False, "date_due": self.env.cr.now()})
        self.env["opportunity.sequence"]._wake_engine()

    def stop(self, note=False):
        """Stop enrolments for good.

        :param str note: why, told in the chatter
        """
        self._require("active", "paused")._end("hand", note)

    def _require(self, *states):
        """Return the enrolments, locked, for somebody who may edit their opportunities.

        :raise UserError: when one of them is in another state
        """
        self.lead_id.check_access("write")
        # sudo: nobody may write enrolments directly; who may edit the opportunity works on its sequences
        mine = self.sudo()
        mine.lock_for_update()
        others = mine.filtered(lambda one: one.state not in states)
        if others:
            known = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The sequence “%(sequence)s” of “%(opportunity)s” is in the state: %(state)s.",
                    sequence=others[0].sequence_id.name,
                    opportunity=others[0].lead_id.name,
                    state=known[others[0].state],
                )
            )
        return mine

    def _go_on_after(self, row, planner=None):
        """Plan what follows a row that was skipped by hand; a paused enrolment keeps its state."""
        planner = planner or Planner(self.env)
        cursor = Cursor(self.lead_id.id, self.sequence_id.id, row.step_id.id)
        planner.read_places([cursor.lead_id])
        self._plan_next({self.id: cursor}, planner)

    def _tell(self, describe, note=False):
        """Tell in the chatter of the opportunities."""
        bodies = {}
        for enrollment in self:
            text = describe(enrollment)
            bodies.setdefault(enrollment.lead_id.id, []).append(f"{text} {note}" if note else text)
        leads = self.env["crm.lead"].browse(bodies)
        leads._message_log_batch({id_: " ".join(texts) for id_, texts in bodies.items()})
