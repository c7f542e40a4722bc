from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from .common_line import LineCase

UPDATE_PRICES = 45
# Odoo inserts and updates a hundred rows at a time, and reads a thousand
A_HUNDRED, A_THOUSAND = 100, 1000


class TestLinePerformance(LineCase):
    """Queries stay the same, for the lines of one opportunity or of five hundred."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.env["account.tax"].create({"name": "T 20", "amount": 20})
        position = cls.env["account.fiscal.position"].create(
            {"name": "Here", "auto_apply": True, "country_id": cls.env.ref("base.be").id}
        )
        tax.fiscal_position_ids = position
        cls.products = cls.env["product.product"].create(
            [{"name": f"Product {n}", "list_price": n, "taxes_id": tax.ids} for n in range(1, 8)]
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {n}",
                    "country_id": cls.env.ref("base.be").id,
                    "property_product_pricelist": cls.pricelist.id,
                }
                for n in range(500)
            ]
        )

    def queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @contextmanager
    def assertNoQueryOn(self, table):
        queries, execute = [], self.env.cr.execute

        def record(query, *args, **kwargs):
            queries.append(str(query))
            return execute(query, *args, **kwargs)

        with patch.object(self.env.cr, "execute", record):
            yield
        self.assertFalse([query for query in queries if f'"{table}"' in query])

    def create_leads(self, customers, **values):
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)
        return leads.create(
            [
                {"name": "Deal", "type": "opportunity", "user_id": self.rep.id, "partner_id": customer.id, **values}
                for customer in customers
            ]
        )

    def prepare_lines(self, lead):
        return [
            {"lead_id": lead.id, "product_id": product.id, "quantity": lead.id % 9 + number, "sequence": number}
            for number, product in enumerate(self.products, 1)
        ]

    def create_lines(self, leads):
        values = [values for lead in leads for values in self.prepare_lines(lead)]
        self.env["opportunity.line"].with_user(self.rep).with_context(tracking_disable=True).create(values)

    def test_create_lines_of_five_hundred_opportunities(self):
        leads = self.create_leads(self.customers)
        self.create_lines(leads[:1])  # what is cached once for all
        few = self.queries(lambda: self.create_lines(leads[1:15]))  # 98 lines: one insertion
        many = self.queries(lambda: self.create_lines(leads[15:]))
        more = 485 * 7 / A_HUNDRED  # as often, an insertion, an update, and taxes
        self.assertLessEqual(many, few + 3 * more)
        self.assertEqual(leads[-1].line_ids[0].price_unit, 0.9)

    def test_price_lines_of_five_hundred_opportunities(self):
        leads = self.create_leads(self.customers)
        self.create_lines(leads)
        leads[0].action_update_prices()
        self.pricelist.item_ids.percent_price = 20
        one = self.queries(leads[0].action_update_prices)
        many = self.queries(leads[1:].action_update_prices)
        self.assertEqual(leads[-1].line_ids[0].price_unit, 0.8)
        self.assertLessEqual(one, UPDATE_PRICES)
        updates = 499 * 7 / A_HUNDRED + 499 / A_HUNDRED
        reads = 5 * 499 * 7 / A_THOUSAND
        self.assertLessEqual(many, one + updates + reads)

    def test_amounts_of_five_hundred_opportunities(self):
        leads = self.create_leads(self.customers)
        self.create_lines(leads)
        names = ["expected_revenue", "offer_tax_totals", "offer_recurring", "offer_currency_id"]
        one = self.queries(lambda: leads[0].read(names))
        many = self.queries(lambda: leads[1:].read(names))
        self.assertLessEqual(many, one)

    def test_one_opportunity_with_several_hundred_lines(self):
        [lead] = self.create_leads(self.customers[:1])
        values = [{"product_id": self.products[n % 7].id, "quantity": 1 + n, "sequence": n} for n in range(300)]
        few = self.queries(lambda: lead.write({"line_ids": [Command.create(vals) for vals in values[:90]]}))
        many = self.queries(lambda: lead.write({"line_ids": [Command.create(vals) for vals in values[90:]]}))
        self.assertLessEqual(many, few)
        self.assertEqual(len(lead.line_ids), 300)
        self.assertAlmostEqual(lead.expected_revenue, sum(lead.line_ids.mapped("price_subtotal")))

    def test_opportunities_without_lines_cost_no_query(self):
        """Creating and writing them asks nothing of lines: what the fields of Odoo did without, they do now."""
        self.create_leads(self.customers[:2])
        with self.assertNoQueryOn("opportunity_line"):
            leads = self.create_leads(self.customers[:2], expected_revenue=5)
            self.env.flush_all()
            leads.write({"name": "Other", "stage_id": self.env.ref("crm.stage_lead2").id})
            self.env.flush_all()
