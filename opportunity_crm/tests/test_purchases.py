from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import OpportunityCase


class TestPurchases(OpportunityCase):
    """The Orders tab: what the customer has bought, as the person who looks may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.household = cls.env["res.partner"].create({"name": "Bakers Ltd", "is_company": True})
        cls.buyer = cls.env["res.partner"].create({"name": "Ms Baker", "parent_id": cls.household.id})
        cls.product = cls.env["product.product"].create(
            {"name": "Oven", "list_price": 100, "type": "service", "invoice_policy": "order", "taxes_id": False}
        )
        cls.lead = cls.create_lead(partner_id=cls.buyer.id)

    def create_order(self, lead=None, user=None, partner=None, quantity=1, company=None):
        user = user or self.rep
        orders = self.env["sale.order"].with_user(user)
        if company:
            orders = orders.with_company(company)
        return orders.create(
            {
                "partner_id": (partner or self.household).id,
                "opportunity_id": lead and lead.id,
                "user_id": user.id,
                "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": quantity})],
            }
        )

    def invoice(self, order, user=None):
        order.action_confirm()
        invoice = order.with_user(user or self.rep)._create_invoices()
        invoice.sudo().action_post()
        return invoice

    def pay(self, invoice):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return register.create({})._create_payments()

    def look(self, lead=None, user=None, **arguments):
        sections = (lead or self.lead).with_user(user or self.rep).get_purchases(**arguments)
        return {section["name"]: section for section in sections}

    def names(self, section):
        return [row["name"] for row in section["rows"]]

    def test_own_orders_first(self):
        own = self.create_order(self.lead)
        other = self.create_order()
        orders = self.look()["orders"]
        self.assertEqual(self.names(orders), [own.name, other.name])
        self.assertEqual([row["is_own"] for row in orders["rows"]], [True, False])
        self.assertEqual(orders["rows"][0]["amount"], 100)
        self.assertEqual(orders["rows"][0]["status"], "Quotation")
        self.assertEqual(orders["total"], 2)

    def test_other_customers_stay_out(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.create_order(partner=stranger)
        self.assertFalse(self.look()["orders"]["rows"])

    def test_without_customer_only_what_belongs_to_it(self):
        self.create_order()
        lead = self.create_lead()
        self.assertFalse(self.look(lead)["orders"]["rows"])
        own = self.create_order(lead)
        self.assertEqual(self.names(self.look(lead)["orders"]), [own.name])

    def test_pages(self):
        own = self.create_order(self.lead)
        for _number in range(11):
            self.create_order()
        first = self.look(names=["orders"])["orders"]
        self.assertEqual((len(first["rows"]), first["total"]), (10, 12))
        self.assertEqual(first["rows"][0]["id"], own.id)
        second = self.look(names=["orders"], offset=10)["orders"]
        self.assertEqual(len(second["rows"]), 2)
        self.assertFalse({row["id"] for row in first["rows"]} & {row["id"] for row in second["rows"]})
        self.assertEqual(len(self.look(names=["orders"], offset=-5, limit=100000)["orders"]["rows"]), 12)

    def test_colleagues_orders_are_not_shown(self):
        theirs = self.create_order(user=self.colleague)
        self.assertFalse(self.look()["orders"]["rows"])
        self.assertEqual(self.names(self.look(user=self.senior)["orders"]), [theirs.name])

    def test_who_may_not_read_the_opportunity_reads_nothing(self):
        self.create_order(self.lead)
        for user in (self.colleague, self.employee, self.portal, self.overseas):
            with self.assertRaises(AccessError):
                self.look(user=user)

    def test_another_company(self):
        self.senior.company_ids += self.other_company
        self.create_order(user=self.senior, company=self.other_company)
        lead = self.lead.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(self.look(lead, user=self.senior)["orders"]["rows"])
        both = (self.company | self.other_company).ids
        orders = self.lead.with_user(self.senior).with_context(allowed_company_ids=both).get_purchases(["orders"])
        self.assertEqual(orders[0]["total"], 1)

    def test_invoices_refunds_and_payments(self):
        accountant = self.create_user(
            "accountant", "account.group_account_invoice,sales_team.group_sale_salesman_all_leads"
        )
        invoice = self.invoice(self.create_order(self.lead))
        other = self.invoice(self.create_order())
        line = Command.create({"product_id": self.product.id, "price_unit": 100, "tax_ids": False})
        refund = self.env["account.move"].create(
            {"move_type": "out_refund", "partner_id": self.buyer.id, "invoice_line_ids": [line]}
        )
        refund.action_post()
        payment = self.pay(invoice.sudo())
        sections = self.look(user=accountant)
        self.assertEqual(list(sections), ["orders", "invoices", "payments"])
        rows = sections["invoices"]["rows"]
        self.assertEqual(self.names(sections["invoices"])[0], invoice.name)
        self.assertEqual(
            {row["name"]: row["amount"] for row in rows},
            {
                invoice.name: 100,
                other.name: 100,
                refund.name: -100,
            },
        )
        self.assertEqual(
            {row["name"]: row["due"] for row in rows}, {invoice.name: 0, other.name: 100, refund.name: -100}
        )
        self.assertEqual(self.names(sections["payments"]), [payment.name])
        self.assertTrue(sections["payments"]["rows"][0]["is_own"])
        buttons = {row["name"]: [button["name"] for button in row["buttons"]] for row in rows}
        self.assertNotIn("action_register_payment", buttons[invoice.name])
        self.assertIn("action_register_payment", buttons[other.name])

    def test_rep_without_invoicing_rights(self):
        """Odoo lets reps see their own invoices, send them, and see no payments."""
        mine = self.invoice(self.create_order(self.lead))
        theirs = self.invoice(self.create_order(user=self.colleague), self.colleague)
        self.pay((mine | theirs).sudo())
        sections = self.look()
        self.assertEqual(list(sections), ["orders", "invoices"])
        self.assertEqual(self.names(sections["invoices"]), [mine.name])
        self.assertEqual(
            [button["name"] for button in sections["invoices"]["rows"][0]["buttons"]], ["action_invoice_sent"]
        )

    def test_buttons_follow_the_state(self):
        order = self.create_order(self.lead)

        def buttons():
            return [button["name"] for button in self.look()["orders"]["rows"][0]["buttons"]]

        self.assertEqual(buttons(), ["action_quotation_send", "action_confirm"])
        order.action_confirm()
        self.assertEqual(buttons(), ["sale.action_view_sale_advance_payment_inv"])
        order._create_invoices()
        self.assertEqual(buttons(), [])

    def test_no_buttons_on_what_one_may_not_write(self):
        self.create_order(self.lead)
        self.env["ir.rule"].create(
            {
                "name": "Quotations are read only",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": "[(0, '=', 1)]",
                "perm_read": False,
            }
        )
        [row] = self.look()["orders"]["rows"]
        self.assertEqual(row["buttons"], [])

    def test_queries_do_not_grow_with_the_rows(self):
        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.look()
            return self.env.cr.sql_log_count - before

        self.invoice(self.create_order(self.lead))
        self.look()
        few = measure()
        for _number in range(8):
            self.invoice(self.create_order(self.lead))
        self.assertLessEqual(measure(), few)
