from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import OpportunityCase


class TestLostQuotations(OpportunityCase):
    """Losing opportunities offers to cancel their open quotations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Bakers Ltd"})
        cls.lead = cls.create_lead(partner_id=cls.customer.id)
        cls.other = cls.create_lead(partner_id=cls.customer.id)

    def create_order(self, lead, user=None):
        user = user or self.rep
        values = {"partner_id": self.customer.id, "opportunity_id": lead.id, "user_id": user.id}
        return self.env["sale.order"].with_user(user).create(values)

    def lose(self, leads, **values):
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_lost_action")
        wizards = self.env[action["res_model"]].with_user(self.rep).with_context(default_lead_ids=leads.ids)
        wizard = Form(wizards)
        for name, value in values.items():
            wizard[name] = value
        wizard.save().action_lost_reason_apply()

    def test_names_the_open_ones(self):
        draft, sent, done = (self.create_order(self.lead) for _number in range(3))
        sent.action_quotation_sent()
        done.action_confirm()
        wizard = self.env["crm.lead.lost"].with_user(self.rep).create({"lead_ids": [Command.set(self.lead.ids)]})
        self.assertEqual(wizard.quotation_ids, draft | sent)

    def test_cancels_those_of_many(self):
        orders = self.create_order(self.lead) | self.create_order(self.lead) | self.create_order(self.other)
        done = self.create_order(self.lead)
        done.action_confirm()
        self.lose(self.lead | self.other, cancel_quotations=True)
        self.assertEqual(orders.mapped("state"), ["cancel"] * 3)
        self.assertEqual(done.state, "sale")
        self.assertEqual((self.lead | self.other).mapped("won_status"), ["lost", "lost"])

    def test_leaves_them_unless_asked(self):
        order = self.create_order(self.lead)
        self.lose(self.lead)
        self.assertEqual(order.state, "draft")

    def test_leaves_those_of_a_colleague(self):
        theirs = self.create_order(self.lead, self.colleague)
        values = {"lead_ids": [Command.set(self.lead.ids)], "cancel_quotations": True}
        wizard = self.env["crm.lead.lost"].with_user(self.rep).create(values)
        self.assertFalse(wizard.quotation_ids)
        wizard.action_lost_reason_apply()
        self.assertEqual(theirs.state, "draft")
        self.assertEqual(self.lead.won_status, "lost")

    def test_none_is_cancelled_when_losing_is_refused(self):
        self.template.require_loss_reason = True
        lead = self.create_lead(partner_id=self.customer.id, template_id=self.template.id)
        order = self.create_order(lead)
        values = {"lead_ids": [Command.set(lead.ids)], "cancel_quotations": True}
        wizard = self.env["crm.lead.lost"].with_user(self.rep).create(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_lost_reason_apply()
        self.assertEqual((order.state, lead.won_status), ("draft", "pending"))
