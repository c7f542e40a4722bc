from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .opportunity_enrollment_engine import CONFLICTS
from .opportunity_enrollment_outcome import BACK_OFF, TRIES

# Failures that trying again does not mend.
FINAL_FAILURES = ("mail_email_invalid", "mail_email_missing", "mail_from_invalid", "mail_from_missing", "mail_spam")


class OpportunityEnrollmentStep(models.Model):
    """What becomes of a queued e-mail: it leaves at most once.

    Between a mail server's “accepted” and the commit that notes it lies a moment in which a crash leaves nobody
    knowing. So the row says that it is being sent, committed, before the mail server hears of it. Where that is found
    later, the e-mail is in doubt, and a person decides; Odoo alone would send it again.
    """

    _inherit = "opportunity.enrollment.step"

    @contextmanager
    def _hold_sending(self, auto_commit):
        """Give whether nobody else is sending this e-mail, and keep others from it meanwhile.

        Who finds it “being sent” and is not kept from it knows that whoever sent it has died.

        :param bool auto_commit: whether the lock has to outlive commits; it never outlives the process
        """
        key = SQL("hashtext('opportunity_enrollment_step'), %s", self.id)
        # SQL: the ORM has no locks that outlive a commit
        kind = SQL("pg_try_advisory_lock") if auto_commit else SQL("pg_try_advisory_xact_lock")
        self.env.cr.execute(SQL("SELECT %s(%s)", kind, key))
        is_mine = self.env.cr.fetchone()[0]
        try:
            yield is_mine
        finally:
            if is_mine and auto_commit:
                self._let_go(SQL("SELECT pg_advisory_unlock(%s)", key))

    def _let_go(self, unlock):
        try:
            self.env.cr.execute(unlock, log_exceptions=False)
        except psycopg2.errors.InFailedSqlTransaction:
            # what came before is committed, e-mail by e-mail
            self.env.cr.rollback()
            self.env.cr.execute(unlock)

    def _begin_sending(self, auto_commit):
        """Note that an e-mail is about to be handed over; tell whether it may be.

        :param bool auto_commit: whether the note is committed, as the queue of e-mails does with each
        """
        if self._get_hold_reason():
            return False
        begun = self._mark_sending()
        if begun is None:
            return False
        if begun and auto_commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # see the class: before the mail server hears of it
        self.invalidate_recordset()
        locked = self.try_lock_for_update()
        if not begun and locked and self.delivery == "sending":
            self._doubt()
            if auto_commit:
                self.env.cr.commit()  # pylint: disable=invalid-commit  # as above
        return begun

    def _mark_sending(self):
        """Return whether an e-mail was queued and is now being sent, None where somebody writes its row right now.

        The queue of e-mails goes on with the others then, and comes back to this one when it runs next.
        """
        try:
            with self.env.cr.savepoint():
                # SQL: only one of those who try may find it queued
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE opportunity_enrollment_step
                           SET delivery = 'sending', delivery_count = delivery_count + 1
                         WHERE id = %s AND delivery = 'queued' RETURNING id
                        """,
                        self.id,
                    ),
                    log_exceptions=False,
                )
                return bool(self.env.cr.fetchone())
        except CONFLICTS:
            return None

    def _doubt(self):
        """Note that nobody knows whether e-mails were sent; they are not sent again by themselves."""
        self.write({"delivery": "doubt", "date_retry": False})
        reason = self.env._("The server was interrupted while it sent this. It may have arrived.")
        self.mail_id.write({"state": "exception", "failure_type": "unknown", "failure_reason": reason})

    def _note_delivery(self, failure_type, failure_reason):
        """Note that e-mails were accepted by the mail server, or were not."""
        if not failure_type:
            self.write({"delivery": "sent", "date_retry": False})
            return
        for row in self:
            is_final = failure_type in FINAL_FAILURES or row.delivery_count >= TRIES
            wait = BACK_OFF * 2 ** max(0, row.delivery_count - 1)
            row.write(
                {
                    "delivery": "failed",
                    "error": (failure_reason or self.env._("The mail server could not be reached."))[:500],
                    "date_retry": False if is_final else self.env.cr.now() + wait,
                }
            )

    @api.model
    def _retry_deliveries(self):
        """Queue e-mails again that could not be sent, and wake the queue as long as follow-up e-mails are in it."""
        due = Domain("delivery", "=", "failed") & Domain("date_retry", "<=", self.env.cr.now())
        running = Domain("enrollment_id.state", "in", ("active", "completed"))
        self.search(due & running & Domain("mail_id", "!=", False), limit=1000)._requeue()
        if self.search_count([("delivery", "=", "queued"), ("mail_id.state", "=", "outgoing")], limit=1):
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _requeue(self):
        if not self:
            return
        self.write({"delivery": "queued", "date_retry": False, "error": False})
        self.mail_id.mark_outgoing()
        # sudo: the queue of e-mails is not the caller's to see
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _withdraw_mails(self):
        """Take e-mails back that have not left yet."""
        waiting = self.filtered(lambda row: row.delivery == "queued" or row.date_retry)
        waiting.write({"delivery": "held", "date_retry": False})
        waiting.mail_id.cancel()

    def confirm_sent(self):
        """Settle e-mails in doubt: somebody knows that they arrived."""
        rows = self._require_delivery("doubt")
        rows.write({"delivery": "sent", "error": False})
        rows.mail_id.cancel()

    def send_again(self):
        """Send e-mails again that are in doubt or could not be sent, once more by somebody's decision."""
        rows = self._require_delivery("doubt", "failed")
        lost = rows.filtered(lambda row: not row.mail_id)
        if lost:
            raise UserError(self.env._("These e-mails no longer exist and cannot be sent again. Write new ones."))
        rows._requeue()

    def _require_delivery(self, *states):
        """Return the rows with their e-mails in these states, for somebody who may edit their opportunities."""
        self.lead_id.check_access("write")
        # sudo: nobody may write rows directly; who may edit the opportunity decides
        return self.sudo().filtered(lambda row: row.delivery in states)

    def _note_click(self):
        """Note that the person clicked on a link, and so has opened the e-mail."""
        now = self.env.cr.now()
        fresh = self.filtered(lambda row: not row.date_clicked)
        fresh.write({"date_clicked": now})
        fresh.filtered(lambda row: not row.date_opened).write({"date_opened": now})
        self.enrollment_id._reach("click")
