from odoo import api, models


class MailMessage(models.Model):
    """A message carries its attachments to all its readers: nobody sends documents that they may not open."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if any(vals.get("attachment_ids") for vals in vals_list):
            # Odoo asks only about attachments of other records than the message's
            messages.attachment_ids._check_held()
        return messages

    def write(self, vals):
        res = super().write(vals)
        if vals.get("attachment_ids"):
            self.attachment_ids._check_held()
        return res
