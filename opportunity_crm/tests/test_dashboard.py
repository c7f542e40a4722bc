from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common_dashboard import DashboardCase

APRIL, MAY, JUNE = date(2026, 4, 20), date(2026, 5, 20), date(2026, 6, 20)


class TestForecast(DashboardCase):
    """What is expected by month, against what was won in the period before."""

    def test_months(self):
        self.open_deal(MAY, 1000)
        self.open_deal(MAY, 500, stage_id=self.third.id)
        self.open_deal(JUNE, 200, probability=80)
        self.closed_deal(datetime(2026, 4, 10, 9), 300)
        self.closed_deal(datetime(2026, 2, 10, 9), 250)
        self.closed_deal(datetime(2026, 2, 11, 9), 50)
        self.closed_deal(datetime(2025, 12, 11, 9), 999)
        april, may, june = self.look("forecast")["months"]
        self.assertEqual([month["month"] for month in (april, may, june)], ["2026-04-01", "2026-05-01", "2026-06-01"])
        table = [
            (m["last"]["amount"], m["won"]["amount"], m["committed"]["amount"], m["weighted"], m["best"]["amount"])
            for m in (april, may, june)
        ]
        self.assertEqual(table, [(0, 300, 0, 0, 0), (300, 0, 0, 400, 1500), (0, 0, 200, 160, 200)])

    def test_totals_and_what_has_no_month(self):
        self.open_deal(MAY, 1000)
        self.open_deal(JUNE, 200)
        self.open_deal(date(2026, 3, 31), 70)
        self.open_deal(False, 30)
        self.open_deal(date(2026, 7, 1), 5000)
        self.closed_deal(datetime(2026, 4, 10, 9), 300)
        self.closed_deal(datetime(2026, 5, 1, 9), 300, "lost")
        self.closed_deal(datetime(2026, 1, 10, 9), 100)
        answer = self.look("forecast")
        self.assertEqual([answer[name]["amount"] for name in ("late", "undated")], [70, 30])
        totals = answer["totals"]
        self.assertEqual((totals["best"]["count"], totals["best"]["amount"], totals["weighted"]), (2, 1200, 120))
        counts = {name: totals[name]["count"] for name in ("won", "lost", "last_won", "last_lost")}
        self.assertEqual(counts, {"won": 1, "lost": 1, "last_won": 1, "last_lost": 0})
        self.assertOpens(answer)

    def test_recurring(self):
        plan = self.env["crm.recurring.plan"].create({"name": "Yearly", "number_of_months": 12})
        self.open_deal(MAY, 0, recurring_revenue=1200, recurring_plan=plan.id, probability=50)
        totals = self.look("forecast")["totals"]
        self.assertEqual((totals["recurring"], totals["recurring_weighted"]), (100, 50))

    def test_prediction_where_the_template_sets_the_probability(self):
        """Of those that reached the stage, a quarter was won, whatever the template says."""
        self.env["crm.lead.scoring.frequency"].search([("variable", "=", "stage_id")]).unlink()
        self.env["crm.lead.scoring.frequency"].create(
            {"variable": "stage_id", "value": str(self.first.id), "won_count": 5, "lost_count": 15}
        )
        self.open_deal(MAY, 1000)
        totals = self.look("forecast")["totals"]
        self.assertEqual((totals["weighted"], totals["predicted"]), (100, 250))

    def test_prediction_of_the_opportunity(self):
        self.template.action_draft()
        self.template.stage_ids[0].use_automated_probability = True
        self.template.action_activate()
        lead = self.open_deal(MAY, 1000, probability=90)
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET automated_probability = 40 WHERE id = %s", [lead.id])
        totals = self.look("forecast")["totals"]
        self.assertEqual((totals["weighted"], totals["predicted"]), (900, 400))

    def test_periods(self):
        self.open_deal(MAY)
        self.open_deal(JUNE)
        self.open_deal(date(2026, 11, 2))
        counts = {p: self.look("forecast", period=p)["totals"]["best"]["count"] for p in ("month", "quarter", "year")}
        self.assertEqual(counts, {"month": 1, "quarter": 2, "year": 3})
        self.assertEqual(len(self.look("forecast", period="year")["months"]), 12)

    def test_day_of_the_user(self):
        """In Brussels it was the first of April already."""
        self.closed_deal(datetime(2026, 3, 31, 22, 30), 300)
        answer = self.look("forecast")
        self.assertEqual(answer["months"][0]["won"]["amount"], 300)
        self.assertEqual(answer["totals"]["last_won"]["count"], 0)
        self.assertOpens(answer)

    def test_closed_opportunities_are_expected_no_more(self):
        self.open_deal(MAY).action_set_lost()
        self.open_deal(MAY).action_archive()
        self.open_deal(MAY).action_set_won()
        self.open_deal(MAY, type="lead")
        totals = self.look("forecast")["totals"]
        self.assertEqual((totals["best"]["count"], totals["won"]["count"], totals["lost"]["count"]), (0, 1, 1))

    def test_amounts_in_the_currency_of_the_company(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XDB",
                "symbol": "x",
                "rate_ids": [Command.create({"rate": 4 * self.company.currency_id.rate, "name": date(2026, 1, 1)})],
            }
        )
        self.other_company.currency_id = currency
        self.manager.company_ids |= self.other_company
        owner = {"user": self.overseas, "company_id": self.other_company.id, "template_id": False, "team_id": False}
        self.create_lead(expected_revenue=400, date_deadline=MAY, **owner)
        self.open_deal(MAY, 10)
        dashboard = self.env["opportunity.dashboard"].with_user(self.manager)
        one, both = (
            dashboard.with_context(allowed_company_ids=companies.ids).read_panels(["forecast"])["forecast"]["totals"]
            for companies in (self.company, self.company | self.other_company)
        )
        self.assertEqual(both["best"]["count"] - one["best"]["count"], 1)
        self.assertAlmostEqual(both["best"]["amount"] - one["best"]["amount"], 100)


