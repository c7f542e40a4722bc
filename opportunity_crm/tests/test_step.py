from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import NOW, OpportunityCase


class StepCase(OpportunityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.add_step(cls.template, cls.first, "Call", note="<p>Ask for the budget</p>")
        cls.needs = cls.add_step(cls.template, cls.first, "Write down needs", delay_from="previous", delay_count=2)
        cls.gift = cls.add_step(cls.template, cls.first, "Send a gift", required=False)
        cls.demo = cls.add_step(cls.template, cls.second, "Demo", delay_count=3)

    def steps(self, lead):
        """Return ``{name: (state, due day of its activity)}``."""
        return {step.name: (step.state, step.date_deadline) for step in lead.step_ids}

    def step(self, lead, name):
        return lead.step_ids.filtered(lambda step: step.name == name)

    def planned(self, lead):
        return lead.activity_ids.sorted("id").mapped("summary")


class TestSteps(StepCase):
    """Steps of a stage and their activities are one thing, whichever side moves."""

    def test_entering_a_stage(self):
        lead = self.create_lead(template_id=self.template.id)
        today = NOW.date()
        self.assertEqual(
            self.steps(lead),
            {"Call": ("todo", today), "Write down needs": ("todo", False), "Send a gift": ("todo", today)},
        )
        activity = self.step(lead, "Call").activity_id
        self.assertEqual(activity.user_id, self.rep)
        self.assertIn("Ask for the budget", activity.note)
        self.assertEqual(self.planned(lead), ["Call", "Send a gift"])

    def test_checklist_shows_the_current_stage(self):
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").action_done()
        self.assertEqual((lead.step_done_count, lead.step_count), (1, 3))
        self.assertEqual(lead.current_step_ids.mapped("name"), ["Call", "Write down needs", "Send a gift"])
        lead.stage_id = self.second
        self.assertEqual((lead.step_done_count, lead.step_count), (0, 1))

    def test_without_template_nothing_happens(self):
        lead = self.create_lead()
        lead.stage_id = self.env["crm.stage"].search([("template_only", "=", False)], limit=2)[1]
        self.assertFalse(lead.step_ids)
        self.assertFalse(lead.activity_ids)

    def test_done_on_the_checklist(self):
        lead = self.create_lead(template_id=self.template.id)
        activity = self.step(lead, "Call").activity_id
        self.step(lead, "Call").action_done()
        self.assertFalse(activity.active)
        self.assertEqual(self.step(lead, "Call").state, "done")
        self.assertEqual(self.step(lead, "Call").done_by_id, self.rep)
        self.assertEqual(self.step(lead, "Call").date_done, NOW)

    def test_done_in_the_chatter(self):
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").activity_id.action_feedback(feedback="They have 5,000")
        self.assertEqual(self.step(lead, "Call").state, "done")
        self.assertIn("They have 5,000", lead.message_ids[0].body)

    def test_waiting_step_is_planned_when_the_one_before_is_done(self):
        lead = self.create_lead(template_id=self.template.id)
        with self.at(NOW + timedelta(days=4)):
            self.step(lead, "Call").action_done()
            self.assertEqual(self.steps(lead)["Write down needs"], ("todo", date(2026, 3, 8)))

    def test_waiting_step_is_planned_when_the_one_before_is_skipped(self):
        self.call.skippable = True
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").skip("Known from the last project")
        self.assertEqual(self.steps(lead)["Write down needs"], ("todo", date(2026, 3, 4)))

    def test_waiting_is_told(self):
        lead = self.create_lead(template_id=self.template.id)
        self.assertEqual(lead.step_ids.filtered("is_waiting").mapped("name"), ["Write down needs"])
        self.step(lead, "Call").action_done()
        self.assertFalse(lead.step_ids.filtered("is_waiting"))

    def test_rescheduling(self):
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").activity_id.date_deadline = "2026-03-20"
        self.assertEqual(self.steps(lead)["Call"], ("todo", date(2026, 3, 20)))
        lead.next_action_date = "2026-03-10"
        self.assertEqual(self.steps(lead)["Send a gift"], ("todo", date(2026, 3, 10)))

    def test_cancelled_activity_can_be_planned_again(self):
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").activity_id.unlink()
        self.assertEqual(self.steps(lead)["Call"], ("todo", False))
        self.step(lead, "Send a gift").action_done()
        self.assertEqual(self.steps(lead)["Call"], ("todo", False), "nobody plans it again by the way")
        self.step(lead, "Call").action_plan()
        self.assertEqual(self.steps(lead)["Call"], ("todo", NOW.date()))

    def test_skip(self):
        lead = self.create_lead(template_id=self.template.id)
        gift = self.step(lead, "Send a gift")
        activity = gift.activity_id
        with self.assertRaisesRegex(UserError, "cannot be skipped: Call"):
            self.step(lead, "Call").skip("No time")
        with self.assertRaisesRegex(UserError, "give a reason"):
            gift.skip("  ")
        self.assertEqual(gift.state, "todo")
        action = gift.action_skip()
        wizard = Form(self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"]))
        wizard.reason = "Not allowed there"
        wizard.save().action_skip()
        self.assertEqual((gift.state, gift.skip_reason), ("skipped", "Not allowed there"))
        self.assertFalse(activity.exists())
        self.assertIn("Not allowed there", lead.message_ids[0].body)

    def test_back_and_forward_again(self):
        lead = self.create_lead(template_id=self.template.id)
        self.step(lead, "Call").action_done()
        lead.stage_id = self.second
        self.assertEqual(self.planned(lead), ["Demo"])
        lead.stage_id = self.first
        self.assertEqual(sorted(self.planned(lead)), ["Send a gift", "Write down needs"])
        self.assertEqual(self.step(lead, "Call").state, "done")
        lead.stage_id = self.second
        self.assertEqual(self.planned(lead), ["Demo"])
        self.assertEqual(len(lead.step_ids), 4)

    def test_reopen(self):
        lead = self.create_lead(template_id=self.template.id)
        call = self.step(lead, "Call")
        call.action_done()
        call.action_reopen()
        self.assertEqual((call.state, call.date_deadline, call.done_by_id), ("todo", NOW.date(), self.env["res.users"]))

    def test_closed_opportunities_leave_no_activities(self):
        leads = self.env["crm.lead"].concat(*(self.create_lead(template_id=self.template.id) for _n in range(3)))
        leads[0].action_set_won()
        leads[1].action_set_lost()
        leads[2].action_archive()
        self.assertFalse(
            self.env["mail.activity"].search([("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)])
        )
        leads[0].stage_id = self.first
        leads[1].action_restore()
        leads[2].action_unarchive()
        for lead in leads:
            self.assertEqual(self.planned(lead), ["Call", "Send a gift"])
            self.assertEqual(len(lead.step_ids), 3)

    def test_other_activities_stay(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.activity_schedule("mail.mail_activity_data_todo", summary="My own")
        lead.stage_id = self.second
        self.assertEqual(sorted(self.planned(lead)), ["Demo", "My own"])

    def test_new_owner_takes_over(self):
        lead = self.create_lead(template_id=self.template.id)
        given = self.step(lead, "Send a gift").activity_id
        given.user_id = self.senior
        lead.with_user(self.senior).user_id = self.colleague
        self.assertEqual(self.step(lead, "Call").activity_id.user_id, self.colleague)
        self.assertEqual(given.user_id, self.senior, "somebody gave it to another person")

    def test_fixed_user(self):
        self.demo.write({"responsible": "user", "user_id": self.colleague.id})
        lead = self.create_lead(template_id=self.template.id)
        lead.stage_id = self.second
        self.assertEqual(lead.activity_ids.user_id, self.colleague)
        lead.with_user(self.senior).user_id = self.senior
        self.assertEqual(lead.activity_ids.user_id, self.colleague)

    def test_role_and_its_fallback(self):
        group = self.hold_role(self.senior)
        self.demo.write({"responsible": "role", "role_id": group.member_ids.role_id.id})
        covered = self.create_lead(template_id=self.template.id, coverage_group_ids=group.ids)
        alone = self.create_lead(template_id=self.template.id)
        (covered | alone).write({"stage_id": self.second.id})
        self.assertEqual(covered.activity_ids.user_id, self.senior)
        self.assertEqual(alone.activity_ids.user_id, self.rep)
        alone.coverage_group_ids = group
        self.assertEqual(alone.activity_ids.user_id, self.senior, "the role is not empty any more")
        covered.with_user(self.manager).user_id = self.colleague
        self.assertEqual(covered.activity_ids.user_id, self.senior)
        covered.sudo().coverage_group_ids = False
        self.assertEqual(covered.sudo().activity_ids.user_id, self.colleague)

    def hold_role(self, user):
        role = self.env["opportunity.coverage.role"].create({"name": "Engineer"})
        member = {"user_id": user.id, "role_id": role.id}
        return self.env["opportunity.coverage.group"].create({"name": "North", "member_ids": [(0, 0, member)]})

    def test_merge(self):
        head = self.create_lead(name="Head", template_id=self.template.id, stage_id=self.second.id)
        tail = self.create_lead(name="Tail", template_id=self.template.id)
        self.step(tail, "Call").action_done()
        other = self.create_lead(name="Other")
        other.activity_schedule("mail.mail_activity_data_todo", summary="My own")
        merged = (head | tail | other).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertEqual(sorted(self.planned(merged)), ["Demo", "My own"])
        self.assertEqual(self.steps(merged), {"Call": ("done", False), "Demo": ("todo", date(2026, 3, 5))})

    def test_deleted_opportunity_takes_its_steps_along(self):
        lead = self.create_lead(template_id=self.template.id)
        steps = lead.step_ids
        lead.with_user(self.manager).unlink()
        self.assertFalse(steps.exists())

    def test_queries_do_not_grow(self):
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)

        def create(count):
            values = {"name": "Deal", "type": "opportunity", "user_id": self.rep.id, "template_id": self.template.id}
            values["team_id"] = self.team.id  # Odoo looks for the team of each otherwise
            before = self.env.cr.sql_log_count
            created = leads.create([dict(values) for _n in range(count)])
            self.env.flush_all()
            return created, self.env.cr.sql_log_count - before

        first, _queries = create(1)
        few, queries_of_few = create(2)
        many, queries_of_many = create(30)
        self.assertLessEqual(queries_of_many, queries_of_few)

        def move(moving):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moving.write({"stage_id": self.second.id})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        move(first)
        queries_of_few = move(few)
        self.assertLessEqual(move(many), queries_of_few)


class TestDue(StepCase):
    """When steps are due."""

    def due(self, moment, **values):
        self.demo.write(values)
        with self.at(moment):
            lead = self.create_lead(template_id=self.template.id)
            lead.stage_id = self.second
            return lead.activity_ids.date_deadline

    def test_working_days(self):
        friday = datetime(2026, 3, 6, 9, 0)
        self.assertEqual(self.due(friday, delay_count=1, delay_unit="working_days"), date(2026, 3, 9))

    def test_holidays_of_the_company(self):
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2026-03-08 23:00:00",
                "date_to": "2026-03-09 22:59:59",
            }
        )
        friday = datetime(2026, 3, 6, 9, 0)
        self.assertEqual(self.due(friday, delay_count=1, delay_unit="working_days"), date(2026, 3, 10))

    def test_hours_in_the_time_zone_of_the_person(self):
        evening = datetime(2026, 3, 6, 20, 0)  # 21:00 in Brussels
        self.assertEqual(self.due(evening, delay_count=2, delay_unit="hours"), date(2026, 3, 6))

    def test_hours_over_midnight(self):
        evening = datetime(2026, 3, 6, 20, 0)
        self.assertEqual(self.due(evening, delay_count=4, delay_unit="hours"), date(2026, 3, 7))

    def test_never_in_the_past(self):
        lead = self.create_lead(template_id=self.template.id)
        with self.at(NOW + timedelta(days=30)):
            self.step(lead, "Call").activity_id.unlink()
            self.step(lead, "Call").action_plan()
            self.assertEqual(self.steps(lead)["Call"], ("todo", date(2026, 4, 1)))


class TestStepDefinition(StepCase):
    """What cannot work is refused where it is defined."""

    def test_first_step_cannot_wait(self):
        with self.assertRaisesRegex(UserError, "cannot wait for a previous one"):
            self.demo.with_user(self.manager).delay_from = "previous"
        with self.assertRaisesRegex(UserError, "cannot wait for a previous one"):
            self.needs.with_user(self.manager).sequence = 1

    def test_fixed_user_is_named_and_internal(self):
        for user in (self.env["res.users"], self.portal):
            with self.assertRaisesRegex(UserError, "active internal user"), self.cr.savepoint():
                self.demo.with_user(self.manager).write({"responsible": "user", "user_id": user.id})
        self.assertEqual(self.demo.responsible, "owner")

    def test_fixed_user_of_another_company(self):
        self.template.company_id = self.company
        with self.assertRaisesRegex(UserError, "does not work in the company"):
            self.demo.with_user(self.manager).write({"responsible": "user", "user_id": self.overseas.id})

    def test_role_that_nobody_holds(self):
        role = self.env["opportunity.coverage.role"].create({"name": "Engineer"})
        with self.assertRaisesRegex(UserError, "Nobody has the role “Engineer”"), self.cr.savepoint():
            self.demo.with_user(self.manager).write({"responsible": "role", "role_id": role.id})
        with self.assertRaisesRegex(UserError, "Choose a coverage role"), self.cr.savepoint():
            self.demo.with_user(self.manager).responsible = "role"
        self.assertEqual(self.demo.responsible, "owner")

    def test_company_without_working_hours(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no working hours"):
            self.demo.with_user(self.manager).delay_unit = "working_days"

    def test_activity_type_of_another_model(self):
        foreign = self.env["mail.activity.type"].create({"name": "Renew", "res_model": "res.partner"})
        with self.assertRaisesRegex(UserError, "is not for opportunities"):
            self.demo.with_user(self.manager).activity_type_id = foreign

    def test_part_stays_in_its_template(self):
        other = self.create_template("Other")
        with self.assertRaisesRegex(UserError, "stays in its template"):
            self.demo.with_user(self.manager).template_stage_id = other.stage_ids[0]

    def test_in_use_only_texts_are_corrected(self):
        self.create_lead(template_id=self.template.id)
        demo = self.demo.with_user(self.manager)
        demo.write({"name": "Demonstration", "note": "Show the reports"})
        for values in ({"required": False}, {"delay_count": 1}, {"sequence": 5}):
            with self.assertRaisesRegex(UserError, "make the next revision"):
                demo.write(values)
        with self.assertRaisesRegex(UserError, "make the next revision"):
            demo.copy({"key": "another"})
        with self.assertRaisesRegex(UserError, "make the next revision"):
            demo.unlink()
        self.assertEqual((demo.name, demo.required), ("Demonstration", True))

    def test_rights(self):
        everyone = (self.rep, self.senior, self.employee, self.portal, self.public)
        self.assertRights(
            self.demo, {**dict.fromkeys(everyone, ""), self.rep: "r", self.senior: "r", self.manager: "crwd"}
        )

    def test_rights_on_the_steps_of_an_opportunity(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.sudo().company_id = self.company
        nobody = (self.colleague, self.overseas, self.employee, self.portal, self.public)
        table = {**dict.fromkeys(nobody, ""), self.rep: "r", self.senior: "r", self.manager: "r"}
        self.assertRights(lead.sudo().step_ids, table)
        call = self.step(lead.sudo(), "Call")
        for user in nobody:
            for method in ("action_done", "action_plan", "action_reopen"):
                with self.assertRaises(UserError), self.cr.savepoint():
                    getattr(call.with_user(user), method)()
            with self.assertRaises(UserError), self.cr.savepoint():
                self.step(lead.sudo(), "Send a gift").with_user(user).skip("Mine now")
        self.assertEqual(set(lead.sudo().step_ids.mapped("state")), {"todo"})
        for user in (self.rep, self.senior, self.manager):
            call.with_user(user).action_done()
            self.assertEqual(call.done_by_id, user)
            call.with_user(user).action_reopen()
