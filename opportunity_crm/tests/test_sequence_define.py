from datetime import datetime

from odoo.exceptions import UserError, ValidationError

from .common import NOW
from .common_followup import FollowupCase

OPEN = {"timing": "delay", "delay_count": 1}


class TestSequenceDefine(FollowupCase):
    """What is wrong with a sequence is told where it is defined; what starts by itself starts once."""

    def test_a_sequence_without_steps_does_not_go_live(self):
        with self.assertRaisesRegex(UserError, "no steps"):
            self.create_sequence()

    def test_steps_that_cannot_work(self):
        other = self.create_mail_template(model_id=self.env["ir.model"]._get_id("res.partner"), body_html="<p>Hi</p>")
        name = self.env["ir.model.fields"]._get("crm.lead", "name").id
        never = dict.fromkeys((f"on_{day}" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")), False)
        for step, text in (
            ({"kind": "email", "template_id": False}, "without a template"),
            ({"kind": "email", "template_id": other.id}, "not for opportunities"),
            ({"kind": "email", "sender": "fixed", "sender_email": "nobody"}, "valid sender"),
            ({"kind": "activity", "responsible": "user", "user_id": self.portal.id}, "active internal user"),
            ({"kind": "stage"}, "Choose one"),
            ({"kind": "tag_add"}, "at least one"),
            ({"timing": "date"}, "which date"),
            ({"timing": "before"}, "Choose a date field"),
            ({"timing": "after", "date_field_id": name}, "no date"),
            ({"timing": "delay", "delay_count": -1}, "between 0"),
            ({"hours": "between", "hour_from": 18, "hour_to": 8}, "later one"),
            ({"hours": "at", "hour_from": 24}, "23:59"),
            ({**never, "on_saturday": False, "on_sunday": False}, "no day"),
            ({**never, "working_days_only": True}, "never works"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
                self.create_sequence(step)

    def test_a_sequence_does_not_start_itself(self):
        loop = {"start_on": "stage", "start_stage_ids": self.second.ids}
        with self.assertRaisesRegex(ValidationError, "start itself"):
            self.create_sequence({"kind": "stage", "stage_id": self.second.id}, **loop)
        self.create_sequence(
            {"kind": "stage", "stage_id": self.second.id},
            start_on="stage",
            start_stage_ids=self.first.ids,
            allow_repeat=True,
        )
        with self.assertRaisesRegex(ValidationError, "Back → Follow up → Back"):
            self.create_sequence({"kind": "stage", "stage_id": self.first.id}, name="Back", allow_repeat=True, **loop)

    def test_a_sequence_does_not_start_itself_by_tags(self):
        hot, cold = self.env["crm.tag"].create([{"name": "Hot"}, {"name": "Cold"}])
        add = lambda tag: {"kind": "tag_add", "tag_ids": tag.ids}  # noqa: E731
        start = lambda tag: {"start_on": "tag", "start_tag_ids": tag.ids, "allow_repeat": True}  # noqa: E731
        self.create_sequence(add(hot), start_on="tag", start_tag_ids=hot.ids)  # nobody is twice in it
        self.create_sequence(add(hot), **start(cold))
        with self.assertRaisesRegex(ValidationError, "Back → Follow up → Back"):
            self.create_sequence(add(cold), name="Back", **start(hot))

    def test_a_revision_does_not_make_a_sequence_start_itself(self):
        sequence = self.create_sequence({}, start_on="stage", start_stage_ids=self.second.ids)
        edition = sequence.browse(sequence.action_edit()["res_id"])
        with self.assertRaisesRegex(ValidationError, "start itself"):
            edition.step_ids.write({"kind": "stage", "stage_id": self.second.id})
            edition.action_publish()

    def test_what_went_wrong_since_is_told_before_it_starts(self):
        """A template that is now for another model, a date field and a user that are gone."""
        lead = self.create_lead(partner_id=self.customer.id, date_deadline="2026-05-01")
        deadline = self.env["ir.model.fields"]._get("crm.lead", "date_deadline").id
        writer, dated, busy = (
            self.create_sequence({"kind": "email"}),
            self.create_sequence({"timing": "before", "delay_count": 3, "date_field_id": deadline}),
            self.create_sequence({"kind": "activity", "responsible": "user", "user_id": self.colleague.id}),
        )
        runs = [self.start(sequence, lead) for sequence in (writer, dated, busy)]
        self.mail_template.model_id = self.env["ir.model"]._get_id("res.partner")
        self.env.flush_all()
        # as an addon that is uninstalled takes its fields with it
        forget = "UPDATE opportunity_sequence_step SET date_field_id = NULL WHERE id = %s"
        self.env.cr.execute(forget, dated.step_ids.ids)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.colleague.active = False
        for sequence, text in ((writer, "e-mail template"), (dated, "date field"), (busy, "archived")):
            other = self.create_lead(partner_id=self.customer.id)
            preview = sequence.with_user(self.rep)._preview(other)
            self.assertIn(text, preview["missing"][0]["text"])
            self.assertFalse(preview["steps"][0]["body"])
            self.assertIn(other.id, sequence.with_user(self.rep).enroll(other)["refused"])
        self.run_engine(datetime(2026, 4, 28, 12, 0))
        for run, text in zip(runs, ("e-mail template", "date field", "archived"), strict=True):
            self.assertEqual((run.state, run.current_id.state), ("active", "failed"))
            self.assertIn(text, run.current_id.error)

    def test_a_wrong_filter(self):
        for domain in ("[('nowhere', '=', 1)]", "[(", "__import__('os')"):
            with self.assertRaisesRegex(ValidationError, "filter"), self.env.cr.savepoint():
                self.create_sequence(OPEN, start_on="domain", start_domain=domain)

    def test_summaries(self):
        sequence = self.create_sequence(
            {**OPEN, "delay_count": 3, "delay_unit": "working_days", "hours": "at", "hour_from": 8.5},
            {"timing": "now", "working_days_only": True, "hours": "between", "hour_from": 9, "hour_to": 17},
            {**OPEN, "delay_unit": "weeks", "on_sunday": False, "on_monday": False, "on_tuesday": False},
        )
        self.assertEqual(
            sequence.step_ids.mapped("timing_summary"),
            [
                "3 working days later, at 8:30",
                "at once, between 9:00 and 17:00 on working days",
                "1 week later on Wednesday, Thursday, Friday, Saturday",
            ],
        )

    def test_what_is_missing_is_told_before_it_starts(self):
        self.mail_template.body_html = '<p><t t-out="object.partner_id.city"/></p>'
        sequence = self.create_sequence({"kind": "email"}, {"kind": "activity"})
        fit = self.create_lead(partner_id=self.customer.id)
        mute = self.create_lead()
        closed = self.create_lead(partner_id=self.customer.id)
        closed.action_set_lost()
        missing = sequence.with_user(self.rep)._find_missing(fit | mute | closed)
        self.assertEqual([entry["kind"] for entry in missing[fit]], ["field"])
        self.assertFalse(missing[fit][0]["is_blocking"])
        self.assertEqual([entry["kind"] for entry in missing[mute]], ["email", "field"])
        self.assertEqual(missing[closed][0]["kind"], "closed")
        result = sequence.with_user(self.rep).enroll(fit | mute | closed)
        self.assertEqual(len(result["enrolled"]), 1)
        self.assertEqual(set(result["refused"]), {mute.id, closed.id})

    def test_a_template_that_fails_is_told_in_the_preview(self):
        self.mail_template.body_html = '<p><t t-out="1 / object.expected_revenue"/></p>'
        sequence = self.create_sequence({"kind": "email"})
        preview = sequence.with_user(self.rep)._preview(self.create_lead(partner_id=self.customer.id))
        self.assertEqual([entry["kind"] for entry in preview["missing"]], ["template"])

    def test_starts_by_itself(self):
        tag = self.env["crm.tag"].create({"name": "Hot"})
        by_template = self.create_sequence(OPEN, start_on="template", start_template_ids=self.template.ids)
        by_stage = self.create_sequence(OPEN, start_on="stage", start_stage_ids=self.second.ids)
        by_tag = self.create_sequence(OPEN, start_on="tag", start_tag_ids=tag.ids)
        by_domain = self.create_sequence(OPEN, start_on="domain", start_domain="[('expected_revenue', '>', 1000)]")
        lead = self.create_lead(template_id=self.template.id, expected_revenue=5000)
        runs = self.env["opportunity.enrollment"]
        started = lambda: runs.search([("lead_id", "=", lead.id)]).sequence_id  # noqa: E731
        self.assertEqual(started(), by_template)
        lead.stage_id = self.second
        self.assertEqual(started(), by_template | by_stage)
        lead.tag_ids = tag
        self.assertEqual(started(), by_template | by_stage | by_tag)
        with self.enter_registry_test_mode():
            self.env.ref("opportunity_crm.ir_cron_start_followups").method_direct_trigger()
        self.assertEqual(started(), by_template | by_stage | by_tag | by_domain)
        lead.stage_id, lead.tag_ids = self.first, False
        lead.stage_id, lead.tag_ids = self.second, tag
        self.assertEqual(len(runs.search([("lead_id", "=", lead.id)])), 4)
        self.assertEqual(runs.search([("lead_id", "=", lead.id)], limit=1).date_start.date(), NOW.date())

    def test_a_filter_starts_a_sequence_once(self):
        """Also one that can be repeated, for an opportunity that goes on matching."""
        sequence = self.create_sequence({}, start_on="domain", start_domain="[('name', '=', 'Hot')]", allow_repeat=True)
        lead = self.create_lead(name="Hot")
        for _hour in range(3):
            with self.enter_registry_test_mode():
                self.env.ref("opportunity_crm.ir_cron_start_followups").method_direct_trigger()
            self.run_engine(NOW)
        self.assertEqual(lead.enrollment_ids.mapped("state"), ["completed"])
        self.assertEqual(self.start(sequence, lead).occurrence, 2)

    def test_a_sequence_on_lost_deals_runs_on_them(self):
        lead = self.create_lead(partner_id=self.customer.id)
        lead.action_set_lost()
        sequence = self.create_sequence({"kind": "email"}, ends_on_lost=False)
        run = self.start(sequence, lead)
        self.run_engine(NOW)
        self.assertEqual((run.state, run.end_reason), ("completed", "done"))

    def test_a_used_field_is_not_deleted(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_renewal",
                "field_description": "Renewal",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "date",
            }
        )
        self.create_sequence({"timing": "before", "delay_count": 3, "date_field_id": field.id})
        with self.assertRaisesRegex(UserError, "follow-up"):
            field.unlink()
