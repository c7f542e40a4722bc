from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import NOW, OpportunityCase

TODAY = NOW.date()


def day(offset):
    return TODAY + timedelta(days=offset)


class TestNextAction(OpportunityCase):
    """The next action is the earliest open activity, and nothing else."""

    def plan(self, lead, offset, summary, user=None):
        return lead.activity_schedule(
            "mail.mail_activity_data_call", day(offset), summary, user_id=(user or self.rep).id
        )

    def test_setting_it_plans_an_activity(self):
        lead = self.create_lead(next_action_date=day(3), next_action_note="Call about the offer")
        activity = lead.activity_ids
        self.assertEqual(activity.date_deadline, day(3))
        self.assertEqual(activity.summary, "Call about the offer")
        self.assertEqual(activity.user_id, self.rep)
        self.assertFalse(lead.is_next_action_missing)

    def test_earliest_open_activity_wins(self):
        lead = self.create_lead()
        self.plan(lead, 9, "Later")
        early = self.plan(lead, 2, "Sooner")
        self.assertEqual((lead.next_action_date, lead.next_action_note), (day(2), "Sooner"))
        early.action_feedback()
        self.assertEqual((lead.next_action_date, lead.next_action_note), (day(9), "Later"))

    def test_changing_it_reschedules_that_activity(self):
        lead = self.create_lead()
        self.plan(lead, 9, "Later")
        early = self.plan(lead, 2, "Sooner")
        lead.write({"next_action_date": day(4), "next_action_note": "Sooner, but not so soon"})
        self.assertEqual((early.date_deadline, early.summary), (day(4), "Sooner, but not so soon"))
        self.assertEqual(len(lead.activity_ids), 2)

    def test_one_write_for_many(self):
        leads = self.create_lead() | self.create_lead()
        self.plan(leads[0], 2, "Sooner")
        leads.write({"next_action_date": day(5)})
        self.assertEqual(leads.mapped("next_action_date"), [day(5), day(5)])
        self.assertEqual([len(lead.activity_ids) for lead in leads], [1, 1])

    def test_form(self):
        lead = self.create_lead()
        with Form(lead) as form:
            form.next_action_date = day(1)
            form.next_action_note = "Send the offer"
        self.assertEqual(lead.activity_ids.summary, "Send the offer")
        with Form(lead) as form:
            form.name = "An overdue deal may still be renamed"
        self.assertEqual(len(lead.activity_ids), 1)

    def test_not_in_the_past(self):
        lead = self.create_lead()
        with self.assertRaisesRegex(ValidationError, "cannot be in the past"):
            lead.next_action_date = day(-1)
        with self.assertRaisesRegex(ValidationError, "cannot be in the past"), self.cr.savepoint():
            self.create_lead(name="Half written", next_action_date=day(-1))
        self.assertFalse(lead.search([("name", "=", "Half written")]))
        self.assertFalse(lead.activity_ids)

    def test_overdue_action_may_stay(self):
        lead = self.create_lead()
        self.plan(lead, -4, "Overdue")
        lead.next_action_note = "Overdue, with a better name"
        self.assertEqual(lead.next_action_date, day(-4))

    def test_clearing_the_date_asks_what_is_meant(self):
        lead = self.create_lead(next_action_date=day(3))
        with self.assertRaisesRegex(UserError, "Mark it done or cancel it"):
            lead.next_action_date = False
        with self.assertRaisesRegex(UserError, "When is the next action"):
            self.create_lead(next_action_note="Someday")

    def test_missing(self):
        lead = self.create_lead()
        planned = self.create_lead(next_action_date=day(0))
        lost = self.create_lead()
        lost.action_set_lost()
        won = self.create_lead()
        won.action_set_won()
        prospect = self.create_lead(type="lead")
        leads = (lead | planned | lost | won | prospect).with_context(active_test=False)
        self.assertEqual(leads.filtered("is_next_action_missing"), lead)
        domain = [("id", "in", leads.ids)]
        self.assertEqual(leads.search([("is_next_action_missing", "=", True), *domain]), lead)
        self.assertEqual(leads.search([("is_next_action_missing", "=", False), *domain]), leads.sorted() - lead)

    def test_search_sort_and_group(self):
        none = self.create_lead()
        late = self.create_lead()
        self.plan(late, -2, "Late")
        soon = self.create_lead(next_action_date=day(1))
        self.plan(soon, 40, "Much later")
        leads = none | late | soon
        domain = [("id", "in", leads.ids)]

        def found(*condition):
            return leads.search([condition, *domain])

        self.assertEqual(found("next_action_date", "<", "today"), late)
        self.assertEqual(found("next_action_date", ">", day(0)), soon)
        self.assertEqual(found("next_action_date", ">", day(10)), leads.browse(), "only the earliest one counts")
        self.assertEqual(found("next_action_date", "=", day(1)), soon)
        self.assertEqual(found("next_action_date", "=", False), none)
        self.assertEqual(found("next_action_date", "!=", False), soon | late)
        self.assertEqual(found("next_action_date", "in", [day(1), False]), soon | none)
        self.assertEqual(leads.search(domain, order="next_action_date"), late | soon | none)
        groups = leads.formatted_read_group(domain, ["next_action_date:day"], ["__count"])
        self.assertEqual(sorted(group["__count"] for group in groups), [1, 1, 1])

    def test_done_activity_is_no_next_action(self):
        lead = self.create_lead()
        self.plan(lead, 1, "Done").action_feedback()
        self.assertFalse(lead.next_action_date)
        self.assertFalse(lead.with_context(active_test=False).next_action_date)
        self.assertFalse(lead.search([("next_action_date", "!=", False), ("id", "=", lead.id)]))


