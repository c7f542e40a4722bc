from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from odoo.addons.opportunity_crm.models import opportunity_enrollment_engine

from .common import NOW
from .common_followup import FollowupCase

DAY = timedelta(days=1)
LATER = {"timing": "delay", "delay_count": 1}


class TestSequenceEngine(FollowupCase):
    """Limits, failures, what is late, and who may do what."""

    def lead(self, **values):
        return self.create_lead(**{"partner_id": self.customer.id, **values})

    def test_a_person_gets_so_many_emails_a_day_over_all_sequences(self):
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "2")
        runs = [self.start(self.create_sequence({"kind": "email"}, LATER), self.lead()) for _n in range(5)]
        self.run_engine(NOW)
        self.assertEqual(sum(run.step_ids[0].state == "done" for run in runs), 2)
        late = next(run for run in runs if run.step_ids[0].state == "due")
        self.assertEqual(late.date_next, NOW.replace(hour=23))  # midnight in Brussels
        self.assertIn("Postponed", late.step_ids.error)
        self.assertEqual(self.run_engine(NOW + timedelta(hours=13)), 0)
        self.run_engine(NOW + DAY)
        self.run_engine(NOW + 2 * DAY)
        self.assertEqual(sum(run.step_ids[0].state == "done" for run in runs), 5)
        days = self.env["opportunity.followup.quota"].search([("email", "=", "ann@example.com")])
        self.assertEqual(sorted(days.mapped("count")), [1, 2, 2])

    def test_quiet_hours_hold_for_emails_only(self):
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_quiet_hours", "21.0-12.0")
        quiet = self.start(self.create_sequence({"kind": "email"}), self.lead())
        loud = self.start(self.create_sequence({"kind": "note"}), self.lead())
        self.assertEqual(quiet.date_next, NOW.replace(hour=11))  # noon in Brussels
        self.assertEqual(loud.date_next, NOW)

    def test_blacklisted_are_never_written_to(self):
        sequence = self.create_sequence({"kind": "email"}, {"kind": "note"}, ends_on_unsubscribed=False)
        run = self.start(sequence, self.lead())
        self.env["mail.blacklist"]._add("ann@example.com")
        self.run_engine(NOW)
        self.assertEqual(self.states(run), ["skipped", "due"])
        self.assertFalse(run.step_ids.mail_id)

    def test_a_week_of_downtime_drains_without_a_flood(self):
        """One step at a time: those that were missed do not come all at once, and hours hold."""
        step = {"kind": "email", **LATER, "hours": "between", "hour_from": 9, "hour_to": 17}
        run = self.start(self.create_sequence(step, step, step), self.lead())
        night = NOW + 7 * DAY - timedelta(hours=6)
        self.run_engine(night)
        self.assertEqual(self.states(run), ["due"])
        self.run_engine(NOW + 7 * DAY)
        self.assertEqual(self.states(run), ["done", "due"])
        self.assertEqual(run.date_next, NOW + 8 * DAY)

    def test_a_date_that_has_passed(self):
        deadline = self.env["ir.model.fields"]._get("crm.lead", "date_deadline").id
        for past, states, state in (
            ("skip", ["skipped", "due"], "active"),
            ("run", ["due"], "active"),
            ("end", [], "completed"),
        ):
            step = {"timing": "before", "delay_count": 3, "date_field_id": deadline, "past": past}
            run = self.start(self.create_sequence(step, LATER), self.lead(date_deadline=date(2026, 3, 4)))
            self.assertEqual((self.states(run), run.state), (states, state), past)

    def test_a_step_follows_its_date(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        step = {"timing": "before", "delay_count": 3, "date_field_id": field.id}
        lead = self.lead()
        run = self.start(self.create_sequence(step), lead)
        self.assertEqual((run.current_id.state, run.state), ("failed", "active"))
        self.assertIn(field.field_description, run.current_id.error)
        lead.date_deadline = date(2026, 3, 20)
        self.assertEqual((run.current_id.state, run.date_next.date()), ("due", date(2026, 3, 16)))
        lead.date_deadline = date(2026, 3, 30)
        self.assertEqual(run.date_next.date(), date(2026, 3, 26))

    def test_a_refused_gate_parks_the_step_with_the_reason(self):
        self.add_condition(self.template, self.first, "fields", fields=["date_deadline"])
        sequence = self.create_sequence({"kind": "stage", "stage_id": self.second.id})
        refused, passing = (
            self.lead(template_id=self.template.id),
            self.lead(template_id=self.template.id, date_deadline=date(2026, 5, 1)),
        )
        runs = self.start(sequence, refused, passing)
        self.run_engine(NOW)
        self.assertEqual((refused.stage_id, passing.stage_id), (self.first, self.second))
        run = runs.filtered(lambda run: run.lead_id == refused)
        self.assertEqual(run.current_id.state, "failed")
        self.assertIn("can't advance", run.current_id.error)
        refused.date_deadline = date(2026, 5, 1)
        run.with_user(self.rep).retry()
        self.run_engine(NOW)
        self.assertEqual((refused.stage_id, run.state), (self.second, "completed"))

    def test_what_fails_is_tried_again_and_then_parked(self):
        run = self.start(self.create_sequence({"kind": "note"}), self.lead())
        with patch.object(type(self.engine), "_run_note", side_effect=ZeroDivisionError("poisoned")):
            moment = NOW
            for attempt in range(1, 6):
                self.assertEqual(self.run_engine(moment), 1)
                self.assertEqual(run.current_id.attempts, attempt)
                moment = run.date_next
        self.assertEqual(run.current_id.state, "failed")
        self.assertIn("poisoned", run.current_id.error)
        self.assertEqual(moment, NOW + timedelta(minutes=5 + 10 + 20 + 40))

    def test_one_that_fails_does_not_keep_the_others(self):
        owner = {"kind": "activity"}
        runs = self.start(self.create_sequence(owner), *(self.lead() for _n in range(7)))
        runs[3].lead_id.user_id = False
        runs[3].lead_id.team_id = False
        self.run_engine(NOW)
        self.assertEqual(runs.mapped("state").count("completed"), 6)
        self.assertEqual(runs[3].current_id.state, "failed")
        self.assertIn("no salesperson", runs[3].current_id.error)

    def test_a_template_that_fails_parks_the_step_with_a_readable_reason(self):
        self.mail_template.body_html = '<p><t t-out="1 / object.expected_revenue"/></p>'
        run = self.start_unseen(self.create_sequence({"kind": "email"}), self.lead())
        self.run_engine(NOW)
        self.assertEqual(run.current_id.state, "failed")
        self.assertRegex(run.current_id.error, "ZeroDivisionError")
        self.assertNotIn("Traceback", run.current_id.error)

    def start_unseen(self, sequence, lead):
        """Start without asking what is missing, as what starts by itself does."""
        return sequence._start(lead, "stage")

    def test_nobody_is_twice_in_a_sequence(self):
        sequence = self.create_sequence({"kind": "note"})
        lead = self.lead()
        self.start(sequence, lead)
        result = sequence.with_user(self.rep).enroll(lead)
        self.assertEqual(result["refused"], {lead.id: ["It is in the sequence already."]})
        self.run_engine(NOW)
        self.assertTrue(sequence.with_user(self.rep).enroll(lead)["refused"])
        self.assertFalse(sequence._start(lead, "stage"))
        sequence.allow_repeat = True
        self.assertEqual(self.start(sequence, lead).occurrence, 2)
        self.assertFalse(sequence._start(lead, "stage"))

    def test_only_who_may_edit_the_opportunity_works_on_its_sequences(self):
        sequence = self.create_sequence(LATER)
        lead = self.lead()
        run = self.start(sequence, lead)
        for user in (self.colleague, self.employee):
            with self.assertRaises(AccessError):
                sequence.with_user(user).enroll(lead.sudo(False).with_user(user))
            for method in ("pause", "resume", "skip_step", "run_now", "retry", "stop"):
                with self.assertRaises(AccessError):
                    getattr(run.with_user(user), method)()
        with self.assertRaises(AccessError):
            run.with_user(self.rep).write({"state": "completed"})
        self.assertRights(run, {self.rep: "r", self.colleague: "", self.senior: "r", self.manager: "r"})
        self.assertRights(run.step_ids, {self.rep: "r", self.colleague: "", self.senior: "r", self.portal: ""})
        other = self.create_sequence(LATER, company_id=self.other_company.id)
        self.assertRights(other, {self.rep: "", self.overseas: "crwd"})

    def test_a_deleted_salesperson_parks_the_step(self):
        gone = self.env["res.users"].create({"name": "Gone", "login": "gone", "email": "gone@example.com"})
        lead = self.lead()
        lead.user_id = gone
        run = self.start_unseen(self.create_sequence({"kind": "email"}), lead)
        gone.unlink()
        self.run_engine(NOW)
        self.assertEqual((run.state, run.current_id.state), ("active", "failed"))
        self.assertIn("no salesperson", run.current_id.error)

    def test_many_at_once_do_what_can_be_done(self):
        runs = self.start(self.create_sequence(LATER, LATER, name="Chase"), *(self.lead() for _n in range(3)))
        ready, paused, ended = runs
        foreign = self.create_sequence(LATER).with_user(self.colleague).enroll(self.lead(user=self.colleague))
        paused.with_user(self.rep).pause()
        ended.with_user(self.rep).stop()
        for method, done in (("pause", ready), ("resume", ready | paused), ("skip_step", ready | paused)):
            result = getattr(runs.with_user(self.rep), method)()
            self.assertEqual((result["done"], ended.id in result["refused"]), (done.ids, True), method)
        self.assertIn("Stopped", result["refused"][ended.id])
        self.assertEqual(runs.with_user(self.rep).run_now("They wait")["done"], (ready | paused).ids)
        self.assertEqual(set((ready | paused).mapped("state")), {"completed"})
        told = "".join(ready.lead_id.message_ids.mapped("body"))
        self.assertIn("“Step 2” of sequence “Chase” run by hand. They wait", told)
        with self.assertRaisesRegex(UserError, "Completed.*And|Stopped"):
            runs.with_user(self.rep).pause()
        mixed = (self.start(self.create_sequence(LATER), self.lead()) | runs.browse(foreign["enrolled"])).sudo()
        share = {"lead_id": mixed[1].lead_id.id, "user_id": self.rep.id, "access": "read"}
        self.env["opportunity.share"].with_user(self.colleague).create(share)
        result = mixed.with_user(self.rep).stop("Enough")
        self.assertEqual((result["done"], list(result["refused"])), (mixed[0].ids, mixed[1].ids))
        self.assertEqual(mixed[1].state, "active")

    def test_run_now(self):
        run = self.start(self.create_sequence(LATER, LATER), self.lead()).with_user(self.rep)
        run.run_now()
        self.assertEqual(self.states(run), ["done", "due"])
        self.assertEqual(run.step_ids[0].done_by_id, self.rep)
        run.pause()
        with self.assertRaisesRegex(UserError, "Paused"):
            run.run_now()

    def test_skip_and_stop_are_told(self):
        run = self.start(self.create_sequence(LATER, LATER, name="Chase"), self.lead()).with_user(self.rep)
        run.skip_step("He called me")
        run.stop("Bought elsewhere")
        told = "".join(run.lead_id.message_ids.mapped("body"))
        for text in (
            "“Step 1” of sequence “Chase” skipped. He called me",
            "stopped: Stopped by hand. Bought elsewhere",
        ):
            self.assertIn(text, told)
        self.assertEqual(self.states(run), ["skipped", "canceled"])

    def test_nothing_runs_in_a_neutralized_database(self):
        run = self.start(self.create_sequence({"kind": "email"}), self.lead()).with_user(self.rep)
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.engine._cron_run()
        with self.assertRaisesRegex(UserError, "neutralized"):
            run.run_now()
        self.assertEqual(self.states(run), ["due"])

    def test_queries_do_not_grow_with_the_batch(self):
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "0")
        self.mail_template.body_html += '<p><a href="https://www.example.com/offer">Our offer</a></p>'
        for step in ({"kind": "note"}, {"kind": "email"}, {"kind": "activity"}):
            counts = []
            for size in (2, 40):
                sequence = self.create_sequence(step, LATER)
                self.start(sequence, *(self.lead() for _n in range(size)))
                sequence._get_outline(sequence.id)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertEqual(self.run_engine(NOW), size)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0] + 2, step)

    def test_a_batch_has_not_too_many_emails(self):
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "0")
        notes = self.start(self.create_sequence({"kind": "note"}), *(self.lead() for _n in range(4)))
        mails = self.start(self.create_sequence({"kind": "email"}), *(self.lead() for _n in range(5)))
        with patch.object(opportunity_enrollment_engine, "MAILS", 2):
            self.assertEqual([self.run_engine(NOW) for _batch in range(4)], [6, 2, 1, 0])
        self.assertEqual(set((notes | mails).mapped("state")), {"completed"})

    def test_merged_opportunities_keep_their_sequences_once(self):
        both, one = self.create_sequence(LATER, name="Both"), self.create_sequence(LATER, name="One")
        head, tail = self.lead(), self.lead()
        self.start(both, head, tail)
        self.start(one, tail)
        (head | tail).with_user(self.manager).merge_opportunity()
        left = (head | tail).exists()
        runs = self.env["opportunity.enrollment"].search([("lead_id", "=", left.id)])
        self.assertEqual(
            sorted(runs.filtered(lambda run: run.state == "active").sequence_id.mapped("name")), ["Both", "One"]
        )
        self.assertEqual(runs.filtered(lambda run: run.state == "stopped").end_reason, "merged")
