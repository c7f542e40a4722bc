from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import OpportunityCase


class TestOrdered(OpportunityCase):
    """What a confirmed order does to its opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Bakers Ltd"})
        cls.product = cls.env["product.product"].create({"name": "Oven", "list_price": 100, "taxes_id": False})

    def create_ordered(self, effect="win", user=None, **values):
        """Return an opportunity of a template with that effect, and its quotation."""
        if self.template.order_effect != effect:
            stage = self.third.id if effect == "move" else False
            self.template.write({"order_effect": effect, "order_stage_id": stage})
        lead = self.create_lead(template_id=self.template.id, partner_id=self.customer.id, **values)
        return lead, self.create_quotation(lead, user or self.rep)

    def create_quotation(self, lead, user):
        line = Command.create({"product_id": self.product.id})
        values = {"partner_id": self.customer.id, "opportunity_id": lead.id, "user_id": user.id, "order_line": [line]}
        return self.env["sale.order"].with_user(user).create(values)

    def texts(self, lead):
        return "\n".join(lead.sudo().message_ids.mapped("body"))

    def test_wins(self):
        lead, order = self.create_ordered("win")
        order.action_confirm()
        self.assertEqual((order.state, lead.won_status, lead.stage_id), ("sale", "won", self.won))
        self.assertEqual(lead.stage_move_ids[0].cause, "won")
        self.assertEqual(lead.stage_move_ids[0].moved_by_id, self.rep)

    def test_moves(self):
        lead, order = self.create_ordered("move")
        order.action_confirm()
        self.assertEqual(lead.stage_id, self.third)
        self.assertEqual(lead.stage_move_ids[0].cause, "automation")

    def test_takes_none_back(self):
        self.template.write({"order_effect": "move", "order_stage_id": self.second.id})
        lead, order = self.create_ordered("move")
        lead.stage_id = self.third
        order.action_confirm()
        self.assertEqual((order.state, lead.stage_id), ("sale", self.third))

    def test_nothing_is_the_default(self):
        lead = self.create_lead(template_id=self.template.id, partner_id=self.customer.id)
        self.create_quotation(lead, self.rep).action_confirm()
        self.assertEqual(lead.stage_id, self.first)
        plain = self.create_lead(partner_id=self.customer.id)
        self.create_quotation(plain, self.rep).action_confirm()
        self.assertEqual(plain.won_status, "pending")

    def test_refused_by_the_gate(self):
        """The order is confirmed, the opportunity stays and tells its salesperson why."""
        self.add_condition(self.template, self.first, "fields", fields=["referred"])
        lead, order = self.create_ordered("win")
        order.action_confirm()
        self.assertEqual((order.state, lead.won_status, lead.stage_id), ("sale", "pending", self.first))
        self.assertEqual(len(lead.stage_move_ids), 1)
        message = lead.sudo().message_ids.filtered(lambda message: order.name in message.body)
        self.assertIn("Referred By", message.body)
        self.assertIn(self.rep.partner_id, message.partner_ids)

    def test_warnings_let_pass(self):
        self.add_condition(self.template, self.first, "fields", fields=["referred"], severity="warn")
        lead, order = self.create_ordered("win")
        order.with_context(opportunity_gate_ask=True).action_confirm()
        self.assertEqual(lead.won_status, "won")
        self.assertIn("Referred By", lead.stage_move_ids[0].passage)

    def test_one_of_several_is_refused(self):
        self.add_condition(self.template, self.first, "fields", fields=["referred"])
        ready, first = self.create_ordered("win", referred="A friend")
        lacking, second = self.create_ordered("win")
        (first | second).action_confirm()
        self.assertEqual((first.state, second.state), ("sale", "sale"))
        self.assertEqual((ready.won_status, lacking.won_status), ("won", "pending"))

    def test_reason_for_winning(self):
        self.template.require_win_reason = True
        lead, order = self.create_ordered("win")
        order.action_confirm()
        self.assertEqual((order.state, lead.won_status), ("sale", "pending"))
        self.assertIn("Say why it is won", self.texts(lead))

    def test_lost_opportunity(self):
        lead, order = self.create_ordered("win")
        lead.action_set_lost()
        order.action_confirm()
        self.assertEqual((order.state, lead.won_status), ("sale", "lost"))
        self.assertIn("although it is lost", self.texts(lead))

    def test_won_opportunity_is_left_alone(self):
        lead, order = self.create_ordered("move")
        lead.action_set_won()
        order.action_confirm()
        self.assertEqual(lead.won_status, "won")

    def test_colleague_who_may_not_move_it(self):
        lead, order = self.create_ordered("win", user=self.colleague, expected_revenue=5000)
        order.action_confirm()
        self.assertEqual((order.state, lead.won_status), ("sale", "won"))
        self.assertEqual(lead.stage_move_ids[0].moved_by_id, self.colleague)

    def test_customer_who_signs(self):
        lead, order = self.create_ordered("win")
        order.with_user(self.public).sudo()._validate_order()
        self.assertEqual((order.state, lead.won_status), ("sale", "won"))

    def test_queries_do_not_grow(self):
        pairs = [self.create_ordered("win") for _number in range(11)]
        leads = self.env["crm.lead"].union(*(lead for lead, _order in pairs))
        orders = self.env["sale.order"].union(*(order for _lead, order in pairs))

        def queries(leads, orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            # tracking is Odoo's: a message for each opportunity
            leads.sudo().with_context(tracking_disable=True)._follow_confirmed_orders(orders)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        one = queries(leads[0], orders[0])
        self.assertLessEqual(queries(leads[1:], orders[1:]), one)

    def test_setting(self):
        with self.assertRaises(ValidationError):
            self.template.order_effect = "move"
        with self.assertRaises(ValidationError):
            self.template.write({"order_effect": "move", "order_stage_id": self.won.id})

    def test_setting_belongs_to_the_revision(self):
        self.create_ordered("move")
        with self.assertRaises(UserError):
            self.template.order_effect = "win"
        draft = self.template._make_next_revision()
        self.assertEqual((draft.order_effect, draft.order_stage_id), ("move", self.third))
        draft.order_effect = "win"
        texts = [change.text for change in draft._get_changes(self.template)]
        self.assertIn("A Confirmed Order: Moves It to a Stage → Wins It", texts)