class TestFunnel(DashboardCase):
    def test_conversion_and_days(self):
        """Three left the first stage in the quarter, one of them for nothing; one did so before."""
        self.deal((40, self.second), (46, self.third))
        self.deal((42, self.second))
        self.deal((44, lambda lead: lead.action_set_lost()))
        self.deal((2, self.second))
        answer = self.look("funnel")
        rows = {row["name"]: row for row in answer}
        first, second = rows["First"], rows["Second"]
        self.assertEqual([row["name"] for row in answer], ["First", "Second", "Third"])
        self.assertEqual([first[name]["count"] for name in ("left", "went_on", "dropped", "over")], [3, 2, 1, 3])
        self.assertAlmostEqual(first["conversion"], 2 / 3)
        self.assertEqual([first[name] for name in ("days", "median", "target")], [42, 42, 5])
        self.assertEqual([second[name] for name in ("days", "conversion", "target")], [6, 1, 10])
        self.assertEqual([row["open"]["count"] for row in answer], [0, 2, 1])
        self.assertOpens(answer)

    def test_template_counts_all_revisions(self):
        self.deal((40, self.second))
        other = self.create_template("Other")
        self.deal((41, self.second), template_id=other.id)
        revision = self.template._make_next_revision()
        self.template.state = "archived"
        revision.state = "active"
        self.deal((42, self.second), template_id=revision.id)
        counts = [self.look("funnel", template_id=id_)[0]["left"]["count"] for id_ in (self.template.id, revision.id)]
        self.assertEqual(counts, [2, 2])
        self.assertEqual(self.look("forecast", template_id=self.template.id)["undated"]["count"], 2)

    def test_slowest(self):
        with self.day(0):
            slow = self.open_deal(MAY, 5)
        with self.at(datetime(2026, 2, 1, 9)):
            slower = self.open_deal(MAY, 7)
        self.open_deal(MAY)
        deals = self.look("slowest")["deals"]
        self.assertEqual([deal["id"] for deal in deals], [slower.id, slow.id])
        self.assertEqual([deals[0][name] for name in ("days", "target", "amount", "stage")], [103, 5, 7, "First"])


