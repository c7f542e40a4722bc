from ast import literal_eval
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common import NOW
from .test_coverage_credit import CreditCase

AMOUNTS = ["expected_revenue:sum", "prorated_revenue:sum", "won_revenue:sum", "deals:sum"]


class ReportCase(CreditCase):
    def deal(self, user=None, **values):
        values = {"expected_revenue": 1000, "probability": 40, **values}
        return self.create_lead(user=user or self.rep, **values)

    def report(self, user=None):
        self.env.flush_all()
        return self.env["opportunity.credit.report"].with_user(user or self.manager)

    def by(self, groupby, leads, amounts=AMOUNTS, user=None):
        """Return ``{group: [amounts]}``."""
        report = self.report(user).with_context(active_test=False)
        groups = report._read_group([("lead_id", "in", leads.ids)], [groupby], amounts)
        return {group: [round(amount or 0, 6) for amount in numbers] for group, *numbers in groups}


class TestCreditReport(ReportCase):
    def test_by_credit_and_by_owner(self):
        covered, alone = self.deal(coverage_group_ids=self.group.ids), self.deal(user=self.colleague)
        leads = covered | alone
        self.assertEqual(
            self.by("user_id", leads),
            {
                self.rep: [500, 200, 0, 0.5],
                self.colleague: [1300, 520, 0, 1.3],
                self.senior: [200, 80, 0, 0.2],
            },
        )
        self.assertEqual(self.by("owner_id", leads), {self.rep: [1000, 400, 0, 1], self.colleague: [1000, 400, 0, 1]})
        roles = self.by("role_id", leads, ["credit:avg"])
        self.assertEqual(
            {role.name: credit for role, credit in roles.items()},
            {
                False: [75],
                "Night Specialist": [30],
                "Night Sponsor": [20],
            },
        )

    def test_sums_are_those_of_the_opportunities(self):
        """Whatever covers them, nothing is lost and nothing counted twice."""
        days = self.create_group("Days", (self.manager, self.sponsor, {"credit": 33.33}))
        full = self.create_group("Full", (self.manager, self.sponsor, {"credit": 100}))
        leads = self.env["crm.lead"]
        for number, groups in enumerate((self.group, self.group | days, full, self.group.browse())):
            for close in (None, "action_set_won", "action_set_lost"):
                lead = self.deal(coverage_group_ids=groups.ids, expected_revenue=777.77 + number)
                if close:
                    getattr(lead, close)()
                leads |= lead
        # credit that came to be too much without anybody writing it: everybody's part shrinks
        self.cr.execute("UPDATE opportunity_coverage_member SET credit = 90 WHERE group_id = %s", [days.id])
        self.env.invalidate_all()
        for lead in leads:
            [[expected, prorated, _won, deals]] = self.by("lead_id", lead).values()
            self.assertAlmostEqual(expected, lead.expected_revenue, 4)
            self.assertAlmostEqual(prorated, lead.prorated_revenue, 1)
            self.assertAlmostEqual(deals, 1, 6)

    def test_won_and_lost(self):
        won, lost = self.deal(coverage_group_ids=self.group.ids), self.deal(coverage_group_ids=self.group.ids)
        won.action_set_won()
        lost.action_set_lost()
        self.group.member_ids.unlink()
        self.assertEqual(self.by("user_id", won)[self.colleague], [300, 300, 300, 0.3])
        self.assertEqual(self.by("user_id", lost)[self.colleague], [300, 0, 0, 0.3])
        shown = self.report().search([("lead_id", "in", (won | lost).ids)])
        self.assertEqual(shown.lead_id, won, "lost opportunities are archived, and shown by the filter")

    def test_closed_before_credit_was_kept(self):
        lead = self.deal(coverage_group_ids=self.group.ids)
        lead.action_set_won()
        lead.sudo().credit_ids.unlink()
        self.group.member_ids[0].date_to = NOW.date()
        with self.at(NOW + timedelta(days=30)):
            self.assertEqual(self.by("user_id", lead)[self.colleague], [300, 300, 300, 0.3])

    def test_unassigned_leads_and_recurring(self):
        lead = self.deal(coverage_group_ids=self.group.ids, recurring_revenue=120)
        lead.sudo().user_id = False
        amounts = ["recurring_revenue_monthly:sum", "recurring_revenue_monthly_prorated:sum"]
        self.assertEqual(self.by("user_id", lead, amounts)[self.env["res.users"]], [60, 24])
        self.assertFalse(self.by("user_id", self.deal(type="lead")))

    def test_the_same_person_twice(self):
        lead = self.deal(user=self.colleague, coverage_group_ids=self.group.ids)
        self.assertEqual(self.by("user_id", lead)[self.colleague], [800, 320, 0, 0.8])
        self.assertEqual(self.by("basis", lead)["owner"], [500, 200, 0, 0.5])

    def test_current_revision_stands_for_all(self):
        lead = self.deal(template_id=self.template.id)
        self.template.action_edit()
        draft = self.template.revision_ids - self.template
        draft.closing_days = 9
        draft._publish()
        self.assertEqual(list(self.by("template_id", lead)), [draft])

    def test_currencies(self):
        other = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        self.other_company.currency_id = other
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 4, "name": "2026-01-01", "company_id": self.company.id}
        )
        abroad = self.deal(user=self.overseas)
        self.assertEqual(abroad.company_id, self.other_company)
        self.manager.company_ids += self.other_company
        report = self.report().with_context(allowed_company_ids=(self.company | self.other_company).ids)
        row = report.search([("lead_id", "=", abroad.id)])
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertEqual(row.expected_revenue, 250)
        self.env.invalidate_all()
        row = self.report(self.overseas).search([("lead_id", "=", abroad.id)])
        self.assertEqual((row.currency_id, row.expected_revenue), (other, 1000))

    def test_forecast_as_the_web_client_reads_it(self):
        lead = self.deal(coverage_group_ids=self.group.ids, date_deadline="2026-05-20")
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_credit_report_action_forecast")
        domain = [("lead_id", "=", lead.id), *literal_eval(action["domain"])]
        groups = self.report().formatted_read_group(
            domain, ["date_deadline:month", "user_id"], ["prorated_revenue:sum"]
        )
        self.assertEqual(
            [(group["user_id"][0], group["prorated_revenue:sum"]) for group in groups],
            [(self.colleague.id, 120), (self.rep.id, 200), (self.senior.id, 80)],
        )
        self.assertEqual(action["view_mode"].split(",")[0], "graph")

    def test_drill_down_opens_the_right_opportunity(self):
        leads = self.deal(coverage_group_ids=self.group.ids) | self.deal(coverage_group_ids=self.group.ids)
        rows = self.report().search([("lead_id", "in", leads.ids)])
        self.assertEqual(len(rows), 6)
        for row in rows:
            self.assertEqual(row.action_open_opportunity()["res_id"], row.lead_id.id)
            self.assertEqual(row.id // 1024, row.lead_id.id, "whatever changes, an id leads to its opportunity")


class TestCreditReportRights(ReportCase):
    """Whoever sees an opportunity sees its shares; nobody else does."""

    def setUp(self):
        super().setUp()
        self.lead = self.deal(coverage_group_ids=self.group.ids, company_id=self.company.id)
        self.users = self.rep, self.colleague, self.senior, self.manager, self.overseas

    def count(self, user):
        report = self.report(user)
        domain = [("lead_id", "=", self.lead.id)]
        found = report.search_count(domain)
        self.assertEqual(sum(count for *_group, count in report._read_group(domain, ["user_id"], ["__count"])), found)
        self.assertEqual(len(report.search(domain).read(["expected_revenue"])), found)
        return found

    def test_as_the_opportunities(self):
        for owner in (self.rep, self.colleague, self.env["res.users"]):
            self.lead.sudo().write({"user_id": owner.id, "company_id": self.company.id})
            for user in self.users:
                sees = bool(self.env["crm.lead"].with_user(user).search_count([("id", "=", self.lead.id)]))
                with self.subTest(owner=owner.login, user=user.login):
                    self.assertEqual(self.count(user), 3 if sees else 0)

    def test_no_access_without_sales(self):
        for user in (self.employee, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.report(user).search_count([])
            with self.assertRaises(AccessError):
                self.report(user)._read_group([], [], ["expected_revenue:sum"])

    def test_nothing_is_written(self):
        row = self.report(self.manager).search([("lead_id", "=", self.lead.id)], limit=1)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.has_access(operation))

    def test_by_id_and_export(self):
        """Who knows the number of a row reads nothing of an opportunity that is not theirs."""
        rows = self.report(self.manager).search([("lead_id", "=", self.lead.id)])
        self.overseas.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        hidden = self.report(self.overseas).browse(rows.ids)
        self.assertFalse(hidden.read(["expected_revenue"]))
        with self.assertRaises(UserError):
            hidden.export_data(["lead_id", "expected_revenue"])
        with self.assertRaises(UserError):
            hidden[0].action_open_opportunity()
