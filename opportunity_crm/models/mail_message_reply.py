from odoo import api, models


class MailMessage(models.Model):
    """An e-mail that comes in is a reply to the sequences of its opportunity."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        incoming = messages.filtered(lambda message: message.message_type in ("email", "comment"))
        if incoming and "reply" in self.env["opportunity.sequence"]._get_watch().goals:
            incoming._end_sequences_on_reply()
        return messages

    def _end_sequences_on_reply(self):
        """Find the enrolments by the opportunity of the message, and by the e-mail that it answers."""
        if self.env.context.get("opportunity_auto_submitted"):
            return
        replies = self.filtered(lambda message: message._is_from_outside())
        leads = self.env["crm.lead"].browse(
            replies.filtered(lambda message: message.model == "crm.lead" and message.res_id).mapped("res_id")
        )
        leads._reach_goal("reply")
        if replies.parent_id:
            # sudo: whoever answers has no rights on enrolments
            rows = self.env["opportunity.enrollment.step"].sudo()
            rows.search([("message_id", "in", replies.parent_id.ids)]).enrollment_id._reach("reply")

    def _is_from_outside(self):
        users = self.author_id.sudo().user_ids  # sudo: only whether the author is one of us
        return not any(not user.share for user in users) and self.message_type in ("email", "comment")
