from odoo import api, models

AUTOMATIC = ("auto-replied", "auto-generated", "auto-notified")


class MailThread(models.AbstractModel):
    """An answer that a machine wrote, such as an out-of-office note, is not a reply."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        submitted = str(message.get("Auto-Submitted") or "").split(";")[0].strip().lower()
        thread = self.with_context(opportunity_auto_submitted=submitted in AUTOMATIC)
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)
