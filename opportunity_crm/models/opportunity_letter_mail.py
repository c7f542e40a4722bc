from odoo import fields, models
from odoo.exceptions import UserError


class OpportunityLetter(models.Model):
    """Letters as attachments of e-mails."""

    _inherit = "opportunity.letter"

    def action_send(self):
        """Send the letters by e-mail, each as a PDF to its recipient.

        :raise UserError: for a letter that was sent already, or whose recipient has no e-mail address
        """
        self.check_access("write")
        sent = self.filtered("date_sent")
        if sent:
            raise UserError(
                self.env._(
                    "“%s” was sent already. Use “Send Again” in the letter to send it once more.", sent[0].display_name
                )
            )
        return self._send()

    def action_send_again(self):
        """Send letters that were sent before once more."""
        self.check_access("write")
        return self._send()

    def _send(self):
        self._check_sendable()
        fresh = self.filtered(lambda letter: not letter.attachment_id)
        fresh._freeze(state="sent")
        for letter in self:
            letter._post()
        # sudo: what becomes of a letter is written by the server only; who may send it was checked
        self.sudo().write({"state": "sent", "date_sent": fields.Datetime.now()})

    def _check_sendable(self):
        if "cancelled" in self.mapped("state"):
            raise UserError(self.env._("A cancelled letter is not sent. Draw up a new one."))
        for letter in self:
            if not letter._get_email():
                raise UserError(self.env._("“%s” has no e-mail address.", letter._get_recipient_name()))

    def _get_email(self):
        return self.partner_id.email if self.partner_id else self.lead_id.email_from

    def _get_recipient_name(self):
        return self.partner_id.display_name or self.lead_id.display_name

    def _post(self):
        letter = self.with_context(lang=self.lang)
        body = letter.env._("Please find our letter attached.")
        recipient = (
            {"partner_ids": self.partner_id.ids} if self.partner_id else {"outgoing_email_to": self._get_email()}
        )
        self._get_target().message_post(
            body=body,
            subject=self.name,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            attachment_ids=self.attachment_id.ids,
            **recipient,
        )
