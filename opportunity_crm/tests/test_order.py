import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common_order import OrderCase

LINES_IN_PACKS = 8  # Odoo inserts and updates a hundred rows, or their lines, at once


class TestOrder(OrderCase):
    """One quotation from an opportunity, with everything that is on it."""

    def rows(self, order):
        return [(line.display_type or "product", line.name.split("\n")[0]) for line in order.order_line.sorted()]

    def test_lines_and_prices(self):
        lead = self.create_deal(
            {"display_type": "line_section", "name": "Kitchen"},
            {"product_id": self.oven.id, "quantity": 2, "price_unit": 900, "discount": 10},
            {"display_type": "line_note", "name": "Delivered in May"},
            self.tray,
        )
        order = self.order(lead)
        self.assertEqual(
            self.rows(order),
            [("line_section", "Kitchen"), ("product", "Oven"), ("line_note", "Delivered in May"), ("product", "Tray")],
        )
        oven = order.order_line[1]
        self.assertEqual((oven.product_uom_qty, oven.price_unit, oven.discount, oven.tax_ids), (2, 900, 10, self.tax))
        self.assertEqual(order.amount_untaxed, 1630)
        self.assertEqual(order.amount_untaxed, lead.expected_revenue)
        self.assertEqual(order.amount_total, sum(lead.line_ids.mapped("price_total")))
        self.assertEqual(lead.line_ids.order_line_ids, order.order_line)

    def test_what_an_order_takes_over(self):
        billing = self.env["res.partner"].create({"parent_id": self.customer.id, "type": "invoice", "name": "Billing"})
        depot = self.env["res.partner"].create({"parent_id": self.customer.id, "type": "delivery", "name": "Depot"})
        pricelist = self.env["product.pricelist"].create({"name": "Friends"})
        self.customer.property_product_pricelist = pricelist
        tag = self.env["crm.tag"].create({"name": "Key"})
        utm = {
            name: self.env[f"utm.{name}"].create({"name": f"Spring {name}"})
            for name in ("campaign", "medium", "source")
        }
        lead = self.create_deal(
            self.oven,
            name="New oven",
            team_id=self.team.id,
            tag_ids=tag.ids,
            **{f"{name}_id": record.id for name, record in utm.items()},
        )
        order = self.order(lead)
        self.assertEqual(order.opportunity_id, lead)
        self.assertEqual(
            (order.partner_id, order.partner_invoice_id, order.partner_shipping_id), (self.customer, billing, depot)
        )
        self.assertEqual((order.pricelist_id, order.team_id, order.user_id), (pricelist, self.team, self.rep))
        self.assertEqual((order.tag_ids, order.origin, order.company_id), (tag, "New oven", self.company))
        for name, record in utm.items():
            self.assertEqual(order[f"{name}_id"], record)

    def test_twice_gives_one(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        self.assertEqual(self.order(lead), order)
        order.action_quotation_sent()
        self.assertEqual(self.order(lead), order)
        order.action_confirm()
        self.assertEqual(self.order(lead), order)
        self.assertEqual(len(lead.order_ids), 1)

    def test_another_one_is_a_choice(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        another = lead.action_create_another_order()["res_id"]
        self.assertNotEqual(another, order.id)
        self.assertEqual(self.order(lead).id, another, "the newest one is opened")

    def test_cancelled_is_none(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        order.action_cancel()
        self.assertNotEqual(self.order(lead), order)

    def test_quotation_of_odoos_own_button_is_left_alone(self):
        lead = self.create_deal(self.oven)
        context = lead.action_new_quotation()["context"]
        blank = self.env["sale.order"].with_user(self.rep).with_context(**context).create({})
        order = self.order(lead)
        self.assertNotEqual(order, blank)
        self.assertFalse(blank.order_line)

    def test_bundle(self):
        """A heading with plan and terms, the parts with the price spread to the cent, the set-up beside it."""
        self.care.write({"setup_fee": 50, "term_months": 12})
        lead = self.create_deal({"bundle_id": self.care.id, "quantity": 2, "discount": 10}, self.tray)
        order = self.order(lead)
        self.assertEqual(
            self.rows(order),
            [
                ("product", "Set-up: Oven Care"),
                ("product", "Tray"),
                ("line_section", "2 × Oven Care – Monthly, term of 12 months"),
                ("product", "Visit"),
                ("product", "Line"),
            ],
        )
        setup, _tray, heading, *parts = order.order_line
        self.assertEqual((setup.product_id, setup.product_uom_qty, setup.price_unit), (self.fee, 2, 50))
        self.assertFalse(setup.recurring_plan_id)
        self.assertTrue(heading.collapse_prices)
        self.assertEqual([part.product_uom_qty for part in parts], [2, 4])
        self.assertAlmostEqual(sum(part.price_subtotal for part in parts), 179.98)
        self.assertEqual(order.amount_untaxed, sum(lead.line_ids.mapped("price_subtotal")) + 100)
        self.assertEqual({part.recurring_plan_id for part in parts}, {self.monthly})
        self.assertEqual({part.bundle_id for part in parts}, {self.care})

    def test_trial_is_free(self):
        self.care.trial_days = 14
        lead = self.create_deal({"bundle_id": self.care.id, "discount": 10})
        order = self.order(lead)
        self.assertEqual(order.amount_untaxed, 0)
        self.assertEqual(lead.offer_tax_totals["total_amount_currency"], 0, "the tab says so as well")
        part = order.order_line.filtered("product_id")[0]
        self.assertEqual((part.discount, part.recurring_discount, part.trial_days), (100, 10, 14))
        note = order.order_line[1].name
        self.assertEqual(note, "The first 14 days are free, then $\xa089.99 is due for every period.")

    def test_order_of_yesterdays_bundle(self):
        """What was offered is ordered, whatever has become of the bundle."""
        lead = self.create_deal(self.care)
        self.care.write({"price": 500, "date_end": "2026-01-31"})
        self.care.line_ids[1:].unlink()
        order = self.order(lead)
        self.assertEqual(order.amount_untaxed, 99.99)
        self.assertEqual(len(order.order_line), 3)

    def test_combo(self):
        combos = self.env["product.combo"].create(
            [
                {"name": name, "combo_item_ids": [Command.create({"product_id": self.create_product(name, price).id})]}
                for name, price in (("Burger", 8), ("Drink", 2))
            ]
        )
        menu = self.create_product("Menu", 9, type="combo", combo_ids=combos.ids, taxes_id=False)
        lead = self.create_deal({"product_id": menu.id, "quantity": 3})
        order = self.order(lead)
        combo, *items = order.order_line
        self.assertEqual([item.linked_line_id for item in items], [combo, combo])
        self.assertEqual([item.combo_item_id.combo_id for item in items], list(combos))
        self.assertEqual(order.amount_untaxed, 27)
        self.assertEqual(order.amount_total, lead.line_ids.price_total)

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.monthly.with_context(lang="fr_FR").name = "Mensuel"
        self.customer.lang = "fr_FR"
        order = self.order(self.create_deal(self.care))
        self.assertIn("Mensuel", order.order_line[0].name)

    def test_values_travel_as_json(self):
        lead = self.create_deal(self.oven, self.care)
        values = json.loads(json.dumps(lead._prepare_order_values()))
        self.oven.list_price = 5000
        lead.line_ids[0].price_unit = 5000
        order = lead._get_or_create_order(values)
        self.assertEqual(order.amount_untaxed, 1099.99)
        self.assertEqual(lead._get_or_create_order(values), order)

    def test_frozen_values_of_deleted_lines(self):
        lead = self.create_deal(self.oven, self.tray)
        values = lead._prepare_order_values()
        lead.line_ids[0].unlink()
        order = lead._get_or_create_order(values)
        self.assertEqual(order.amount_untaxed, 1010)
        other = self.create_deal(self.create_product("Gone", 1))
        values = other._prepare_order_values()
        product = other.line_ids.product_id
        other.line_ids.unlink()
        product.with_env(self.env).unlink()
        with self.assertRaisesRegex(UserError, "deleted"):
            other._get_or_create_order(values)

    def test_open_quotation_follows_frozen_values_where_asked(self):
        lead = self.create_deal(self.oven)
        values = lead._prepare_order_values()
        lead.line_ids.price_unit = 2000
        order = self.order(lead)
        self.assertEqual(lead._get_or_create_order(values), order)
        self.assertEqual(order.amount_untaxed, 2000)
        lead._get_or_create_order(values, update=True)
        self.assertEqual(order.amount_untaxed, 1000)

    def test_no_customer(self):
        lead = self.create_deal(self.oven, partner_id=False)
        action = lead.action_create_order()
        self.assertEqual(action["res_model"], "crm.quotation.partner")
        with self.assertRaisesRegex(UserError, "Who is the customer"):
            (lead | self.create_deal(self.oven)).action_create_order()
        self.assertFalse(lead.order_ids)
        wizard = (
            self.env["crm.quotation.partner"]
            .with_user(self.rep)
            .with_context(**action["context"])
            .create({"action": "exist", "partner_id": self.customer.id})
        )
        order = self.env["sale.order"].browse(wizard.action_apply()["res_id"])
        self.assertEqual((order.opportunity_id, order.partner_id), (lead, self.customer))
        self.assertEqual(order.amount_untaxed, 1000)

    def test_what_cannot_be_ordered(self):
        lost = self.create_deal(self.oven)
        lost.action_set_lost()
        archived = self.create_deal(self.tray)
        self.tray.active = False
        for lead, words in (
            (self.create_deal(), "no products"),
            (self.create_deal({"display_type": "line_note", "name": "Only this"}), "no products"),
            (lost, "Restore it"),
            (archived, "No longer sold: Tray"),
            (self.create_deal(self.oven, type="lead"), "Convert it"),
        ):
            with self.assertRaisesRegex(UserError, words):
                lead.action_create_order()
            self.assertFalse(lead.order_ids)

    def test_all_or_none(self):
        ready, empty = self.create_deal(self.oven), self.create_deal(name="Empty one")
        with self.assertRaisesRegex(UserError, "Empty one"):
            (ready | empty).action_create_order()
        self.assertFalse(ready.order_ids)

    def test_rights(self):
        lead = self.create_deal(self.oven)
        for user in (self.colleague, self.employee, self.portal, self.overseas):
            with self.assertRaises(AccessError):
                lead.with_user(user).action_create_order()
        order = self.order(lead.with_user(self.senior))
        self.assertEqual(order.user_id, self.rep)
        self.assertEqual(self.order(lead), order)

    def test_quotation_of_a_colleague_is_not_doubled(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        order.sudo().user_id = self.colleague
        with self.assertRaisesRegex(AccessError, order.name):
            lead.action_create_order()
        self.assertEqual(len(lead.sudo().order_ids), 1)

    def test_company_of_the_opportunity(self):
        self.manager.company_ids += self.other_company
        lead = self.create_deal(self.oven, user=self.manager, team_id=False)
        lead.company_id = self.other_company
        both = (self.company | self.other_company).ids
        order = self.order(lead.with_context(allowed_company_ids=both))
        self.assertEqual(order.company_id, self.other_company)

    def test_currency_of_the_pricelist(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "x", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "rate": 2, "name": "2020-01-01"})
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        lead = self.create_deal(self.oven, self.care)
        order = self.order(lead)
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(order.amount_untaxed, 2199.98)
        self.assertEqual(order.amount_untaxed, sum(lead.line_ids.mapped("price_subtotal")))
        self.assertFalse(lead.is_quotation_outdated)

    def test_merged_opportunities(self):
        first, second = self.create_deal(self.oven), self.create_deal(self.tray)
        orders = self.order(first) | self.order(second)
        head = (first | second)._merge_opportunity(auto_unlink=True)
        self.assertEqual(head.order_ids, orders)
        self.assertEqual(orders.order_line.opportunity_line_id, head.line_ids)

    def create_deals(self, count):
        """Create opportunities of as many customers at once, each with a product and a bundle."""
        customers = self.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(count)])
        lines = [Command.create(self.prepare_line(line)) for line in (self.oven, self.care)]
        values = {"name": "Batch", "type": "opportunity", "user_id": self.rep.id, "line_ids": lines}
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)
        return leads.create([{**values, "partner_id": customer.id} for customer in customers])

    def test_a_hundred_cost_no_more_queries(self):
        def queries(count):
            leads = self.create_deals(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders = leads._create_orders()
            self.env.flush_all()
            self.assertEqual(len(set(orders.mapped("name"))), count)
            return self.env.cr.sql_log_count - before

        queries(1)
        few = queries(2)
        self.assertLessEqual(queries(100), few + LINES_IN_PACKS)

    def test_batch_opens_the_list(self):
        leads = self.create_deals(3)
        existing = self.order(leads[1])
        action = leads.action_create_order()
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(orders.opportunity_id, leads)
        self.assertIn(existing, orders)
        self.assertEqual(orders.mapped("amount_untaxed"), [1099.99] * 3)
