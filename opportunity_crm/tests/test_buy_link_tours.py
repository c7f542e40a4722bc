from odoo.tests import HttpCase, tagged

from .common_buy_link import BuyLinkBuilders


@tagged("standard", "post_install", "-at_install")
class TestBuyLinkTours(BuyLinkBuilders, HttpCase):
    """The way of a prospect, in a browser of the size of a phone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.create_shop()

    def test_prospect_buys_from_the_mail_on_the_phone(self):
        self.set_providers("test")
        self.env.company.portal_confirmation_sign = False
        lead = self.create_deal()
        link, token = self.send(lead)
        self.start_tour(f"/buy-now/{token}", "opportunity_crm_buy_link", login=None, timeout=120)
        order = lead.sudo().order_ids
        self.assertEqual((len(order), order.state, order.amount_total), (1, "sale", 300))
        self.assertEqual(order.transaction_ids.mapped("state"), ["done"])
        self.assertEqual((link.state, link.view_count, link.order_id), ("accepted", 1, order))
