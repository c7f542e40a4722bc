from .common import OpportunityCase


class TestLine(OpportunityCase):
    def test_x(self):
        product = self.env["product.product"].create({"name": "Crate", "list_price": 100})
        lead = self.create_lead(line_ids=[(0, 0, {"product_id": product.id, "quantity": 2})])
        self.assertEqual(lead.expected_revenue, 200)
        line = lead.line_ids
        self.assertEqual(line.list_price, 100)
        line.price_unit = 80
        self.assertTrue(line.is_price_special)
        self.assertEqual(lead.expected_revenue, 160)
        line.quantity = 3
        self.assertEqual(lead.expected_revenue, 240)
