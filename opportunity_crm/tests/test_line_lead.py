from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common_line import LineCase


class TestLineTotals(LineCase):
    """What the lines of an opportunity come to."""

    def test_once_and_recurring(self):
        lead = self.create_lead(expected_revenue=7)
        self.add_line(lead, self.crate, quantity=2)
        self.add_line(lead, self.monitoring)
        self.add_line(lead, bundle=self.bundle)
        self.assertEqual(lead.expected_revenue, 250)
        self.assertEqual((lead.recurring_revenue, lead.recurring_plan), (160, self.monthly))
        self.assertEqual(lead.recurring_revenue_monthly, 160)
        self.assertEqual((lead.offer_once, lead.offer_tax_totals["total_amount_currency"]), (250, 410))
        lead.line_ids.filtered("bundle_id").unlink()
        self.assertEqual((lead.expected_revenue, lead.recurring_revenue), (200, 40))

    def test_several_plans_come_to_a_month(self):
        lead = self.create_lead()
        self.add_line(lead, self.monitoring)
        self.add_line(lead, self.crate, recurring_plan_id=self.yearly.id, quantity=12)
        self.assertEqual((lead.recurring_plan, lead.recurring_revenue), (self.monthly, 140))
        self.assertEqual((lead.recurring_revenue_monthly, lead.expected_revenue), (140, 0))
        self.assertRegex(lead.offer_recurring, r"40\.00.*Monthly \+ .*1,200\.00.*Yearly")

    def test_one_plan_stays(self):
        lead = self.create_lead()
        self.add_line(lead, self.crate, recurring_plan_id=self.yearly.id)
        self.assertEqual((lead.recurring_plan, lead.recurring_revenue), (self.yearly, 100))

    def test_several_plans_without_a_monthly_one(self):
        self.monthly.active = False
        quarterly = self.env["crm.recurring.plan"].create({"name": "Quarterly", "number_of_months": 3})
        lead = self.create_lead()
        self.add_line(lead, self.visit, recurring_plan_id=quarterly.id)
        self.add_line(lead, self.crate, recurring_plan_id=self.yearly.id, quantity=12)
        self.assertEqual((lead.recurring_plan, lead.recurring_revenue), (quarterly, 60 + 300))

    def test_without_lines_amounts_are_free(self):
        lead = self.create_lead(expected_revenue=5, recurring_revenue=3, recurring_plan=self.yearly.id)
        self.add_line(lead, display_type="line_note", name="To be seen")
        lead.expected_revenue = 900
        self.assertEqual((lead.expected_revenue, lead.recurring_revenue, lead.recurring_plan), (900, 3, self.yearly))

    def test_other_amounts_give_way(self):
        lines = [Command.create({"product_id": self.crate.id})]
        lead = self.create_lead(expected_revenue=5, line_ids=lines)
        self.assertEqual(lead.expected_revenue, 100)
        lead.write({"expected_revenue": 900, "recurring_revenue": 8, "recurring_plan": self.yearly.id})
        self.assertEqual((lead.expected_revenue, lead.recurring_revenue), (100, 0))
        self.assertFalse(lead.recurring_plan)

    def test_manual_amounts_stay(self):
        lead = self.create_lead()
        line = self.add_line(lead, self.crate)
        lead.write({"is_amount_manual": True, "expected_revenue": 5000})
        line.quantity = 7
        self.assertEqual(lead.expected_revenue, 5000)
        lead.is_amount_manual = False
        self.assertEqual(lead.expected_revenue, 700)

    def test_an_order_changes_no_amounts_of_lines(self):
        lead = self.create_lead(partner_id=self.customer.id, company_id=self.company.id)
        self.add_line(lead, self.crate)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": lead.id,
                "order_line": [Command.create({"product_id": self.crate.id, "product_uom_qty": 50})],
            }
        )
        order.action_confirm()
        self.assertEqual(lead.expected_revenue, 90)

    def test_currency_of_the_offer(self):
        abroad = self.create_pricelist("Abroad", 0, self.create_currency("XTD", rate=2))
        lead = self.create_lead(pricelist_id=abroad.id)
        line = self.add_line(lead, self.crate)
        self.assertEqual((line.price_subtotal, lead.offer_currency_id), (200, abroad.currency_id))
        self.assertEqual(lead.expected_revenue, 100)

    def test_estimates(self):
        lead = self.create_lead(revenue_low=100)
        lead.revenue_high = 300
        with self.assertRefused(ValidationError, "above its high estimate"):
            lead.revenue_low = 301
        with self.assertRefused(ValidationError, "cannot be negative"):
            lead.revenue_low = -1

    def test_form_shows_amounts_at_once(self):
        self.rep.group_ids += self.env.ref("crm.group_use_recurring_revenues")
        lead = self.create_lead(partner_id=self.customer.id)
        with Form(lead) as form:
            with form.line_ids.new() as line:
                line.product_id = self.crate
                line.quantity = 2
                self.assertEqual((line.list_price, line.price_unit, line.price_subtotal), (90, 90, 180))
                line.price_unit = 80
                self.assertEqual((line.price_difference, line.price_subtotal), (-10, 160))
                line.product_id = self.visit
                self.assertEqual(line.price_unit, 54)
                line.product_id = self.crate
                line.price_unit = 80
            with form.line_ids.new() as line:
                line.is_bundle = True
                line.bundle_id = self.bundle
                self.assertEqual((line.price_unit, line.price_subtotal), (120, 120))
            self.assertEqual(form.expected_revenue, 210)
            self.assertEqual(form.recurring_revenue, 120)
        self.assertEqual((lead.expected_revenue, lead.recurring_revenue), (210, 120))
        self.assertEqual(lead.line_ids.mapped("price_unit"), [80, 120])


