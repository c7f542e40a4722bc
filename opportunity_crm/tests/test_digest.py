from ast import literal_eval
from datetime import datetime, timedelta

from lxml import html

from odoo import fields
from odoo.tests import tagged

from .common import NOW
from .common_followup import FollowupCase

KPIS = (
    "kpi_opportunity_no_next_action",
    "kpi_opportunity_over_target",
    "kpi_opportunity_followup",
    "kpi_opportunity_forecast",
    "kpi_opportunity_moved",
    "kpi_opportunity_won",
)


@tagged("standard", "post_install", "-at_install")
class TestDigest(FollowupCase):
    """The weekly digest: its numbers for each recipient, and the e-mail with its links."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env.ref("opportunity_crm.digest_digest_weekly")
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()

    def setUp(self):
        super().setUp()
        self.seed()

    def seed(self):
        """Of the rep: three open and one won opportunity; of a colleague: one open one."""
        with self.at(NOW - timedelta(days=20)):
            self.late = self.create_lead(
                name="Late", template_id=self.template.id, expected_revenue=1000, date_deadline="2026-03-31"
            )
            self.env.flush_all()
        with self.at(NOW - timedelta(days=3)):
            self.planned = self.create_lead(
                name="Planned", expected_revenue=400, date_deadline="2026-04-01", next_action_date="2026-03-20"
            )
            self.plain = self.create_lead(name="Plain", expected_revenue=200, date_deadline="2026-03-01")
            self.plain.probability = 50
            self.other = self.create_lead(self.colleague, name="Another's", template_id=self.template.id)
            self.other.stage_id = self.third
        with self.at(NOW - timedelta(hours=1)):
            self.done = self.create_lead(name="Done", template_id=self.template.id, expected_revenue=3000)
            self.done.stage_id = self.second
            self.done.action_set_won()
        self.env.flush_all()

    def read_kpis(self, user, company=None, digest=None):
        """Return what the digest tells the user: ``{kpi: [value of each column]}``."""
        kpis = (digest or self.digest)._compute_kpis(company or user.company_id, user)
        columns = ("kpi_col1", "kpi_col2", "kpi_col3")
        return {kpi["kpi_name"]: [kpi[name]["value"] for name in columns if kpi[name]["value"] != ""] for kpi in kpis}

    def test_salesperson_gets_the_numbers_of_own_opportunities(self):
        numbers = self.read_kpis(self.rep)
        self.assertEqual(numbers["kpi_opportunity_no_next_action"], [2])
        self.assertEqual(numbers["kpi_opportunity_over_target"], [1])
        self.assertEqual(numbers["kpi_opportunity_followup"], [0])
        self.assertIn("200", numbers["kpi_opportunity_forecast"][0])  # 10 % of 1000 of Late, half of Plain
        self.assertEqual(numbers["kpi_opportunity_moved"], [2, 2, 2])
        self.assertIn("3k", numbers["kpi_opportunity_won"][0])

    def test_manager_gets_the_numbers_of_all(self):
        numbers = self.read_kpis(self.manager)
        self.assertEqual(numbers["kpi_opportunity_no_next_action"], [3])
        self.assertEqual(numbers["kpi_opportunity_moved"], [2, 3, 3])

    def test_what_stands_now_is_told_once(self):
        kpis = {kpi["kpi_name"]: kpi for kpi in self.digest._compute_kpis(self.company, self.manager)}
        self.assertEqual(kpis["kpi_opportunity_over_target"]["kpi_col1"]["col_subtitle"], "Now")
        self.assertEqual(kpis["kpi_opportunity_forecast"]["kpi_col1"]["col_subtitle"], "Closing this month")
        self.assertEqual(kpis["kpi_opportunity_won"]["kpi_col3"]["col_subtitle"], "Last 30 Days")

    def test_forecast_is_of_the_month_of_the_recipient(self):
        self.digest.kpi_opportunity_forecast = True
        with self.at(datetime(2026, 3, 31, 23, 0)):  # in Brussels it is April
            (forecast,) = self.read_kpis(self.rep)["kpi_opportunity_forecast"]
        chance = self.planned.probability / 100
        self.assertIn(str(round(400 * chance, 2)).rstrip("0").rstrip("."), forecast)

    def test_period_before_is_the_margin(self):
        with self.at(NOW - timedelta(days=40)):
            old = self.create_lead(name="Old", template_id=self.template.id, expected_revenue=1500)
            old.action_set_won()
        self.env.flush_all()
        kpis = {kpi["kpi_name"]: kpi for kpi in self.digest._compute_kpis(self.company, self.rep)}
        self.assertEqual(kpis["kpi_opportunity_won"]["kpi_col3"]["margin"], 100)

    def test_company(self):
        self.create_lead(self.overseas, name="Abroad")
        nobodys = self.env["crm.lead"].create({"name": "Nobody's", "type": "opportunity", "user_id": False})
        nobodys.company_id = False
        self.assertEqual(self.read_kpis(self.overseas)["kpi_opportunity_no_next_action"], [2])
        self.assertEqual(self.read_kpis(self.manager)["kpi_opportunity_no_next_action"], [4], "that of no company too")

    def test_digest_of_a_company(self):
        """The numbers are of the digest's company; who may not use it does not get them."""
        self.digest.company_id = self.other_company
        self.create_lead(self.overseas, name="Abroad")
        self.assertFalse(set(KPIS) & self.read_kpis(self.manager).keys())
        self.manager.company_ids += self.other_company
        self.assertEqual(self.read_kpis(self.manager)["kpi_opportunity_no_next_action"], [1])

    def test_several_digests_at_once(self):
        self.create_lead(self.overseas, name="Abroad")
        second = self.digest.copy({"company_id": self.other_company.id})
        values = (self.digest | second).mapped("kpi_opportunity_no_next_action_value")
        self.assertEqual(values, [3, 1])

    def test_numbers_are_not_for_everybody(self):
        self.assertFalse(set(KPIS) & self.read_kpis(self.employee).keys())

    def test_follow_up_to_decide_on(self):
        enrollment = self.start(self.create_sequence({"kind": "note"}), self.planned)
        enrollment.step_ids.sudo().write({"state": "failed"})
        self.assertEqual(self.read_kpis(self.rep)["kpi_opportunity_followup"], [1])
        enrollment.sudo().write({"state": "stopped"})
        self.assertEqual(self.read_kpis(self.rep)["kpi_opportunity_followup"], [0])
        enrollment.step_ids.sudo().write({"delivery": "doubt"})
        self.assertEqual(self.read_kpis(self.rep)["kpi_opportunity_followup"], [1], "nobody knows whether it left")

    def test_queries(self):
        """One number is one query; the others read the digest, the company and the action."""
        digest = self.digest.with_user(self.manager).with_company(self.company)
        self.assertEqual(digest.kpi_opportunity_no_next_action_value, 3)
        self.env.invalidate_all()
        with self.assertQueryCount(11):
            self.assertEqual(digest.kpi_opportunity_no_next_action_value, 3)

    def test_nobody_gets_it_unasked(self):
        self.assertFalse(self.digest.user_ids)
        self.assertEqual(self.digest.state, "activated")
        self.assertEqual(self.digest.periodicity, "weekly")
        self.assertEqual(self.digest.next_run_date.weekday(), 0)

    def test_subscribe_by_oneself(self):
        self.digest.with_user(self.manager).action_subscribe()
        self.assertEqual(self.digest.user_ids, self.manager)
        self.assertEqual(self.digest.with_user(self.manager).is_subscribed, True)
        self.digest.with_user(self.manager).action_unsubscribe()
        self.assertFalse(self.digest.user_ids)

    def test_email(self):
        """The scheduled action sends the numbers, with links that open exactly the records behind them."""
        self.digest.with_user(self.manager).action_subscribe()
        self.digest.next_run_date = fields.Date.to_date("2026-03-02")
        self.env["digest.digest"].search([]).filtered(lambda digest: digest != self.digest).state = "deactivated"
        self.env["res.users.log"].with_user(self.manager).sudo().create({})  # who does not log in gets it less often
        self.digest._cron_send_digest_email()
        mail = self.env["mail.mail"].search([("email_to", "=", self.manager.email_formatted)], order="id desc", limit=1)
        self.assertIn("Weekly Sales Digest", mail.subject)
        self.assertEqual(self.digest.next_run_date, fields.Date.to_date("2026-03-09"))
        page = html.fromstring(mail.body_html)
        for name in KPIS:
            (table,) = page.xpath(f"//table[@data-field='{name}']")
            (link,) = table.xpath(".//a/@href")
            self.assertIn("/odoo/action-opportunity_crm.", link)
        (missing,) = page.xpath("//table[@data-field='kpi_opportunity_no_next_action']")
        self.assertIn("3", missing.xpath(".//span[contains(@class, 'kpi_value ')]/text()"))
        (link,) = missing.xpath(".//a/@href")
        self.assertEqual(self.open_link(link), self.late | self.plain | self.other)

    def open_link(self, link):
        """Return the records that the manager sees behind a link of the e-mail."""
        name = link.split("action-")[1].split("?")[0]
        action = self.env["ir.actions.actions"].with_user(self.manager)._for_xml_id(name)
        records = self.env[action["res_model"]].with_user(self.manager)
        return records.with_context(allowed_company_ids=self.company.ids).search(literal_eval(action["domain"]))
