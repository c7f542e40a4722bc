from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import buy_token


class MailComposeMessage(models.TransientModel):
    """Odoo's composer, when the e-mail carries a Buy Now link."""

    _inherit = "mail.compose.message"

    buy_link_id = fields.Many2one("opportunity.buy.link", string="Buy Now Link", ondelete="cascade")
    buy_link_amount = fields.Monetary(
        related="buy_link_id.amount_total",
        string="Offer",
        currency_field="buy_link_currency_id",
        related_sudo=False,
    )
    buy_link_currency_id = fields.Many2one(related="buy_link_id.currency_id", related_sudo=False)
    buy_link_date_expiry = fields.Datetime(related="buy_link_id.date_expiry", related_sudo=False)
    buy_link_can_pay = fields.Boolean(compute="_compute_buy_link_can_pay")

    @api.depends("buy_link_id")
    def _compute_buy_link_can_pay(self):
        for composer in self:
            composer.buy_link_can_pay = composer.buy_link_id and composer.buy_link_id._can_pay()

    @api.constrains("buy_link_id")
    def _check_buy_link_access(self):
        """Compose only with links that the user may see; Odoo checks constraints as superuser."""
        self.sudo(False).buy_link_id.check_access("read")

    def _action_send_mail(self, auto_commit=False):
        self._check_buy_link()
        return super()._action_send_mail(auto_commit=auto_commit)

    def _action_schedule_message(self):
        self._check_buy_link()
        return super()._action_schedule_message()

    def _check_buy_link(self):
        """Refuse to send a message from which the link was removed: the customer could not open the offer."""
        for composer in self.filtered("buy_link_id"):
            if composer.buy_link_id.id not in buy_token.find_previews(composer.body or ""):
                raise UserError(
                    self.env._(
                        "The message has no link to the offer any more. Choose the template “Opportunity: Buy Now Link”"
                        " again, or put this address into the text, which the customer's private link will replace:"
                        " %s",
                        composer.buy_link_id.preview_url,
                    )
                )