class TestLineLife(LineCase):
    """Duplicates, merges, imports."""

    def test_duplicate(self):
        lead = self.create_lead(partner_id=self.customer.id)
        self.add_line(lead, display_type="line_section", name="Machines", sequence=1)
        self.add_line(lead, self.crate, sequence=2, quantity=4, price_unit=80)
        self.add_line(lead, bundle=self.bundle, sequence=3)
        self.add_line(lead, self.visit, sequence=4)
        self.visit.active = False
        self.bundle.price = 130
        copy = lead.copy()
        self.assertEqual(
            copy.line_ids.mapped(lambda line: (line.name, line.quantity, line.price_unit)),
            [
                ("Machines", 0, 0),
                ("Crate", 4, 80),
                ("Care", 1, 130),
                ("Not copied, because it is no longer offered: Visit", 0, 0),
            ],
        )
        self.assertEqual(copy.expected_revenue, 370)
        self.assertEqual(len(copy.line_ids.part_ids), 2)
        self.assertEqual(len(lead.line_ids), 4)

    def test_duplicate_grants_no_more_than_one_may(self):
        self.company.opportunity_discount_limit = 10
        lead = self.create_lead()
        self.add_line(lead, self.crate, user=self.manager, price_unit=50)
        self.add_line(lead, bundle=self.bundle, user=self.manager, setup_fee=1)
        copied = lead.copy().line_ids
        self.assertEqual(copied.mapped(lambda line: (line.price_unit, line.setup_fee)), [(100, 0), (120, 50)])
        self.assertEqual(lead.with_user(self.manager).copy().line_ids.mapped("price_unit"), [50, 120])

    def test_merge(self):
        self.company.opportunity_discount_limit = 10
        abroad = self.create_pricelist("Abroad", 0, self.create_currency("XTE", rate=2))
        head = self.create_lead(probability=90, partner_id=self.customer.id)
        tail = self.create_lead(probability=10, pricelist_id=abroad.id)
        self.add_line(head, self.crate, sequence=5)
        self.add_line(tail, self.visit, user=self.manager, price_unit=60)
        self.add_line(tail, self.crate)
        bundle = self.add_line(tail, bundle=self.bundle)
        merged = (head | tail).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertFalse(tail.exists())
        self.assertEqual(head.line_ids.currency_id, self.company.currency_id)
        self.assertEqual(head.line_ids.mapped("price_unit"), [90, 30, 90, 120], "what was granted stays granted")
        self.assertEqual(len(bundle.part_ids), 2)
        self.assertEqual(head.expected_revenue, 90 + 30 + 90 + 50)

    def test_merge_into_one_without_lines(self):
        head, tail = self.create_lead(probability=90, expected_revenue=5), self.create_lead(probability=10)
        self.add_line(tail, self.crate)
        (head | tail).merge_opportunity()
        self.assertEqual((len(head.line_ids), head.expected_revenue), (1, 100))

    def test_move_to_another_opportunity(self):
        abroad = self.create_pricelist("Abroad", 0, self.create_currency("XTF", rate=2))
        line = self.add_line(self.create_lead(), self.crate, price_unit=95)
        lead = self.create_lead(pricelist_id=abroad.id)
        before = line.lead_id
        line.lead_id = lead
        self.assertEqual((line.price_unit, line.list_price, line.currency_id), (190, 200, abroad.currency_id))
        self.assertEqual((lead.expected_revenue, before.line_ids), (95, line.browse()))

    def test_import(self):
        self.crate.default_code = "CRATE"
        lead = self.create_lead()
        fields = ["lead_id/.id", "product_id", "bundle_id", "quantity", "price_unit", "display_type", "name"]
        rows = [
            [str(lead.id), "CRATE", "", "3", "95", "", ""],
            [str(lead.id), "", "Care", "1", "", "", ""],
            [str(lead.id), "", "", "0", "", "Section", "Later"],
        ]
        rows[0][-1] = "Three crates"
        result = self.env["opportunity.line"].with_user(self.rep).load(fields, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(lead.line_ids.mapped("price_subtotal"), [285, 0, 0])
        self.assertEqual(lead.line_ids[1].part_ids.product_id, self.monitoring | self.visit)

    def test_import_obeys_the_rules(self):
        self.company.opportunity_discount_limit = 10
        self.visit.opportunity_ok = False
        lead = self.create_lead()
        lines = self.env["opportunity.line"].with_user(self.rep)
        for row, message in (
            ([str(lead.id), str(self.crate.id), "1", "10"], "go down to"),
            ([str(lead.id), str(self.visit.id), "1", "60"], "not offered"),
        ):
            result = lines.load(["lead_id/.id", "product_id/.id", "quantity", "price_unit"], [row])
            self.assertFalse(result["ids"])
            self.assertRegex(result["messages"][0]["message"], message)
        self.assertFalse(lead.line_ids)

    def test_import_with_the_opportunity(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .load(
                ["name", "type", "line_ids/product_id/.id", "line_ids/quantity"],
                [["Imported", "opportunity", str(self.crate.id), "2"], ["", "", str(self.visit.id), "1"]],
            )
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual((len(lead.line_ids), lead.expected_revenue), (2, 260))


class TestCatalog(LineCase):
    """The catalogue of Odoo's sales, on an opportunity."""

    def catalog(self, lead, product, quantity):
        return lead._update_order_line_info(product.id, quantity, child_field="line_ids", section_id=False)

    def test_add_change_and_remove(self):
        lead = self.create_lead(partner_id=self.customer.id)
        self.assertEqual(self.catalog(lead, self.crate, 2), 90)
        self.catalog(lead, self.visit, 1)
        self.catalog(lead, self.crate, 5)
        lines = lead.line_ids.mapped(lambda line: (line.product_id, line.quantity))
        self.assertEqual(lines, [(self.crate, 5), (self.visit, 1)])
        info = lead._get_product_catalog_order_line_info((self.crate | self.monitoring).ids, child_field="line_ids")
        self.assertEqual((info[self.crate.id]["quantity"], info[self.crate.id]["price"]), (5, 90))
        self.assertEqual((info[self.monitoring.id]["quantity"], info[self.monitoring.id]["price"]), (0, 36))
        self.assertEqual(self.catalog(lead, self.crate, 0), 90)
        self.assertEqual(lead.line_ids.product_id, self.visit)

    def test_shows_what_is_offered(self):
        self.visit.opportunity_ok = False
        action = self.create_lead().action_add_from_catalog()
        found = self.env["product.product"].with_user(self.rep).search(action["domain"])
        self.assertIn(self.crate, found)
        self.assertNotIn(self.visit, found)

    def test_refuses_what_is_not(self):
        self.visit.opportunity_ok = False
        lead = self.create_lead()
        with self.assertRefused(UserError, "not offered"):
            self.catalog(lead, self.visit, 1)

    def test_several_lines_of_a_product_are_not_changed(self):
        lead = self.create_lead()
        self.add_line(lead, self.crate, quantity=2)
        self.add_line(lead, self.crate, quantity=3)
        info = lead._get_product_catalog_order_line_info(self.crate.ids, child_field="line_ids")
        self.assertEqual((info[self.crate.id]["quantity"], info[self.crate.id]["readOnly"]), (5, True))
        with self.assertRefused(UserError, "several lines"):
            self.catalog(lead, self.crate, 9)
