from odoo import api, models
from odoo.tools import consteq

from ..tools import buy_token


class OpportunityBuyLink(models.Model):
    """The secret of a Buy Now link, and how a stranger who holds it is recognised."""

    _inherit = "opportunity.buy.link"

    def _issue(self):
        """Begin the validity of a link that is being sent.

        :return: its private address: the only time that anybody can know it
        """
        self.ensure_one()
        token = buy_token.generate()
        kept = buy_token.parse(token)
        self.write({"token_selector": kept.selector, "token_hash": kept.digest, "date_sent": self.env.cr.now()})
        return self._get_base_url_of_page() + token

    def _get_base_url_of_page(self):
        """Return the address of the page without the token, in the language of the customer where the portal has it."""
        languages = self.env["res.lang"]._get_frontend()
        prefix = f"/{languages[self.lang].url_code}" if self.lang in languages and len(languages) > 1 else ""
        return f"{self.get_base_url()}{prefix}{buy_token.PAGE}"

    @api.model
    def _find(self, token):
        """Return the link of a token in superuser mode, whatever its state; empty when nobody made that token."""
        kept = buy_token.parse(token)
        # sudo: whoever holds the token sees the offer; the caller shows nothing else
        link = self.sudo().search([("token_selector", "=", kept.selector)], limit=1)
        is_known = consteq(kept.digest, link.token_hash or buy_token.UNKNOWN)
        return link if is_known else link.browse()
