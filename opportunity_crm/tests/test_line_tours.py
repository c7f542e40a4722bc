from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestLineTours(OpportunityBuilders, HttpCase):
    """The way of a sales rep through products, bundles, special prices and the catalogue, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.env["res.config.settings"].create(
            {"group_product_pricelist": True, "group_use_recurring_revenues": True}
        ).execute()
        cls.company.opportunity_discount_limit = 20
        pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Friends",
                "item_ids": [Command.create({"compute_price": "percentage", "percent_price": 10})],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Tour Customer", "property_product_pricelist": pricelist.id}
        )
        cls.crate, cls.visit, cls.setup, cls.secret = cls.env["product.product"].create(
            [
                {"name": "Tour Crate", "list_price": 100},
                {"name": "Tour Visit", "list_price": 60, "type": "service"},
                {"name": "Tour Set-Up", "list_price": 0, "type": "service"},
                {"name": "Tour Secret", "list_price": 1, "opportunity_ok": False},
            ]
        )
        cls.bundle = cls.env["opportunity.bundle"].create(
            {
                "name": "Tour Care",
                "price": 120,
                "setup_fee": 50,
                "setup_product_id": cls.setup.id,
                "recurring_plan_id": cls.env.ref("crm.crm_recurring_plan_monthly").id,
                "line_ids": [Command.create({"product_id": cls.visit.id, "quantity": 2})],
            }
        )

    def test_rep_offers_products(self):
        lead = self.create_lead(name="Tour Deal", partner_id=self.customer.id)
        self.start_tour(f"/odoo/crm/{lead.id}", "opportunity_crm_lines", login="rep")
        self.assertEqual(
            lead.line_ids.mapped(lambda line: (line.product_id.name, line.quantity, line.price_unit)),
            [("Tour Crate", 2, 85), (False, 1, 120), ("Tour Visit", 1, 54)],
        )
        self.assertEqual(lead.line_ids.bundle_id, self.bundle)
        self.assertEqual((lead.expected_revenue, lead.recurring_revenue), (170 + 50 + 54, 120))
