from datetime import datetime, timedelta

from .common import NOW
from .common_followup import WEEKEND, FollowupCase


class TestSequenceRun(FollowupCase):
    """Enrolments and what the engine does with them."""

    def test_steps_run_one_after_the_other_each_at_its_time(self):
        sequence = self.create_sequence(
            {"kind": "note", "note": "Hello"},
            {"kind": "email", "timing": "delay", "delay_count": 2},
            {"kind": "activity", "timing": "delay", "delay_count": 1, "delay_unit": "weeks"},
        )
        lead = self.create_lead(partner_id=self.customer.id)
        enrollment = self.start(sequence, lead)
        self.assertEqual(enrollment.date_next, NOW)
        self.assertEqual(self.run_engine(NOW), 1)
        self.assertEqual(enrollment.date_next, NOW + timedelta(days=2))
        self.assertEqual(self.run_engine(NOW + timedelta(days=1)), 0)
        self.assertEqual(self.run_engine(NOW + timedelta(days=2)), 1)
        mail = enrollment.step_ids.mail_id
        self.assertIn("ann@example.com", mail.email_to)
        self.assertEqual(mail.email_from, self.rep.email_formatted)
        self.assertIn("List-Unsubscribe-Post", mail.headers)
        self.assertEqual(self.run_engine(NOW + timedelta(days=9)), 1)
        self.assertEqual(enrollment.state, "completed")
        self.assertEqual(self.states(enrollment), ["done"] * 3)
        self.assertEqual(lead.activity_ids.user_id, self.rep)

    def test_pause_and_resume(self):
        sequence = self.create_sequence(
            {"kind": "email", "timing": "delay", "delay_count": 2},
            {"kind": "note", "timing": "delay", "delay_count": 5},
        )
        enrollment = self.start(sequence, self.create_lead(partner_id=self.customer.id)).with_user(self.rep)
        enrollment.pause()
        self.assertEqual(self.run_engine(NOW + timedelta(days=3)), 0)
        with self.at(NOW + timedelta(days=3)):
            enrollment.resume("shift")
            self.assertEqual(enrollment.date_next, NOW + timedelta(days=5))
            enrollment.pause()
        with self.at(NOW + timedelta(days=6)):
            enrollment.resume("keep")
            self.assertEqual(self.states(enrollment), ["skipped", "due"])
            self.assertEqual(enrollment.date_next, NOW + timedelta(days=10))

    def test_wait_three_days_then_a_weekday_at_eight(self):
        sequence = self.create_sequence({"timing": "delay", "delay_count": 3, "hours": "at", "hour_from": 8, **WEEKEND})
        self.assertEqual(sequence.step_ids.timing_summary, "3 days later, at 8:00 on weekdays")
        with self.at(datetime(2026, 3, 6, 8, 0)):  # Friday, 9:00 in Brussels
            enrollment = self.start(sequence, self.create_lead(partner_id=self.customer.id))
        self.assertEqual(enrollment.date_next, datetime(2026, 3, 10, 7, 0))  # Tuesday, 8:00 in Brussels

    def test_preview(self):
        sequence = self.create_sequence({"kind": "email"}, {"kind": "note", "timing": "delay", "delay_count": 5})
        lead = self.create_lead(partner_id=self.customer.id)
        preview = sequence.with_user(self.rep)._preview(lead)
        self.assertEqual(preview["missing"], [])
        self.assertEqual(preview["steps"][0]["subject"], "About A deal")
        self.assertIn("Ann Customer", preview["steps"][0]["body"])
        self.assertEqual([entry["date"] for entry in preview["steps"]], [NOW, NOW + timedelta(days=5)])

    def test_the_timeline_tells_what_was_what_is_due_and_what_comes(self):
        later = {"timing": "delay", "delay_count": 2}
        sequence = self.create_sequence({}, later, later)
        run = self.start(sequence, self.create_lead(partner_id=self.customer.id)).with_user(self.rep)
        self.run_engine(NOW)
        states = [(entry["state"], entry["date"]) for entry in run.get_timeline()]
        self.assertEqual(
            states, [("done", NOW), ("due", NOW + timedelta(days=2)), ("planned", NOW + timedelta(days=4))]
        )

    def test_resuming_is_previewed_as_it_happens(self):
        later = {"timing": "delay", "delay_count": 2}
        for dates in ("shift", "keep"):
            sequence = self.create_sequence(later, later, later)
            run = self.start(sequence, self.create_lead(partner_id=self.customer.id)).with_user(self.rep)
            run.pause()
            with self.at(NOW + timedelta(days=5)):
                preview = run.preview_resume(dates)
                run.resume(dates)
                timeline = run.get_timeline()
            self.assertEqual([entry["state"] for entry in preview], [entry["state"] for entry in timeline], dates)
            for planned, real in zip(preview, timeline, strict=True):
                self.assertTrue(real["state"] == "skipped" or planned["date"] == real["date"], dates)
