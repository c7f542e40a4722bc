import re

from ..tools import buy_token
from .common import OpportunityBuilders


class BuyLinkBuilders(OpportunityBuilders):
    """A customer, products with a tax, and opportunities whose Buy Now links are sent as people send them."""

    @classmethod
    def create_shop(cls):
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ada Purchaser", "email": "ada@customer.example", "phone": "+32 470 11 22 33", "street": "Via 7"}
        )
        cls.tax = cls.env["account.tax"].create({"name": "VAT 20%", "amount": 20, "type_tax_use": "sale"})
        cls.machine, cls.training = cls.env["product.product"].create(
            [
                {"name": name, "list_price": price, "type": kind, "taxes_id": cls.tax.ids}
                for name, price, kind in (("Press", 100, "consu"), ("Training", 50, "service"))
            ]
        )
        cls.set_providers("disabled")

    @classmethod
    def set_providers(cls, state):
        """Enable Odoo's demo provider (``"test"``), or none of the providers (``"disabled"``)."""
        cls.env["payment.provider"].search([("state", "!=", "disabled")]).state = "disabled"
        if state != "disabled":
            cls.env.ref("payment.payment_provider_demo").write({"state": state, "is_published": True})

    @classmethod
    def create_deal(cls, user=None, **values):
        """An opportunity that is worth 250 and 50 of taxes."""
        lines = [
            {"product_id": cls.machine.id, "quantity": 2},
            {"product_id": cls.training.id, "quantity": 1},
        ]
        values = {"partner_id": cls.customer.id, "line_ids": [(0, 0, line) for line in lines], **values}
        return cls.create_lead(user=user, **values)

    def compose(self, lead, user=None, **values):
        """The composer as the button opens it."""
        action = lead.with_user(user or lead.user_id).action_send_buy_now_link()
        composer = self.env["mail.compose.message"].with_user(user or lead.user_id).with_context(**action["context"])
        return composer.create(values)

    def send(self, lead, user=None, **values):
        """Send a Buy Now link; return it in superuser mode, and its token as the customer's e-mail has it."""
        before = self.env["mail.mail"].sudo().search([])
        composer = self.compose(lead, user, **values)
        composer.action_send_mail()
        mails = self.env["mail.mail"].sudo().search([]) - before
        tokens = {token for mail in mails for token in self.find_tokens(mail.body_html)}
        self.assertEqual(len(tokens), 1, "the e-mails have one private link")
        return composer.buy_link_id.sudo(), tokens.pop()

    @staticmethod
    def find_tokens(text):
        return re.findall(rf"/buy-now/({buy_token.TOKEN.pattern})(?![\w-])", text or "")
