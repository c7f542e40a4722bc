from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestOrderTours(OpportunityBuilders, HttpCase):
    """The way of a sales rep from lines to order, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        plan = cls.env["crm.recurring.plan"].create({"name": "Monthly", "number_of_months": 1})
        oven, visit = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "list_price": 1000, "taxes_id": False}
                for name in ("Tour Oven", "Tour Visit")
            ]
        )
        bundle = cls.env["opportunity.bundle"].create(
            {
                "name": "Tour Care",
                "price": 100,
                "recurring_plan_id": plan.id,
                "line_ids": [Command.create({"product_id": visit.id})],
            }
        )
        cls.lead = cls.create_lead(
            name="Tour Deal",
            partner_id=cls.env["res.partner"].create({"name": "Tour Customer", "email": "buyer@example.com"}).id,
            line_ids=[Command.create({"product_id": oven.id}), Command.create({"bundle_id": bundle.id})],
        )

    def test_rep_makes_and_updates_an_order(self):
        self.start_tour("/odoo/crm", "opportunity_crm_order", login="rep")
        order = self.lead.order_ids
        self.assertEqual(len(order), 1)
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 3100))
        self.assertTrue(order.next_renewal_date)
