from datetime import date, datetime, timedelta

from .common_dashboard import SPRING, DashboardCase

PANELS = ["forecast", "funnel", "slowest", "performance", "attention"]
JUNE = date(2026, 6, 20)


class TestDashboardRights(DashboardCase):
    """Everybody sees the numbers of what they may see."""

    def setUp(self):
        super().setUp()
        self.mine = self.open_deal(JUNE, 100)
        self.theirs = self.open_deal(JUNE, 10, user=self.colleague)

    def best(self, user):
        return self.look("forecast", user)["totals"]["best"]["amount"]

    def test_own_documents(self):
        table = {self.rep: 100, self.colleague: 10, self.senior: 110, self.manager: 110, self.overseas: 0}
        self.assertEqual({user: self.best(user) for user in table}, table)

    def test_shared(self):
        share = self.env["opportunity.share"].with_user(self.manager)
        share.create({"lead_id": self.theirs.id, "user_id": self.rep.id})
        self.assertEqual(self.best(self.rep), 110)

    def test_every_panel_of_a_rep_has_their_own(self):
        self.closed_deal(datetime(2026, 4, 10, 9), 300, user=self.colleague)
        self.closed_deal(datetime(2026, 4, 11, 9), 5)
        self.assertEqual([row["id"] for row in self.look("performance", self.rep)], [self.rep.id])
        self.assertEqual([row["id"] for row in self.look("performance", self.rep, basis="credit")], [self.rep.id])
        self.assertEqual(self.look("funnel", self.rep)[0]["left"]["count"], 1)
        self.assertEqual(self.look("attention", self.rep)["no_next_action"]["count"], 1)
        for panel in ("forecast", "funnel", "performance", "attention"):
            self.assertOpens(self.look(panel, self.rep), self.rep)

    def test_other_company(self):
        values = {"company_id": self.other_company.id, "template_id": False, "team_id": False}
        self.create_lead(self.overseas, expected_revenue=7, date_deadline=JUNE, **values)
        answer = self.env["opportunity.dashboard"].with_user(self.overseas).read_panels(PANELS)
        self.assertEqual(answer["forecast"]["totals"]["best"]["amount"], 7)
        self.assertEqual(answer["attention"]["no_next_action"]["count"], 1)


class TestAttention(DashboardCase):
    def counts(self, **filters):
        return {name: number["count"] for name, number in self.look("attention", **filters).items() if number["count"]}

    def test_next_action_and_target(self):
        with self.at(SPRING - timedelta(days=6)):
            self.open_deal(JUNE)
        planned = self.open_deal(JUNE)
        planned.activity_schedule("mail.mail_activity_data_call")
        self.open_deal(JUNE).action_set_lost()
        self.assertEqual(self.counts(), {"no_next_action": 1, "over_target": 1})
        self.assertFalse(self.counts(template_id=self.create_template("Other").id))
        self.assertOpens(self.look("attention"))

    def test_blocked_at_a_gate(self):
        """Late, and with a required step of the stage to do, which the template insists on."""
        gated = self.create_template("Gated")
        self.add_step(gated, self.first, "Call", required=True)
        self.add_step(gated, self.first, "Mail", required=False)
        self.add_condition(gated, self.first, "steps")
        lax = self.create_template("Lax")
        self.add_step(lax, self.first, "Call", required=True)
        self.add_condition(lax, self.first, "steps", severity="warn")
        with self.at(SPRING - timedelta(days=6)):
            blocked, done, _unasked = (self.open_deal(JUNE, template_id=id_) for id_ in (gated.id, gated.id, lax.id))
        self.open_deal(JUNE, template_id=gated.id)
        done.step_ids.filtered("required").with_user(self.rep).action_done()
        answer = self.look("attention")
        self.assertEqual((answer["blocked"]["count"], answer["over_target"]["count"]), (1, 3))
        self.assertEqual(self.env["crm.lead"].search(answer["blocked"]["domain"]), blocked)
        self.assertEqual([lead.is_held_by_steps for lead in (blocked, done, _unasked)], [True, False, False])
        others = self.env["crm.lead"].search([("id", "in", (blocked | done).ids), ("is_held_by_steps", "=", False)])
        self.assertEqual(others, done)
        self.assertOpens(answer)

    def test_follow_up(self):
        sequence = self.env["opportunity.sequence"].create({"name": "Chase"})
        step = self.env["opportunity.sequence.step"].create(
            {"sequence_id": sequence.id, "name": "Write", "kind": "note"}
        )
        for state, delivery in (("failed", False), ("done", "doubt"), ("done", "sent")):
            enrollment = self.env["opportunity.enrollment"].create(
                {"lead_id": self.open_deal(JUNE).id, "sequence_id": sequence.id, "date_start": SPRING}
            )
            self.env["opportunity.enrollment.step"].create(
                {
                    "enrollment_id": enrollment.id,
                    "step_id": step.id,
                    "state": state,
                    "delivery": delivery,
                    "date_due": SPRING,
                }
            )
        self.assertEqual(self.counts()["failed_follow_up"], 2)
        self.assertOpens(self.look("attention"))
        enrollment.search([]).state = "stopped"
        self.assertNotIn("failed_follow_up", self.counts())

    def test_links_and_shares(self):
        buyer = self.env["res.partner"].create({"name": "Ms Buyer"})
        for days in (-1, 3, 30):
            lead = self.open_deal(JUNE, partner_id=buyer.id)
            self.env["opportunity.buy.link"].create(
                {
                    "lead_id": lead.id,
                    "partner_id": buyer.id,
                    "user_id": self.rep.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "date_sent": SPRING - timedelta(days=9),
                    "date_expiry": SPRING + timedelta(days=days),
                }
            )
        for days in (0, 7, 8, False):
            self.env["opportunity.share"].with_user(self.rep).create(
                {
                    "lead_id": self.open_deal(JUNE).id,
                    "user_id": self.colleague.id,
                    "date_end": days is not False and SPRING.date() + timedelta(days=days),
                }
            )
        counts = self.counts()
        self.assertEqual((counts["expiring_links"], counts["expiring_shares"]), (1, 2))
        self.assertOpens(self.look("attention"))


class TestDashboardQueries(DashboardCase):
    def test_queries_do_not_grow(self):
        """As many for a hundred opportunities as for a few."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["opportunity.dashboard"].with_user(self.manager).read_panels(PANELS)
            return self.env.cr.sql_log_count - before

        for _number in range(6):
            self.open_deal(JUNE)
        self.closed_deal(datetime(2026, 4, 10, 9), 300)
        count()
        few = count()
        for number in range(60):
            self.open_deal(JUNE, number)
        for _number in range(20):
            self.closed_deal(datetime(2026, 4, 10, 9), 300)
        count()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(few):
            self.env["opportunity.dashboard"].with_user(self.manager).read_panels(PANELS)
