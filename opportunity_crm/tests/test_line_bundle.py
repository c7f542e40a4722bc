from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .common_line import LineCase


class TestLineBundle(LineCase):
    """A bundle on an opportunity: one priced line that keeps what was offered."""

    def test_one_line_that_opens_into_its_parts(self):
        self.bundle.write({"trial_days": 14, "term_months": 12, "description": "All of it"})
        line = self.add_line(self.create_lead(), bundle=self.bundle, quantity=2)
        self.assertEqual(line.name, "Care\nAll of it")
        self.assertEqual((line.list_price, line.price_unit, line.price_subtotal), (120, 120, 240))
        self.assertEqual(line.recurring_plan_id, self.monthly)
        self.assertEqual((line.setup_fee, line.setup_subtotal, line.setup_product_id), (50, 100, self.setup))
        self.assertEqual((line.trial_days, line.term_months), (14, 12))
        self.assertEqual(
            line.part_ids.mapped(lambda part: (part.product_id, part.quantity, part.list_price)),
            [(self.monitoring, 1, 40), (self.visit, 2, 60)],
        )

    def test_price_is_spread_over_the_parts(self):
        line = self.add_line(self.create_lead(), bundle=self.bundle)
        shares = [(component.product, price) for component, price in line._spread_price()]
        self.assertEqual(shares, [(self.monitoring, 30), (self.visit, 45)])
        line.price_unit = 100.01
        total = sum(component.quantity * price for component, price in line._spread_price())
        self.assertAlmostEqual(total, 100.01)

    def test_taxes_of_each_part(self):
        high, low = self.env["account.tax"].create([{"name": "T 20", "amount": 20}, {"name": "T 5", "amount": 5}])
        self.monitoring.taxes_id, self.visit.taxes_id, self.setup.taxes_id = high, low, high
        line = self.add_line(self.create_lead(), bundle=self.bundle)
        self.assertEqual(line.tax_ids, high | low)
        self.assertEqual((line.price_subtotal, line.price_tax), (120, 30 * 0.2 + 90 * 0.05))
        self.assertEqual((line.setup_subtotal, line.setup_total), (50, 60))

    def test_sum_of_the_parts_with_a_discount(self):
        self.bundle.write({"pricing": "parts", "discount": 10})
        line = self.add_line(self.create_lead(partner_id=self.customer.id), bundle=self.bundle)
        self.assertAlmostEqual(line.price_unit, (36 + 2 * 54) * 0.9)

    def test_changing_the_bundle_changes_no_offer(self):
        self.bundle.term_months = 12
        line = self.add_line(self.create_lead(), bundle=self.bundle)
        self.bundle.with_user(self.manager).write(
            {
                "name": "Other",
                "price": 999,
                "setup_fee": 999,
                "term_months": 36,
                "recurring_plan_id": self.yearly.id,
                "line_ids": [Command.clear(), Command.create({"product_id": self.crate.id, "quantity": 7})],
            }
        )
        self.visit.list_price = 1000
        line.quantity = 3
        self.assertEqual((line.price_unit, line.setup_fee, line.term_months), (120, 50, 12))
        self.assertEqual((line.name, line.recurring_plan_id), ("Care", self.monthly))
        self.assertEqual(line.part_ids.product_id, self.monitoring | self.visit)
        self.assertEqual(line.part_ids.mapped("list_price"), [40, 60])
        self.assertEqual(line.price_subtotal, 360)

    def test_another_bundle_on_the_line(self):
        other = self.create_bundle("Uptime", {self.crate: 1}, price=80, recurring_plan_id=self.yearly.id)
        line = self.add_line(self.create_lead(), bundle=self.bundle)
        line.bundle_id = other
        self.assertEqual((line.price_unit, line.setup_fee), (80, 0))
        self.assertEqual((line.part_ids.product_id, line.recurring_plan_id), (self.crate, self.yearly))

    def test_parts_and_terms_are_not_for_people_to_write(self):
        line = self.add_line(self.create_lead(), bundle=self.bundle, term_months=1, bundle_price=3)
        self.assertEqual((line.term_months, line.list_price), (0, 120))
        line.write({"term_months": 5, "trial_days": 300, "setup_list_fee": 1})
        self.assertEqual((line.term_months, line.trial_days, line.setup_list_fee), (0, 0, 50))
        with self.assertRaises(AccessError):
            line.part_ids[0].quantity = 9
        with self.assertRaises(AccessError):
            line.part_ids[0].unlink()

    def test_currency_of_the_bundle(self):
        foreign = self.create_currency("XTC", rate=4)
        self.bundle.write({"currency_id": foreign.id, "price": 400, "setup_fee": 40})
        line = self.add_line(self.create_lead(), bundle=self.bundle)
        self.assertEqual((line.price_unit, line.setup_fee), (100, 10))

    def test_definition(self):
        bundles = self.env["opportunity.bundle"].with_user(self.manager)
        with self.assertRefused(ValidationError, "at least one product"):
            bundles.create({"name": "Empty"})
        with self.assertRefused(ValidationError, "set-up product"):
            self.create_bundle("No service", {self.crate: 1}, setup_fee=5, setup_product_id=False)
        abroad = self.create_product("Abroad", 1, company_id=self.other_company.id)
        with self.assertRefused(UserError, "Abroad"):
            self.create_bundle("Here", {abroad: 1}, company_id=self.company.id)
        copy = self.bundle.with_user(self.manager).copy()
        self.assertEqual((copy.name, len(copy.line_ids)), ("Care (copy)", 2))

    def test_combo(self):
        small, large = self.create_product("Small", 30), self.create_product("Large", 50)
        high, low = self.env["account.tax"].create([{"name": "T 20", "amount": 20}, {"name": "T 5", "amount": 5}])
        small.taxes_id, large.taxes_id, self.visit.taxes_id = high, high, low
        machine, service = self.env["product.combo"].create(
            [
                {
                    "name": "Machine",
                    "combo_item_ids": [
                        Command.create({"product_id": small.id}),
                        Command.create({"product_id": large.id, "extra_price": 15}),
                    ],
                },
                {"name": "Service", "combo_item_ids": [Command.create({"product_id": self.visit.id})]},
            ]
        )
        combo = self.create_product("Set", 75, type="combo", combo_ids=(machine | service).ids)
        line = self.add_line(self.create_lead(), combo)
        self.assertEqual(line.part_ids.product_id, small | self.visit, "the first of each choice")
        self.assertEqual((line.price_unit, line.price_tax), (75, 25 * 0.2 + 50 * 0.05))
        line.combo_item_ids = machine.combo_item_ids[1] | service.combo_item_ids
        self.assertEqual(line.part_ids.product_id, large | self.visit)
        self.assertEqual(line.price_unit, 90)
        line.lead_id.action_update_prices()
        self.assertEqual(len(line.part_ids), 2)
        with self.assertRefused(ValidationError, "Choose one product for each of these choices"):
            line.combo_item_ids = machine.combo_item_ids
