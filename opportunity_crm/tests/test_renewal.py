from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_order import OrderCase

END_OF_JANUARY = datetime(2026, 1, 31, 9, 0)
LOGGER = "odoo.addons.opportunity_crm.models.sale_order_renewal"


class TestRenewal(OrderCase):
    """Orders for every following period, from the first order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Brussels"
        cls.cron = cls.env.ref("opportunity_crm.ir_cron_prepare_renewals")

    def confirm(self, *lines, moment=END_OF_JANUARY, **values):
        with self.at(moment):
            order = self.order(self.create_deal(*lines, **values))
            order.action_confirm()
        return order

    def run_at(self, *moment):
        with self.at(datetime(*moment)), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def set_company(self, product, company):
        """Break a product in a way in which Odoo lets nobody break it."""
        self.env.flush_all()
        statement = "UPDATE product_template SET company_id = %s WHERE id = %s"
        self.env.cr.execute(statement, (company and company.id, product.product_tmpl_id.id))
        self.env.invalidate_all()

    def dates(self, order):
        return [renewal.renewal_date for renewal in order.renewal_ids.sorted("renewal_date")]

    def test_first_period_is_on_the_first_order(self):
        order = self.confirm(self.care, self.oven)
        part = order.order_line.filtered("recurring_plan_id")[0]
        self.assertEqual((part.period_start, part.period_end), (date(2026, 1, 31), date(2026, 2, 27)))
        self.assertEqual(order.next_renewal_date, date(2026, 2, 28))
        self.assertFalse(order.order_line.filtered(lambda line: line.product_id == self.oven).next_renewal_date)

    def test_renewal(self):
        """What is due again, at the same price, as a quotation of the same customer, without what was due once."""
        self.care.setup_fee = 50
        order = self.confirm({"bundle_id": self.care.id, "quantity": 2, "discount": 10}, self.oven)
        self.run_at(2026, 2, 27, 22, 0)
        self.assertFalse(order.renewal_ids)
        self.run_at(2026, 2, 28, 6, 0)
        renewal = order.renewal_ids
        self.assertEqual(
            (renewal.state, renewal.origin, renewal.renewal_date), ("draft", order.name, date(2026, 2, 28))
        )
        for name in ("partner_id", "user_id", "opportunity_id", "pricelist_id", "partner_shipping_id", "company_id"):
            self.assertEqual(renewal[name], order[name])
        self.assertEqual(renewal.amount_untaxed, 179.98)
        self.assertEqual(renewal.amount_tax, 36)
        heading, *parts = renewal.order_line
        self.assertEqual(heading.name, "2 × Oven Care – Monthly (02/28/2026 – 03/30/2026)")
        self.assertTrue(heading.collapse_prices)
        self.assertEqual({part.period_end for part in parts}, {date(2026, 3, 30)})
        self.assertFalse(renewal.is_from_lines)

    def test_once_per_period(self):
        order = self.confirm(self.care)
        for _run in range(2):
            self.run_at(2026, 3, 1, 6, 0)
        self.assertEqual(len(order.renewal_ids), 1)
        order._renew()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            order.renewal_ids.copy({"renewal_of_id": order.id, "renewal_date": date(2026, 2, 28)})

    def test_deleted_renewal_does_not_come_back(self):
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        order.renewal_ids.sudo().unlink()
        self.run_at(2026, 3, 2, 6, 0)
        self.assertFalse(order.renewal_ids)

    def test_catches_up_over_month_ends(self):
        order = self.confirm(self.care)
        self.run_at(2026, 5, 31, 6, 0)
        expected = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
        self.assertEqual(self.dates(order), expected)
        self.assertEqual(order.next_renewal_date, date(2026, 6, 30))
        self.run_at(2026, 5, 31, 9, 0)
        self.assertEqual(self.dates(order), expected)

    def test_time_zone_of_the_company(self):
        """Confirmed late on the 31st in Brussels, and in New York when it is February in Brussels already."""
        order = self.confirm(self.care, moment=datetime(2026, 1, 31, 22, 59))
        self.assertEqual(order.next_renewal_date, date(2026, 2, 28))
        order = self.confirm(self.care, moment=datetime(2026, 1, 31, 23, 1))
        self.assertEqual(order.next_renewal_date, date(2026, 3, 1))
        self.company.partner_id.tz = "America/New_York"
        order = self.confirm(self.care, moment=datetime(2026, 2, 1, 4, 0))
        self.assertEqual(order.next_renewal_date, date(2026, 2, 28))
        self.run_at(2026, 2, 28, 4, 0)
        self.assertFalse(order.renewal_ids, "it is the 27th in New York")
        self.run_at(2026, 2, 28, 6, 0)
        self.assertTrue(order.renewal_ids)

    def test_trial(self):
        """The first paid period starts when the trial is over, at the price after it."""
        self.care.trial_days = 14
        order = self.confirm({"bundle_id": self.care.id, "discount": 10})
        self.assertEqual(order.next_renewal_date, date(2026, 2, 14))
        self.run_at(2026, 3, 14, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 14), date(2026, 3, 14)])
        self.assertEqual(order.renewal_ids.mapped("amount_untaxed"), [89.99] * 2)
        self.assertNotIn("free", "".join(order.renewal_ids.order_line.mapped("name")))

    def test_term(self):
        self.care.term_months = 3
        order = self.confirm(self.care)
        self.run_at(2027, 1, 1, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 28), date(2026, 3, 31)])
        self.assertFalse(order.next_renewal_date)

    def test_term_after_trial(self):
        self.care.write({"trial_days": 14, "term_months": 2})
        order = self.confirm(self.care)
        self.run_at(2027, 1, 1, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 14), date(2026, 3, 14)])

    def test_plans_that_meet_share_an_order(self):
        quarterly = self.create_plan("Quarterly", 3)
        rent = self.create_product("Rent", 300, opportunity_plan_id=quarterly.id)
        order = self.confirm(self.care, rent)
        self.run_at(2026, 4, 30, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)])
        last = order.renewal_ids.filtered(lambda renewal: renewal.renewal_date == date(2026, 4, 30))
        self.assertEqual(last.amount_untaxed, 399.99)
        line = last.order_line.filtered(lambda line: line.product_id == rent)
        self.assertIn("04/30/2026 – 07/30/2026", line.name)

    def test_the_plan_may_change_meanwhile(self):
        order = self.confirm(self.care)
        self.monthly.number_of_months = 12
        self.run_at(2026, 3, 31, 6, 0)
        self.assertEqual(len(order.renewal_ids), 2)

    def test_cancelling_stops(self):
        order = self.confirm(self.care)
        order.action_cancel()
        self.run_at(2026, 6, 1, 6, 0)
        self.assertFalse(order.renewal_ids)
        self.assertFalse(order.next_renewal_date)

    def test_cancelling_a_renewal_leaves_out_its_period(self):
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        order.renewal_ids.action_cancel()
        self.run_at(2026, 3, 31, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 28), date(2026, 3, 31)])

    def test_stop_and_resume(self):
        """Stopped on the order or on one of its renewals; what was missed meanwhile is not made up for."""
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        order.renewal_ids.with_user(self.rep).action_stop_renewals()
        self.run_at(2026, 5, 15, 6, 0)
        self.assertEqual(len(order.renewal_ids), 1)
        with self.at(datetime(2026, 5, 15, 6, 0)):
            order.action_resume_renewals()
        self.assertEqual(order.next_renewal_date, date(2026, 5, 31))
        self.run_at(2026, 5, 31, 6, 0)
        self.assertEqual(self.dates(order), [date(2026, 2, 28), date(2026, 5, 31)])

    def test_who_may_stop(self):
        order = self.confirm(self.care)
        for user in (self.colleague, self.employee, self.portal):
            with self.assertRaises(AccessError):
                order.with_user(user).action_stop_renewals()
        with self.assertRaises(UserError):
            self.order(self.create_deal(self.oven)).action_resume_renewals()

    def test_confirmed_again(self):
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        order.action_cancel()
        with self.at(datetime(2026, 3, 20, 6, 0)):
            order.action_draft()
            order.action_confirm()
        self.assertEqual(order.next_renewal_date, date(2026, 3, 31))

    def test_price_of_the_confirmed_order(self):
        """What was agreed on the order counts, not what became of the opportunity."""
        lead = self.create_deal(self.care)
        with self.at(END_OF_JANUARY):
            order = self.order(lead)
            order.order_line.filtered("product_id")[0].price_unit = 10
            order.action_confirm()
        lead.line_ids.price_unit = 500
        amount = order.amount_untaxed
        self.run_at(2026, 3, 1, 6, 0)
        self.assertEqual(order.renewal_ids.amount_untaxed, amount)

    def test_renewals_renew_nothing_and_win_nothing(self):
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        renewal = order.renewal_ids
        renewal.action_confirm()
        self.assertFalse(renewal.next_renewal_date)
        self.assertFalse(renewal.order_line.filtered("recurring_start"))
        self.assertEqual(self.order(order.opportunity_id), order)

    @mute_logger(LOGGER)
    def test_a_bad_one_stops_no_other(self):
        bad, good = self.confirm(self.care), self.confirm(self.care)
        part = bad.order_line.filtered("product_id")[0]
        product = self.create_product("Elsewhere", 5)
        part.product_id = product
        self.set_company(product, self.other_company)
        self.run_at(2026, 3, 1, 6, 0)
        self.assertFalse(bad.renewal_ids)
        self.assertTrue(bad.renewal_error)
        self.assertEqual(len(good.renewal_ids), 1)
        self.assertTrue(self.cron.active)
        self.set_company(product, None)
        self.run_at(2026, 3, 31, 6, 0)
        self.assertEqual(self.dates(bad), [date(2026, 2, 28), date(2026, 3, 31)])
        self.assertFalse(bad.renewal_error)

    def test_in_the_company_of_the_order(self):
        self.manager.company_ids += self.other_company
        both = (self.company | self.other_company).ids
        lead = self.create_deal(self.care, user=self.manager, team_id=False, company_id=self.other_company.id)
        with self.at(END_OF_JANUARY):
            order = self.order(lead.with_context(allowed_company_ids=both[::-1]))
            order.action_confirm()
        self.run_at(2026, 3, 1, 6, 0)
        self.assertEqual(order.renewal_ids.company_id, self.other_company)

    def test_losing_leaves_renewals_alone(self):
        order = self.confirm(self.care)
        self.run_at(2026, 3, 1, 6, 0)
        self.assertFalse(order.opportunity_id._get_open_quotations())

    def test_merged_opportunities_keep_their_renewals(self):
        order = self.confirm(self.care)
        head = (order.opportunity_id | self.create_deal(self.oven))._merge_opportunity()
        self.run_at(2026, 3, 1, 6, 0)
        self.assertEqual(order.renewal_ids.opportunity_id, head)
