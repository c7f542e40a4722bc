from odoo.tests import HttpCase, tagged

from .common_buy_link import BuyLinkBuilders


@tagged("standard", "post_install", "-at_install")
class TestBuyLinkTours(BuyLinkBuilders, HttpCase):
    """From the opportunity to the paid order: the rep at the desk, the prospect on the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.create_shop()

    def use_phone(self):
        """Let the next browser be a phone."""
        self.browser_size, self.touch_enabled = "390x844", True

    def test_rep_sends_and_prospect_buys_on_the_phone(self):
        self.rep.password = "rep-password"
        lead = self.create_deal()
        self.start_tour(f"/odoo/crm/{lead.id}", "opportunity_crm_buy_link_send", login="rep")
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.customer.ids)])
        self.assertEqual(mail.subject, "Your press")
        [token] = self.find_tokens(mail.body_html)

        self.set_providers("test")
        self.env.company.portal_confirmation_sign = False
        self.use_phone()
        self.start_tour(f"/buy-now/{token}", "opportunity_crm_buy_link", login=None)
        order, link = lead.sudo().order_ids, lead.sudo().buy_link_ids
        self.assertEqual((len(order), order.state, order.amount_total), (1, "sale", 300))
        self.assertEqual(order.transaction_ids.mapped("state"), ["done"])
        self.assertEqual((link.state, link.view_count, link.order_id), ("accepted", 1, order))
