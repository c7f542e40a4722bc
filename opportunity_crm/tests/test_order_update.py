from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common_order import OrderCase


class TestOrderUpdate(OrderCase):
    """An open quotation follows its opportunity, when somebody has seen what changes."""

    def open_wizard(self, lead):
        action = lead.action_update_quotation()
        self.assertEqual(action["res_model"], "opportunity.order.update")
        return self.env[action["res_model"]].with_user(lead.env.user).browse(action["res_id"])

    def shown(self, wizard):
        return [(line.kind, line.name) for line in wizard.line_ids]

    def test_nothing_differs(self):
        lead = self.create_deal(self.oven, self.care)
        order = self.order(lead)
        self.assertFalse(lead.is_quotation_outdated)
        self.assertEqual(lead.action_update_quotation()["res_id"], order.id)

    def test_differences_are_shown_and_then_made(self):
        lead = self.create_deal(self.oven, self.tray)
        order = self.order(lead)
        oven, tray = lead.line_ids
        oven.write({"quantity": 3, "discount": 5})
        tray.unlink()
        lead.line_ids = [Command.create({"bundle_id": self.care.id, "sequence": 1})]
        self.assertTrue(lead.is_quotation_outdated)
        wizard = self.open_wizard(lead)
        self.assertEqual(
            self.shown(wizard), [("changed", "Oven"), ("added", "Oven Care – Monthly"), ("removed", "Tray")]
        )
        changed = wizard.line_ids[0]
        self.assertIn("1 Units × $\xa01,000.00 = $\xa01,000.00", changed.before)
        self.assertIn("3 Units × $\xa01,000.00 − 5 % = $\xa02,850.00", changed.after)
        self.assertEqual(order.amount_untaxed, 1010, "nothing is changed before somebody has seen it")
        self.assertEqual(wizard.action_update()["res_id"], order.id)
        self.assertEqual(order.amount_untaxed, 2949.99)
        self.assertEqual(len(lead.order_ids), 1)
        self.assertFalse(lead.is_quotation_outdated)
        self.assertIn("2,850.00", order.message_ids[0].body)

    def test_rearranged(self):
        lead = self.create_deal(self.oven, self.tray)
        order = self.order(lead)
        lead.line_ids[1].sequence = 0
        wizard = self.open_wizard(lead)
        self.assertEqual(self.shown(wizard), [("ordered", "Order of the lines")])
        wizard.action_update()
        self.assertEqual(order.order_line.sorted().product_id, self.tray | self.oven)

    def test_description_and_taxes(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        lead.line_ids.write({"name": "Oven, as shown", "tax_ids": [Command.clear()]})
        wizard = self.open_wizard(lead)
        self.assertEqual(wizard.line_ids.before, "Oven\nVAT 20 %")
        self.assertEqual(wizard.line_ids.after, "Oven, as shown\nNo taxes")
        wizard.action_update()
        self.assertEqual((order.order_line.name, order.amount_tax), ("Oven, as shown", 0))

    def test_bundle(self):
        lead = self.create_deal({"bundle_id": self.care.id})
        order = self.order(lead)
        lines = order.order_line
        lead.line_ids.quantity = 2
        wizard = self.open_wizard(lead)
        self.assertEqual(self.shown(wizard), [("changed", "2 × Oven Care – Monthly")])
        wizard.action_update()
        self.assertEqual(order.order_line, lines)
        self.assertEqual(order.amount_untaxed, 199.98)

    def test_combo_is_made_anew(self):
        item = Command.create({"product_id": self.create_product("Burger", 8).id})
        combo = self.env["product.combo"].create({"name": "Burger", "combo_item_ids": [item]})
        menu = self.create_product("Menu", 9, type="combo", combo_ids=combo.ids, taxes_id=False)
        lead = self.create_deal({"product_id": menu.id})
        order = self.order(lead)
        lead.line_ids.quantity = 2
        self.open_wizard(lead).action_update()
        self.assertEqual(order.amount_untaxed, 18)
        self.assertEqual(order.order_line[1].linked_line_id, order.order_line[0])

    def test_lines_added_by_hand_stay(self):
        lead = self.create_deal(self.oven, self.tray)
        order = self.order(lead)
        above = Command.create({"display_type": "line_note", "name": "As agreed", "sequence": 0})
        below = Command.create({"product_id": self.fee.id, "price_unit": 5, "sequence": 99})
        order.order_line = [above, below]
        self.assertFalse(lead.is_quotation_outdated)
        lead.line_ids[0].unlink()
        lead.line_ids = [Command.create({"product_id": self.oven.id, "sequence": 100})]
        self.open_wizard(lead).action_update()
        self.assertEqual(order.order_line.sorted().mapped("name"), ["As agreed", "Tray", "Oven", "Set-up"])

    def test_another_customer(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        other = self.env["res.partner"].create({"name": "Other Ltd"})
        lead.partner_id = other
        wizard = self.open_wizard(lead)
        self.assertEqual((wizard.line_ids.name, wizard.line_ids.after), ("Customer", "Other Ltd"))
        wizard.action_update()
        self.assertEqual((order.partner_id, order.partner_invoice_id), (other, other))

    def test_what_was_not_shown_is_not_made(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        lead.line_ids.quantity = 2
        wizard = self.open_wizard(lead)
        lead.line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "meanwhile"):
            wizard.action_update()
        self.assertEqual(order.amount_untaxed, 1000)

    def test_confirmed_order_stays(self):
        lead = self.create_deal(self.oven)
        order = self.order(lead)
        lead.line_ids.quantity = 2
        wizard = self.open_wizard(lead)
        order.action_confirm()
        with self.assertRaises(UserError):
            wizard.action_update()
        self.assertFalse(lead.is_quotation_outdated)
        with self.assertRaisesRegex(UserError, "no open quotation"):
            lead.action_update_quotation()
        self.assertEqual(order.amount_untaxed, 1000)

    def test_sent_quotation_says_so(self):
        lead = self.create_deal(self.oven)
        self.order(lead).action_quotation_sent()
        lead.line_ids.quantity = 2
        self.assertTrue(self.open_wizard(lead).is_sent)

    def test_rights(self):
        lead = self.create_deal(self.oven)
        self.order(lead)
        lead.line_ids.quantity = 2
        with self.assertRaises(AccessError):
            lead.with_user(self.colleague).action_update_quotation()
        wizard = self.open_wizard(lead)
        with self.assertRaises(AccessError):
            wizard.with_user(self.colleague).action_update()

    def test_several_hundred_lines_stay_quick(self):
        lead = self.create_deal(*([self.oven] * 300))
        order = self.order(lead)
        lead.line_ids[7].quantity = 2
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(order._compare_offer(lead._prepare_order_values())), 1)
        self.assertLess(self.env.cr.sql_log_count - before, 60)
