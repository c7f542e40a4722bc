from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import NOW
from .test_revision import RevisionCase


class MigrationCase(RevisionCase):
    """Opportunities in a revision, and the next one: a stage and steps gone, others new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brochure = cls.add_step(cls.template, cls.first, "Brochure")

    def make_next(self):
        """Publish a revision without “Third”, “Gift” and “Brochure”, with “Survey”, and “Demo” in “First”."""
        draft = self.edit()
        self.line(draft, self.third).unlink()
        self.line(draft, self.first).probability = 15
        (self.step(draft, "Gift") | self.step(draft, "Brochure")).unlink()
        self.step(draft, "Call").required = False
        self.step(draft, "Demo").template_stage_id = self.line(draft, self.first)
        self.add_step(draft, self.first, "Survey", delay_count=4)
        self.publish(draft)
        return draft

    def wizard(self, leads, user=None, **values):
        action = leads.with_user(user or self.manager).action_change_template()
        wizard = self.env["opportunity.template.migration"].with_user(user or self.manager).browse(action["res_id"])
        wizard.write(values)
        self.env.flush_all()
        return wizard

    def move(self, lead, stage):
        """Move an opportunity past its exit conditions."""
        lead.with_user(self.manager).action_advance(stage.id, reason="agreed")

    def lead_step(self, lead, name):
        return lead.step_ids.filtered(lambda step: step.name == name)


class TestMigration(MigrationCase):
    """To the next revision: as the sales manager."""

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead(template_id=self.template.id)
        self.lead_step(self.lead, "Gift").action_done()
        self.lead_step(self.lead, "Call").activity_id.write(
            {"date_deadline": date(2026, 3, 20), "user_id": self.senior.id}
        )

    def test_proposal(self):
        far = self.create_lead(name="Far", template_id=self.template.id)
        self.move(far, self.third)
        new = self.make_next()
        wizard = self.wizard(self.lead | far)
        self.assertEqual(wizard.template_id, new)
        self.assertEqual(wizard.lead_count, 2)
        first, third = wizard.line_ids
        self.assertEqual(first.source_template_id, self.template)
        self.assertEqual((first.source_stage_id, first.target_stage_id), (self.first, self.first))
        self.assertEqual((third.source_stage_id, third.target_stage_id.id), (self.third, False))
        self.assertEqual(third.available_stage_ids, self.first | self.second)

    def test_preview(self):
        other = self.create_lead(template_id=self.template.id)
        self.lead_step(other, "Call").action_done()
        new = self.make_next()
        wizard = self.wizard(self.lead)
        self.assertEqual(
            wizard.line_ids.preview.split("\n"),
            [
                "Kept on record, not in the new template: Gift",
                "Stay open: Call",
                "New: Demo, Survey",
                "Dropped (open, not in the new template): Brochure",
            ],
        )
        wizard.line_ids.target_stage_id = self.second
        self.assertEqual(wizard.line_ids.preview.split("\n")[1], "Wait for their stage: Call")
        self.assertNotIn("New", wizard.line_ids.preview)
        preview = self.wizard(self.lead | other).line_ids.preview
        self.assertIn("Kept as done: Call (1 of 2)", preview)
        self.assertIn("Stay open: Call (1 of 2)", preview)
        self.assertEqual(self.wizard(self.lead).template_id, new)

    def test_steps(self):
        activity = self.lead_step(self.lead, "Call").activity_id
        dropped = self.lead_step(self.lead, "Brochure").activity_id
        gift = self.lead_step(self.lead, "Gift")
        new = self.make_next()
        self.wizard(self.lead).action_migrate()
        self.assertEqual(self.lead.template_id, new)
        call = self.lead_step(self.lead, "Call")
        self.assertEqual(call.step_id, self.step(new, "Call"))
        self.assertEqual(call.template_stage_id, self.line(new, self.first))
        self.assertEqual((call.activity_id, call.required), (activity, False))
        self.assertEqual((activity.date_deadline, activity.user_id), (date(2026, 3, 20), self.senior))
        self.assertFalse(dropped.exists())
        self.assertFalse(self.lead_step(self.lead, "Brochure"))
        self.assertEqual((gift.state, gift.done_by_id), ("done", self.rep), "what was done stays on record")
        self.assertEqual(gift.step_id, self.gift)
        survey = self.lead_step(self.lead, "Survey")
        self.assertEqual(survey.date_deadline, NOW.date() + timedelta(days=4))
        self.assertTrue(self.lead_step(self.lead, "Demo").activity_id)

    def test_done_steps_count(self):
        self.lead_step(self.lead, "Call").action_done()
        new = self.make_next()
        self.wizard(self.lead).action_migrate()
        call = self.lead_step(self.lead, "Call")
        self.assertEqual((call.state, call.date_done, call.step_id), ("done", NOW, self.step(new, "Call")))
        self.assertEqual(self.lead.current_step_ids.mapped("name"), ["Call", "Demo", "Survey"])

    def test_history_and_chatter(self):
        new = self.make_next()
        later = NOW + timedelta(days=2)
        with self.at(later):
            self.wizard(self.lead).action_migrate()
        move = self.lead.stage_move_ids[0]
        self.assertEqual((move.cause, move.template_id, move.direction), ("migrated", new, False))
        self.assertEqual((move.from_stage_id, move.to_stage_id), (self.first, self.first))
        self.assertEqual((move.moved_by_id, move.date, move.days), (self.manager, later, 2))
        self.assertEqual(len(self.lead.stage_move_ids), 2)
        self.assertEqual(self.lead.date_last_stage_update, NOW, "the stage stays, and its days go on")
        self.assertEqual(self.lead.probability, 15)
        self.assertIn(
            "Template changed from “Deal (revision 1)” to “Deal (revision 2)”.", self.lead.message_ids[0].preview
        )

    def test_another_stage(self):
        self.move(self.lead, self.third)
        self.make_next()
        wizard = self.wizard(self.lead)
        with self.assertRaisesRegex(UserError, "does not have these stages: Third"):
            wizard.action_migrate()
        with self.assertRaisesRegex(ValidationError, "choose an open stage"):
            wizard.line_ids.target_stage_id = self.won
        wizard.line_ids.target_stage_id = self.second
        with self.at(NOW + timedelta(days=2)):
            wizard.action_migrate()
        self.assertEqual(self.lead.stage_id, self.second)
        self.assertEqual(self.lead.probability, 30)
        self.assertEqual(self.lead.date_last_stage_update, NOW + timedelta(days=2))
        self.assertEqual(self.lead.stage_move_ids[0].from_stage_id, self.third)
        self.assertIn("Stage changed from “Third” to “Second”.", self.lead.message_ids[0].preview)

    def test_stage_of_others_in_the_batch_does_not_touch_the_date(self):
        far = self.create_lead(name="Far", template_id=self.template.id)
        self.move(far, self.third)
        self.make_next()
        wizard = self.wizard(self.lead | far)
        wizard.line_ids[1].target_stage_id = self.first
        with self.at(NOW + timedelta(days=2)):
            wizard.action_migrate()
        self.assertEqual((self.lead | far).stage_id, self.first)
        self.assertEqual(self.lead.date_last_stage_update, NOW)
        self.assertEqual(far.date_last_stage_update, NOW + timedelta(days=2))

    def test_closed_ones_are_left(self):
        won = self.create_lead(name="Won deal", template_id=self.template.id, expected_revenue=5)
        self.move(won, self.won)
        lost = self.create_lead(name="Lost deal", template_id=self.template.id)
        lost.action_set_lost()
        new = self.make_next()
        wizard = self.wizard(self.lead | won | lost)
        self.assertCountEqual(wizard.left_names.split(", "), ["Won deal", "Lost deal"])
        wizard.action_migrate()
        self.assertEqual(self.lead.template_id, new)
        self.assertEqual((won | lost).template_id, self.template)
        self.assertNotIn("migrated", (won | lost).stage_move_ids.mapped("cause"))
        with self.assertRaisesRegex(UserError, "None of these opportunities is open"):
            self.wizard(won, template_id=new.id).action_migrate()

    def test_without_a_template_before(self):
        plain = self.create_lead(name="Plain")
        wizard = self.wizard(plain)
        self.assertFalse(wizard.template_id, "nothing tells which one")
        with self.assertRaisesRegex(UserError, "To which template"):
            wizard.action_migrate()
        with Form(wizard) as form:
            form.template_id = self.template
            with form.line_ids.edit(0) as line:
                line.target_stage_id = self.second
                self.assertEqual(line.preview, "New: Demo")
        wizard.action_migrate()
        self.assertEqual((plain.template_id, plain.stage_id), (self.template, self.second))
        self.assertEqual(plain.step_ids.mapped("name"), ["Demo"])
        self.assertIn("Template “Deal” chosen.", plain.message_ids[0].preview)

    def test_templates_to_choose(self):
        reserved = self.create_template("Reserved", team_ids=self.create_team("Inside Sales").ids)
        abroad = self.create_template("Abroad", company_id=self.other_company.id)
        self.lead.team_id = self.team
        available = self.wizard(self.lead).available_template_ids
        self.assertIn(self.template, available)
        self.assertFalse(available & (reserved | abroad))

    def test_copies_share_their_steps(self):
        """A template that was duplicated knows the steps of the original."""
        self.lead_step(self.lead, "Call").action_done()
        copy = self.template.copy({"name": "Sister"})
        copy.action_activate()
        self.wizard(self.lead, template_id=copy.id).action_migrate()
        self.assertEqual(self.lead_step(self.lead, "Call").step_id, self.step(copy, "Call"))
        self.assertEqual(self.lead_step(self.lead, "Call").state, "done")
        self.assertEqual(len(self.lead.step_ids), 3)

    def test_moved_in_the_meantime(self):
        self.make_next()
        wizard = self.wizard(self.lead)
        self.move(self.lead, self.second)
        with self.assertRaisesRegex(UserError, "have moved in the meantime"):
            wizard.action_migrate()

    def test_all_or_nothing(self):
        """One opportunity of a team to which the template is no longer offered holds back all."""
        other = self.create_lead(name="Other", template_id=self.template.id, team_id=self.team.id)
        new = self.make_next()
        wizard = self.wizard(self.lead | other)
        new.team_ids = self.create_team("Inside Sales")
        self.lead.team_id = new.team_ids
        activities = (self.lead | other).activity_ids
        with self.assertRaisesRegex(ValidationError, "not offered to the team"), self.cr.savepoint():
            wizard.action_migrate()
        self.assertEqual((self.lead | other).template_id, self.template)
        self.assertEqual(activities.exists(), activities)
        self.assertNotIn("migrated", (self.lead | other).stage_move_ids.mapped("cause"))

    def test_after_publishing(self):
        draft = self.edit()
        draft.closing_days = 8
        action = self.publish(draft, open_opportunities="migrate")
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        self.assertEqual((wizard.template_id, wizard.lead_ids), (draft, self.lead))
        wizard.action_migrate()
        self.assertEqual(self.lead.template_id, draft)

    def test_template_chosen_in_the_form(self):
        """The field on the opportunity carries steps over as well."""
        self.lead_step(self.lead, "Call").action_done()
        brochure = self.lead_step(self.lead, "Brochure").activity_id
        new = self.make_next()
        self.lead.with_user(self.manager).template_id = new
        self.assertEqual(self.lead_step(self.lead, "Call").step_id, self.step(new, "Call"))
        self.assertFalse(brochure.exists())
        self.assertTrue(self.lead_step(self.lead, "Survey").activity_id)
        self.lead.with_user(self.manager).template_id = False
        self.assertFalse(self.lead.step_ids.filtered(lambda step: step.state == "todo"))

    def test_template_and_salesperson_at_once(self):
        new = self.make_next()
        brochure = self.lead_step(self.lead, "Brochure").activity_id
        self.lead.with_user(self.manager).write({"template_id": new.id, "user_id": self.colleague.id})
        self.assertFalse(brochure.exists())
        steps = self.lead.sudo().step_ids
        users = {step.name: step.activity_id.user_id for step in steps if step.activity_id}
        self.assertEqual(users["Call"], self.senior, "was given to her by hand")
        self.assertEqual(users["Survey"], self.colleague)

    def test_merge_of_two_revisions(self):
        self.lead_step(self.lead, "Call").action_done()
        new = self.make_next()
        head = self.create_lead(name="Head", template_id=new.id, partner_id=self.rep.partner_id.id)
        self.lead.with_user(self.manager).probability = 1
        (head | self.lead).with_user(self.manager).merge_opportunity()
        survivor = (head | self.lead).exists()
        self.assertEqual(len(survivor), 1)
        self.assertEqual(survivor.step_ids.filtered(lambda step: step.name == "Call").state, "done")

    def test_queries_do_not_grow(self):
        """Up to the hundred rows that Odoo puts into one insertion."""
        leads = self.env["crm.lead"].with_user(self.rep)
        leads = leads.create(
            [
                {"name": f"Deal {n}", "type": "opportunity", "team_id": self.team.id, "template_id": self.template.id}
                for n in range(43)
            ]
        )
        for lead in leads[::2]:
            lead.step_ids.filtered(lambda step: step.name == "Call").action_done()
        self.make_next()

        def queries(chosen):
            wizard = self.wizard(chosen)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.line_ids.mapped("preview")
            wizard.action_migrate()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(leads[:1])
        few = queries(leads[1:3])
        self.assertLessEqual(queries(leads[3:]), few)
        self.assertEqual(set(leads.mapped("template_id.revision")), {2})


class TestMigrationRights(MigrationCase):
    """Who may change the template of what."""

    def test_rep_in_the_first_stage(self):
        lead = self.create_lead(template_id=self.template.id)
        new = self.make_next()
        self.wizard(lead, self.rep).action_migrate()
        self.assertEqual(lead.template_id, new)
        self.assertEqual(lead.stage_move_ids[0].moved_by_id, self.rep)

    def test_rep_under_way(self):
        lead = self.create_lead(template_id=self.template.id, expected_revenue=5)
        self.move(lead, self.second)
        self.make_next()
        with self.assertRaisesRegex(AccessError, "under way, because of its exit conditions: A deal"):
            self.wizard(lead, self.rep).action_migrate()
        self.wizard(lead, self.manager).action_migrate()
        self.assertEqual(lead.template_id.revision, 2)

    def test_rep_with_several(self):
        leads = self.create_lead(template_id=self.template.id) | self.create_lead(template_id=self.template.id)
        self.make_next()
        for user in (self.rep, self.senior):
            with self.assertRaisesRegex(AccessError, "Only a sales manager can change the template of several"):
                self.wizard(leads, user).action_migrate()
        self.assertEqual(leads.template_id, self.template)

    def test_who_may_open_it(self):
        lead = self.create_lead(template_id=self.template.id)
        self.make_next()
        allowed = []
        for user in (self.rep, self.colleague, self.senior, self.manager, self.overseas, self.employee, self.portal):
            try:
                self.wizard(lead, user)
            except AccessError:
                continue
            allowed.append(user.login)
        self.assertEqual(allowed, ["rep", "senior", "manager"])

    def test_opportunities_of_others_do_not_slip_in(self):
        lead = self.create_lead(template_id=self.template.id)
        new = self.make_next()
        with self.assertRaises(AccessError):
            self.env["opportunity.template.migration"].with_user(self.colleague).create(
                {"lead_ids": [(6, 0, lead.ids)]}
            )
        with self.assertRaises(AccessError):
            lead.with_user(self.colleague)._change_template(new, [(lead, self.first)])