class TestNextActionWizard(OpportunityCase):
    """“Done, and what next?”"""

    def open(self, lead):
        action = lead.action_next_action()
        return Form(self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"]))

    def test_done_and_plan_next(self):
        lead = self.create_lead(next_action_date=day(0), next_action_note="Call")
        done = lead.activity_ids
        form = self.open(lead)
        self.assertEqual(form.activity_id, done)
        form.feedback = "They want an offer"
        form.note = "Send the offer"
        form.date = day(2)
        form.save().action_done_and_plan()
        self.assertFalse(done.active)
        self.assertEqual(done.feedback, "They want an offer")
        self.assertEqual((lead.next_action_date, lead.next_action_note), (day(2), "Send the offer"))
        self.assertIn("They want an offer", "".join(lead.message_ids.mapped("body")))

    def test_plan_the_first(self):
        lead = self.create_lead()
        form = self.open(lead)
        form.note = "Introduce ourselves"
        form.date = day(1)
        form.save().action_done_and_plan()
        self.assertEqual(lead.next_action_note, "Introduce ourselves")

    def test_done_and_nothing_next(self):
        lead = self.create_lead(next_action_date=day(0))
        self.open(lead).save().action_done()
        self.assertTrue(lead.is_next_action_missing)

    def test_next_in_the_past(self):
        lead = self.create_lead(next_action_date=day(0), next_action_note="Call")
        form = self.open(lead)
        form.date = day(-1)
        with self.assertRaisesRegex(ValidationError, "today or later"):
            form.save().action_done_and_plan()
        self.assertEqual(lead.next_action_note, "Call", "the current action is not finished half-way")

    def test_type_that_triggers_its_own_next(self):
        follow_up = self.env["mail.activity.type"].create({"name": "Follow up"})
        call = self.env["mail.activity.type"].create(
            {"name": "First call", "chaining_type": "trigger", "triggered_next_type_id": follow_up.id}
        )
        lead = self.create_lead(next_action_date=day(0))
        lead.activity_ids.activity_type_id = call
        form = self.open(lead)
        self.assertEqual(form.activity_type_id, follow_up)
        form.date = day(3)
        form.save().action_done_and_plan()
        self.assertEqual(len(lead.activity_ids), 1, "the next action is planned once")
        self.assertEqual(lead.next_action_date, day(3))

    def test_finishing_an_activity_anywhere_asks(self):
        lead = self.create_lead(next_action_date=day(0))
        self.assertFalse(lead.action_ask_next_action(), "something is planned")
        lead.activity_ids.action_feedback()
        self.assertEqual(lead.action_ask_next_action()["res_model"], "opportunity.next.action")
        lead.action_set_lost()
        self.assertFalse(lead.action_ask_next_action(), "a lost deal needs no next action")

    def test_not_on_opportunities_of_others(self):
        lead = self.create_lead(user=self.colleague, next_action_date=day(0))
        with self.assertRaises(Exception) as refused:
            self.env["opportunity.next.action"].with_user(self.rep).create({"lead_id": lead.id}).action_done()
        self.assertEqual(type(refused.exception).__name__, "AccessError")
        self.assertTrue(lead.activity_ids.active)
