from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common import NOW, OpportunityBuilders
from .common_followup import FollowupBuilders, FollowupCase

LATER = {"timing": "delay", "delay_count": 2}


class FollowupDialogCase(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sequence = cls.create_sequence({"kind": "email"}, {"kind": "note", **LATER}, {"kind": "activity", **LATER})

    def open_start(self, leads, user=None, sequence=None):
        leads = leads.with_user(user or self.rep)
        self.assertEqual(leads.action_start_sequence()["context"], {"default_lead_ids": leads.ids})
        values = {"lead_ids": [(6, 0, leads.ids)], "sequence_id": (sequence or self.sequence).id}
        return self.env["opportunity.sequence.start"].with_user(user or self.rep).create(values)

    def create_customer_lead(self, **values):
        return self.create_lead(**{"partner_id": self.customer.id, **values})


class TestSequenceStart(FollowupDialogCase):
    """The dialog that starts a sequence."""

    def test_preview_of_one(self):
        wizard = self.open_start(self.create_customer_lead(name="Mill"))
        self.assertEqual((wizard.ready_count, wizard.blocked_count, wizard.missing), (1, 0, False))
        first, second, third = wizard.preview
        self.assertEqual((first["subject"], first["email_to"]), ("About Mill", "ann@example.com"))
        self.assertIn("Dear Ann Customer", first["body"])
        self.assertEqual(first["date"], "2026-03-02 09:00:00")
        self.assertEqual((second["date"], third["date"]), ("2026-03-04 09:00:00", "2026-03-06 09:00:00"))
        self.assertEqual({step["state"] for step in wizard.preview}, {"planned"})

    def test_preview_is_harmless(self):
        self.mail_template.body_html = '<p onclick="alert(1)">Hello</p><script>alert(2)</script>'
        body = self.open_start(self.create_customer_lead()).preview[0]["body"]
        self.assertIn("Hello", body)
        self.assertNotIn("alert", body)

    def test_what_is_missing_keeps_it_from_starting(self):
        lead = self.create_lead()
        wizard = self.open_start(lead)
        self.assertEqual((wizard.ready_count, wizard.blocked_count), (0, 1))
        self.assertEqual(wizard.missing[0]["text"], "The contact has no valid e-mail address.")
        self.assertTrue(wizard.missing[0]["is_blocking"])
        wizard.action_start()
        self.assertFalse(lead.enrollment_ids)

    def test_template_that_cannot_be_written(self):
        self.mail_template.body_html = '<p t-out="object.nowhere"/>'
        wizard = self.open_start(self.create_customer_lead())
        self.assertEqual(wizard.ready_count, 0)
        self.assertIn("cannot be written", wizard.missing[0]["text"])

    def test_start(self):
        lead = self.create_customer_lead()
        notification = self.open_start(lead).action_start()["params"]
        self.assertEqual((notification["type"], notification["message"]), ("success", "“Follow up” has started."))
        self.assertEqual(lead.enrollment_ids.sequence_id, self.sequence)
        self.assertEqual(lead.enrollment_ids.started_by_id, self.rep)
        self.assertEqual(self.open_start(lead).missing[0]["text"], "It is in the sequence already.")

    def test_start_for_many(self):
        good = self.create_customer_lead(name="Good") + self.create_customer_lead(name="Better")
        bad = self.create_lead(name="Bad") + self.create_lead(name="Worse")
        wizard = self.open_start(bad + good)
        self.assertEqual((wizard.lead_count, wizard.ready_count, wizard.blocked_count), (4, 2, 2))
        self.assertEqual(wizard.preview_lead_id, good[0])
        self.assertEqual(wizard.missing[0]["text"], "2 × The contact has no valid e-mail address.")
        self.assertEqual([lead["name"] for lead in wizard.missing[0]["leads"]], ["Bad", "Worse"])
        self.assertEqual(self.env["crm.lead"].search(wizard.action_open_blocked()["domain"]), bad.sorted("id", True))
        notification = wizard.action_start()["params"]
        self.assertEqual(notification["type"], "warning")
        self.assertIn("has started for 2 opportunities. 2 could not start.", notification["message"])
        self.assertEqual(self.sequence.enrollment_ids.lead_id, good)

    def test_queries_do_not_grow(self):
        def count(number):
            leads = self.env["crm.lead"].concat(*(self.create_customer_lead() for _n in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self.open_start(leads)
            self.assertEqual((wizard.ready_count, len(wizard.preview)), (number, 3))
            wizard.action_start()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few = count(5)
        self.assertLessEqual(count(40), few)

    def test_lost_opportunity(self):
        sequence = self.create_sequence({"kind": "note"}, ends_on_lost=False)
        lead = self.create_customer_lead()
        lead.action_set_lost()
        wizard = self.open_start(lead, sequence=sequence)
        self.assertEqual((wizard.ready_count, wizard.missing), (1, False))
        wizard.action_start()
        self.assertEqual(lead.enrollment_ids.state, "active")

    def test_only_live_sequences_of_the_company(self):
        draft = self.create_sequence({"kind": "note"}, activate=False)
        other = self.create_sequence({"kind": "note"}, company_id=self.other_company.id)
        lead = self.create_customer_lead(company_id=self.company.id)
        available = self.open_start(lead).available_sequence_ids
        self.assertIn(self.sequence, available)
        self.assertFalse(available & (draft + other))
        with self.assertRaisesRegex(UserError, "not live"):
            self.open_start(lead, sequence=draft).action_start()

    def test_without_a_sequence(self):
        wizard = self.open_start(self.create_customer_lead())
        wizard.sequence_id = False
        with self.assertRaisesRegex(UserError, "Choose one"):
            wizard.action_start()


class TestFollowupRights(FollowupDialogCase):
    """A rep works on the sequences of opportunities that they may edit."""

    def test_start(self):
        mine = self.create_customer_lead()
        seen = self.create_customer_lead(user=self.colleague)
        share = {"lead_id": seen.id, "user_id": self.rep.id, "access": "read"}
        self.env["opportunity.share"].with_user(self.colleague).create(share)
        wizard = self.open_start(mine + seen)
        self.assertEqual((wizard.ready_count, wizard.blocked_count), (1, 1))
        self.assertEqual(wizard.missing[0]["text"], "1 × You may not edit it.")
        wizard.action_start()
        self.assertEqual(self.sequence.enrollment_ids.lead_id, mine)
        alone = self.open_start(seen)
        self.assertEqual((alone.ready_count, alone.missing[0]["text"]), (0, "You may not edit it."))

    def test_unseen_opportunity(self):
        unseen = self.create_customer_lead(user=self.colleague)
        with self.assertRaises(AccessError):
            unseen.with_user(self.rep).action_start_sequence()
        with self.assertRaises(AccessError):
            unseen.with_user(self.rep).get_followup()
        wizards = self.env["opportunity.sequence.start"].with_user(self.rep)
        with self.assertRaises(AccessError):
            wizard = wizards.create({"lead_ids": [(6, 0, unseen.ids)], "sequence_id": self.sequence.id})
            wizard.read(["preview", "missing"])
        self.assertFalse(self.sequence.enrollment_ids)

    def test_dialogs_of_others(self):
        lead = self.create_customer_lead(user=self.colleague)
        enrollment = self.sequence.with_user(self.colleague).enroll(lead)["enrolled"]
        enrollment = self.env["opportunity.enrollment"].browse(enrollment)
        values = {"enrollment_ids": [(6, 0, enrollment.ids)]}
        for user in (self.rep, self.employee):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                stop = self.env["opportunity.enrollment.decision"]
                stop.with_user(user).create({**values, "decision": "stop", "note": "Mine now"}).action_decide()
        enrollment.with_user(self.colleague).pause()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["opportunity.enrollment.resume"].with_user(self.rep).create(values).action_resume()
        self.assertEqual(enrollment.state, "paused")
        with self.assertRaises(AccessError):
            self.env["opportunity.sequence.start"].with_user(self.employee).create({})


class TestFollowupTab(FollowupDialogCase):
    """The timeline of an opportunity, and what its buttons do."""

    def setUp(self):
        super().setUp()
        self.lead = self.create_customer_lead()
        self.enrollment = self.start(self.sequence, self.lead).with_user(self.rep)

    def get_tab(self, user=None):
        return self.lead.with_user(user or self.rep).get_followup()

    def get_steps(self):
        [enrollment] = self.get_tab()["enrollments"]
        return [(step["state"], step["date"]) for step in enrollment["steps"]]

    def test_timeline(self):
        self.run_engine(NOW)
        tab = self.get_tab()
        self.assertTrue(tab["can_edit"] and tab["has_sequences"])
        [enrollment] = tab["enrollments"]
        self.assertEqual((enrollment["state_label"], enrollment["who"]), ("Active", self.rep.name))
        first = enrollment["steps"][0]
        self.assertEqual((first["state"], first["delivery_label"]), ("done", "Queued"))
        self.assertIn("Welcome", first["summary"])
        self.assertEqual(self.get_steps()[1:], [("due", NOW + timedelta(days=2)), ("planned", NOW + timedelta(days=4))])

    def test_dates_wait_while_paused(self):
        self.run_engine(NOW)
        self.enrollment.pause()
        self.assertEqual(self.get_steps()[2], ("planned", False))

    def test_tab_without_sequences(self):
        tab = self.create_lead().get_followup()
        self.assertEqual(tab["enrollments"], [])
        self.assertTrue(tab["can_edit"])

    def test_resume_shows_what_it_does(self):
        self.run_engine(NOW)
        self.enrollment.pause()
        for dates, expected in (
            ("shift", [("due", datetime(2026, 3, 9, 9)), ("planned", datetime(2026, 3, 11, 9))]),
            ("keep", [("skipped", datetime(2026, 3, 4, 9)), ("skipped", datetime(2026, 3, 6, 9))]),
        ):
            with self.subTest(dates), self.at(NOW + timedelta(days=5)), self.env.cr.savepoint() as savepoint:
                context = self.enrollment.action_resume()["context"]
                wizard = self.env["opportunity.enrollment.resume"].with_user(self.rep).with_context(**context)
                form = Form(wizard)
                form.dates = dates
                resume = form.save()
                shown = [(step["state"], step["date"]) for step in resume.preview]
                self.assertEqual(shown, [(state, str(date)) for state, date in expected])
                resume.action_resume()
                rows = self.enrollment.step_ids[1:]
                if dates == "shift":
                    self.assertEqual((rows.state, rows.date_due), expected[0])
                else:
                    self.assertEqual(rows.mapped("state"), ["skipped", "skipped"])
                    self.assertEqual(self.enrollment.state, "completed")
                self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_stop_asks_for_a_reason(self):
        context = self.enrollment.action_stop()["context"]
        form = Form(self.env["opportunity.enrollment.decision"].with_user(self.rep).with_context(**context))
        form.note = "We spoke on the phone"
        form.save().action_decide()
        self.assertEqual((self.enrollment.state, self.enrollment.end_note), ("stopped", "We spoke on the phone"))
        self.assertIn("We spoke on the phone", self.lead.message_ids[0].body)
        self.assertEqual(self.get_tab()["enrollments"][0]["note"], "We spoke on the phone")

    def test_list_opens_the_opportunity(self):
        self.assertEqual(self.enrollment.action_open_opportunity()["res_id"], self.lead.id)

    def test_funnel(self):
        self.run_engine(NOW)
        self.enrollment.step_ids[0].sudo().write({"delivery": "sent", "date_clicked": NOW})
        other = self.start(self.sequence, self.create_customer_lead())
        other.sudo().write({"state": "stopped", "end_reason": "meeting"})
        other.lead_id.active = False
        counts = self.sequence.with_user(self.manager)
        names = ("enrolled", "sent", "opened", "clicked", "replied", "meeting", "won")
        self.assertEqual([counts[f"{name}_count"] for name in names], [2, 1, 0, 1, 0, 1, 0])
        action = counts.action_view_enrollments()
        self.assertEqual(self.env["opportunity.enrollment"].search_count(action["domain"]), 2)

    def test_filters_of_managers(self):
        enrollments = self.env["opportunity.enrollment"].with_user(self.manager)
        fields = enrollments.get_view(self.env.ref("opportunity_crm.opportunity_enrollment_view_search").id, "search")[
            "arch"
        ]
        self.assertIn("step_ids.delivery", fields)
        self.run_engine(NOW)
        row = self.enrollment.step_ids[-1]
        row.sudo().write({"state": "failed", "error": "No connection"})
        self.assertEqual(self.enrollment.current_error, "No connection")
        self.assertIn(self.enrollment, enrollments.search([("step_ids.state", "=", "failed")]))
        self.enrollment.with_user(self.manager).retry()
        self.assertEqual((row.state, row.attempts), ("due", 0))


class TestSequenceData(FollowupCase):
    """The sequences that come with the addon can go live as they are, and everything they write can be written."""

    def test_they_work(self):
        lead = self.create_lead(partner_id=self.customer.id, date_deadline="2026-05-01")
        for name in ("welcome", "quotation", "revive"):
            sequence = self.env.ref(f"opportunity_crm.opportunity_sequence_{name}").copy()
            self.assertEqual(sequence.state, "draft")
            sequence.action_activate()
            preview = sequence.with_user(self.rep)._preview(lead)
            self.assertEqual((name, preview["missing"]), (name, []))
            self.assertTrue(all(step["date"] for step in preview["steps"]))


@tagged("standard", "post_install", "-at_install")
class TestFollowupTours(FollowupBuilders, OpportunityBuilders, HttpCase):
    """A sales rep in a browser."""

    def test_preview_start_pause_resume_stop(self):
        self.create_people()
        self.rep.write({"password": "rep-password"})
        customer = self.env["res.partner"].create({"name": "Tour Customer", "email": "buyer@example.com"})
        self.create_sequence(
            {"name": "Send a note", "note": "Hello", "timing": "delay", "delay_count": 2},
            {"name": "Call them", "kind": "activity", "timing": "delay", "delay_count": 3},
            name="Tour Sequence",
        )
        lead = self.create_lead(name="Tour Deal", partner_id=customer.id)
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "opportunity_crm_followup", login="rep")
        enrollment = lead.enrollment_ids
        self.assertEqual((enrollment.state, enrollment.end_note), ("stopped", "They called"))
        self.assertEqual(enrollment.step_ids.mapped("state"), ["skipped", "canceled"])

    def test_define(self):
        self.create_people()
        self.manager.write({"password": "manager-password"})
        self.create_mail_template(name="Tour Text")
        url = "/odoo/action-opportunity_crm.opportunity_sequence_action"
        self.start_tour(url, "opportunity_crm_followup_define", login="manager")
        sequence = self.env["opportunity.sequence"].search([("name", "=", "Tour Chase")])
        self.assertEqual(sequence.state, "live")
        self.assertEqual(
            [(step.kind, step.timing_summary) for step in sequence.step_ids],
            [("email", "at once"), ("activity", "3 working days later, between 8:00 and 18:00")],
        )

    def test_start_for_many(self):
        self.create_people()
        self.rep.write({"password": "rep-password"})
        template = self.create_mail_template(name="Tour Text")
        sequence = self.create_sequence(
            {"name": "Write", "kind": "email", "template_id": template.id, "timing": "delay", "delay_count": 1},
            {"name": "Call them", "kind": "activity", "timing": "delay", "delay_count": 3},
            name="Tour Sequence",
        )
        customer = self.env["res.partner"].create({"name": "Tour Customer", "email": "buyer@example.com"})
        good = self.create_lead(name="Good Deal", partner_id=customer.id)
        better = self.create_lead(name="Better Deal", partner_id=customer.id)
        mute = self.create_lead(name="Mute Deal")
        self.start_tour("/odoo/crm", "opportunity_crm_followup_mass", login="rep")
        self.assertEqual(sequence.enrollment_ids.lead_id, good | better)
        self.assertFalse(mute.enrollment_ids)
