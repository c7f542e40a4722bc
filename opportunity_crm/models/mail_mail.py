import smtplib

from odoo import models


class MailMail(models.Model):
    """E-mails of follow-up sequences leave at most once; see :meth:`opportunity.enrollment.step._begin_sending`."""

    _inherit = "mail.mail"

    def _get_enrollment_rows(self):
        # sudo: the queue of e-mails runs as anybody
        return self.env["opportunity.enrollment.step"].sudo().search([("mail_id", "in", self.ids)])

    def _send(self, auto_commit=False, **kwargs):
        rows = self._get_enrollment_rows()
        others = self - rows.mail_id
        if others or not rows:
            super(MailMail, others)._send(auto_commit=auto_commit, **kwargs)
        for row in rows:
            with row._hold_sending(auto_commit) as is_mine:
                if not is_mine or not row._begin_sending(auto_commit):
                    continue
                try:
                    super(MailMail, row.mail_id.with_env(self.env))._send(auto_commit=auto_commit, **kwargs)
                except smtplib.SMTPServerDisconnected:
                    # the server hung up: it may have taken the e-mail before
                    row._doubt()
                    raise
        return True

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        rows = self._get_enrollment_rows()
        if rows:
            rows._note_delivery(failure_type, failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