class TestPerformance(DashboardCase):
    def test_by_owner(self):
        april = datetime(2026, 4, 11, 9)
        self.closed_deal(april, 300, created=datetime(2026, 4, 1, 9))
        self.closed_deal(april, 100, created=datetime(2026, 4, 9, 9))
        self.closed_deal(april, 900, "lost")
        self.closed_deal(april, 250, user=self.colleague)
        self.closed_deal(datetime(2026, 2, 2, 9), 5000)
        activity = self.open_deal(MAY).activity_schedule("mail.mail_activity_data_call", user_id=self.rep.id)
        activity.with_user(self.rep).action_feedback()
        answer = self.look("performance")
        table = {row["id"]: row for row in answer}
        mine, theirs = table[self.rep.id], table[self.colleague.id]
        self.assertEqual([row["id"] for row in answer], [self.rep.id, self.colleague.id])
        self.assertEqual((mine["won"]["count"], mine["won"]["amount"], mine["lost"]["count"]), (2, 400, 1))
        self.assertAlmostEqual(mine["rate"], 2 / 3)
        self.assertEqual((mine["cycle"], mine["activities"]["count"]), (6, 1))
        self.assertEqual((theirs["won"]["count"], theirs["rate"], theirs["activities"]["count"]), (1, 1, 0))
        self.assertOpens(answer)

    def test_by_credit(self):
        role = self.env["opportunity.coverage.role"].create({"name": "Night Specialist"})
        member = Command.create({"user_id": self.colleague.id, "role_id": role.id, "credit": 40})
        group = self.env["opportunity.coverage.group"].create({"name": "Nights", "member_ids": [member]})
        self.closed_deal(datetime(2026, 4, 11, 9), 500, coverage_group_ids=group.ids)
        answer = self.look("performance", basis="credit")
        shares = {row["id"]: (round(row["won"]["count"], 2), row["won"]["amount"]) for row in answer}
        self.assertEqual(shares, {self.rep.id: (0.6, 300), self.colleague.id: (0.4, 200)})
        self.assertOpens(answer)
        self.assertEqual([row["id"] for row in self.look("performance")], [self.rep.id])


class TestFilters(DashboardCase):
    def test_bad_input_says_what_is_wanted(self):
        read = self.env["opportunity.dashboard"].with_user(self.manager).read_panels
        for panels, filters, message in (
            (["secrets"], {}, "has these panels: forecast"),
            ("forecast", {}, "has these panels"),
            (["forecast"], {"period": "decade"}, "one of month, quarter, year"),
            (["forecast"], {"period": ["month"]}, "one of month"),
            (["forecast"], {"basis": "luck"}, "one of owner, credit"),
            (["forecast"], {"team_ids": "1"}, "given by their ids"),
            (["forecast"], {"team_ids": [[1]]}, "given by their ids"),
            (["forecast"], {"template_id": "x"}, "given by their ids"),
            (["forecast"], {"domain": []}, "can be filtered by team_ids"),
            (["forecast"], [], "can be filtered by"),
        ):
            with self.subTest(filters=filters), self.assertRaisesRegex(UserError, message):
                read(panels, filters)

    def test_choices(self):
        self.create_template("Draft", activate=False)
        choices = self.env["opportunity.dashboard"].with_user(self.rep).get_choices()
        self.assertIn({"id": self.team.id, "name": "Field Sales"}, choices["teams"])
        self.assertIn({"id": self.template.id, "name": "Deal"}, choices["templates"])
        self.assertNotIn("Draft", [template["name"] for template in choices["templates"]])
        self.assertTrue(choices["is_empty"])
        self.open_deal(MAY).action_set_lost()
        self.assertFalse(self.env["opportunity.dashboard"].with_user(self.rep).get_choices()["is_empty"])

    def test_not_for_everybody(self):
        for user in (self.employee, self.portal):
            dashboard = self.env["opportunity.dashboard"].with_user(user)
            for panel in ("forecast", "funnel", "slowest", "performance", "attention"):
                with self.subTest(user=user.login, panel=panel), self.assertRaises(AccessError):
                    dashboard.read_panels([panel])
