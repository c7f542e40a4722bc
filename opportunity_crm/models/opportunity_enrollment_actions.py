from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .followup_planner import Planner
from .opportunity_sequence_start import Cursor

RUNNING = ("active", "paused")
TOGETHER = 100  # steps that are run by hand at once
SHOWN = 3  # of those that were refused


class OpportunityEnrollment(models.Model):
    """What people do with enrolments: pause, resume, skip, run now, try again, stop.

    Each asks for the right to edit the opportunity and tells in its chatter, with the reason. Each works on many, does
    what can be done and returns ``{"done": [ids], "refused": {id: text}}``; where nothing can be done it raises.
    """

    _inherit = "opportunity.enrollment"

    def pause(self, note=False):
        """Pause enrolments: nothing runs until somebody resumes them, and what has not left is held back.

        :param str note: why
        """
        active, refused = self._require("active")
        active.write({"state": "paused", "date_paused": self.env.cr.now(), "pause_note": note})
        active.step_ids._withdraw_mails()
        active._tell(lambda one: self.env._("Sequence “%s” paused.", one.sequence_id.name), note)
        return active._report(refused)

    def resume(self, dates="shift", note=False):
        """Resume paused enrolments.

        :param str dates: ``shift`` moves the steps to come by the time of the pause; ``keep`` leaves their dates as
            they were, and skips what was missed
        :param str note: why
        """
        if dates not in ("shift", "keep"):
            raise UserError(self.env._("Dates are either shifted or kept."))
        paused, refused = self._require("paused")
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
        paused._tell(lambda one: self.env._("Sequence “%s” resumed.", one.sequence_id.name), note)
        self.env["opportunity.sequence"]._wake_engine()
        return paused._report(refused)

    def skip_step(self, reason=False):
        """Skip the next step; what follows counts from now. A paused enrolment stays paused.

        :param str reason: why, kept with the step
        """
        running, refused = self._require(*RUNNING)
        rows = {one: one.current_id for one in running}
        error = reason or self.env._("Skipped by hand.")
        running.current_id.write(
            {"state": "skipped", "error": error, "date_done": self.env.cr.now(), "done_by_id": self.env.uid}
        )
        running._tell(
            lambda one: self.env._(
                "Step “%(step)s” of sequence “%(sequence)s” skipped.",
                step=rows[one].name,
                sequence=one.sequence_id.name,
            ),
            reason,
        )
        planner = Planner(self.env)
        planner.read_places(running.lead_id.ids)
        cursors = {one.id: Cursor(one.lead_id.id, one.sequence_id.id, row.step_id.id) for one, row in rows.items()}
        running._plan_next(cursors, planner)
        return running._report(refused)

    def run_now(self, note=False):
        """Run the next step of enrolments now, whenever it is due. A step that fails is parked, as always.

        :param str note: why
        """
        rows = self.env["opportunity.enrollment.step"].sudo()  # sudo: as in _require
        hold = rows._get_hold_reason()
        if hold:
            raise UserError(hold)
        active, refused = self._require("active")
        names = {one: one.current_id.name for one in active}
        active._tell(
            lambda one: self.env._(
                "Step “%(step)s” of sequence “%(sequence)s” run by hand.",
                step=names[one],
                sequence=one.sequence_id.name,
            ),
            note,
        )
        for start in range(0, len(active), TOGETHER):
            rows._run_batch(active[start : start + TOGETHER])
        return active._report(refused)

    def retry(self):
        """Try the parked steps of enrolments again, when the engine runs next."""
        running, refused = self._require(*RUNNING)
        rows = running.step_ids.filtered(lambda row: row.state == "failed")
        rows.write({"state": "due", "attempts": 0, "error": False, "date_due": self.env.cr.now()})
        self.env["opportunity.sequence"]._wake_engine()
        return rows.enrollment_id._report(refused)

    def stop(self, note=False):
        """Stop enrolments for good.

        :param str note: why
        """
        running, refused = self._require(*RUNNING)
        running._end("hand", note)
        return running._report(refused)

    def _require(self, *states):
        """Return the enrolments in these states, locked, for somebody who may edit their opportunities, and ``{id:
        text}`` of the others.

        :raise AccessError: when the user may edit none of the opportunities
        :raise UserError: when no enrolment is in such a state
        """
        editable = self.lead_id._filtered_access("write")
        if not editable:
            self.lead_id.check_access("write")
        # sudo: nobody may write enrolments directly; who may edit the opportunity works on its sequences
        mine = self.sudo()
        mine._wait_for_engine()
        fit = mine.filtered(lambda one: one.state in states and one.lead_id in editable)
        refused = {one.id: one._describe_refusal(one.lead_id in editable) for one in mine - fit}
        if refused and not fit:
            raise UserError(self._join_refusals(refused.values()))
        return fit, refused

    def _wait_for_engine(self):
        """Lock enrolments and their next steps: whoever came first is done, and the engine passes them over.

        What the engine has done to the next step since this transaction began is a conflict, as every step that it
        runs is written: the request is then run again, and sees it.
        """
        self.flush_model()
        self.step_ids.flush_model()
        # SQL: the ORM's locks do not wait
        self.env.cr.execute(
            SQL("SELECT FROM opportunity_enrollment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT FROM opportunity_enrollment_step
                 WHERE enrollment_id = ANY(%s) AND state IN ('due', 'failed') ORDER BY id FOR NO KEY UPDATE
                """,
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _describe_refusal(self, is_editable):
        if not is_editable:
            return self.env._("You may not edit the opportunity “%s”.", self.lead_id.name)
        return self.env._(
            "The sequence “%(sequence)s” of “%(opportunity)s” is in the state: %(state)s.",
            sequence=self.sequence_id.name,
            opportunity=self.lead_id.name,
            state=dict(self._fields["state"]._description_selection(self.env))[self.state],
        )

    def _join_refusals(self, texts):
        texts = list(texts)
        more = [self.env._("And %s more.", len(texts) - SHOWN)] if len(texts) > SHOWN else []
        return " ".join(texts[:SHOWN] + more)

    def _report(self, refused):
        return {"done": self.ids, "refused": refused}

    def _tell(self, describe, note=False):
        """Tell in the chatter of the opportunities."""
        bodies = {}
        for enrollment in self:
            text = describe(enrollment)
            bodies.setdefault(enrollment.lead_id.id, []).append(f"{text} {note}" if note else text)
        leads = self.env["crm.lead"].browse(bodies)
        leads._message_log_batch({id_: " ".join(texts) for id_, texts in bodies.items()})
