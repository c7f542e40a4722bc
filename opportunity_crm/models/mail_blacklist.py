from odoo import api, models


class MailBlacklist(models.Model):
    """Who is put on the blacklist, by themselves or by somebody, leaves the sequences that end with that."""

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.filtered("active")._end_sequences()
        return entries

    def write(self, vals):
        res = super().write(vals)
        if vals.get("active"):
            self._end_sequences()
        return res

    def _end_sequences(self):
        emails = self.mapped("email")
        # sudo: who is on the blacklist is so for every opportunity of every company
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads.search(
            [("enrollment_ids.state", "in", ("active", "paused")), ("email_normalized", "in", emails)]
        )._reach_goal("unsubscribed")
