from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, mute_logger

from .common import NOW, OpportunityCase


class RevisionCase(OpportunityCase):
    """A template in use, with steps and conditions, and people who work with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.template.with_user(cls.manager)
        cls.call = cls.add_step(cls.template, cls.first, "Call", note="<p>Ask for the budget</p>")
        cls.gift = cls.add_step(cls.template, cls.first, "Gift", required=False)
        cls.demo = cls.add_step(cls.template, cls.second, "Demo")
        cls.ready = cls.add_condition(cls.template, cls.first, "steps")
        cls.budget = cls.add_condition(cls.template, cls.first, "fields", ["expected_revenue"])

    def edit(self, template=None):
        """Return the next revision, as the manager gets it by pressing “Edit”."""
        action = (template or self.template).with_user(self.manager).action_edit()
        return self.env["opportunity.template"].with_user(self.manager).browse(action["res_id"])

    def line(self, template, stage):
        return template.stage_ids.filtered(lambda line: line.stage_id == stage)

    def step(self, template, name):
        return template.stage_ids.step_ids.filtered(lambda step: step.name == name)

    def publish(self, draft, **values):
        action = draft.action_publish()
        wizard = self.env["opportunity.template.publish"].with_user(self.manager)
        return wizard.with_context(**action["context"]).create(values).action_publish()


class TestEdit(RevisionCase):
    """From a template in use to its next revision."""

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead(template_id=self.template.id)

    def test_not_in_use_is_edited_in_place(self):
        unused = self.create_template("Unused").with_user(self.manager)
        self.assertEqual(self.edit(unused), unused)
        self.assertEqual(unused.revision_count, 1)
        self.assertFalse(unused.is_frozen)

    def test_next_revision_is_a_copy(self):
        tag = self.env["crm.tag"].create({"name": "Key"})
        self.template.write({"tag_ids": tag.ids, "team_ids": self.team.ids, "closing_days": 20, "color": 3})
        draft = self.edit()
        self.assertEqual((draft.name, draft.revision, draft.state), ("Deal", 2, "draft"))
        self.assertEqual(draft.origin_id, self.template)
        self.assertEqual(draft.family_id, self.template.family_id)
        self.assertEqual((draft.team_ids, draft.tag_ids, draft.color), (self.team, tag, 3))
        self.assertEqual(draft.won_stage_id, self.won)
        self.assertEqual(draft._get_stages(), self.template._get_stages())
        self.assertEqual(draft.stage_ids.step_ids.mapped("key"), self.template.stage_ids.step_ids.mapped("key"))
        self.assertEqual(draft.stage_ids.condition_ids.mapped("kind"), ["steps", "fields"])
        self.assertEqual(draft.stage_ids.condition_ids.field_ids.name, "expected_revenue")
        self.assertFalse(draft._get_changes(self.template))

    def test_translations_are_copied(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").name = "Affaire"
        self.call.with_context(lang="fr_FR").name = "Appel"
        draft = self.edit().with_context(lang="fr_FR")
        self.assertEqual(draft.name, "Affaire")
        self.assertEqual(draft.stage_ids.step_ids[0].name, "Appel")

    def test_second_press_opens_the_same(self):
        draft = self.edit()
        self.assertEqual(self.edit(), draft)
        self.assertEqual(self.edit(draft), draft)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.template.copy({"origin_id": self.template.id, "revision": 3})

    def test_states_of_a_template_in_use(self):
        with self.assertRaisesRegex(UserError, "Press “Edit” to change them"):
            self.template.action_draft()
        self.template.action_archive()
        self.template.action_unarchive()
        self.assertEqual(self.template.state, "active", "what is in use cannot be edited, so it is no draft")
        draft = self.edit()
        with self.assertRaisesRegex(UserError, "Delete them instead"):
            draft.action_archive()
        with self.assertRaisesRegex(UserError, "press “Publish”"):
            draft.state = "active"
        with self.assertRaisesRegex(UserError, "press “Publish”"):
            (draft | self.create_template("Other", activate=False)).action_activate()

    def test_discard(self):
        draft = self.edit()
        draft.unlink()
        self.assertEqual(self.template.current_id, self.template)
        self.assertEqual(self.edit().revision, 2)

    def test_name_is_one_for_all_revisions(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        draft = self.edit()
        draft.name = "Sale"
        self.assertEqual(self.template.name, "Sale")
        self.template.update_field_translations("name", {"fr_FR": "Vente"})
        self.assertEqual(draft.with_context(lang="fr_FR").name, "Vente")

    def test_texts_are_corrected_in_place(self):
        self.call.with_user(self.manager).write({"name": "Ring", "note": "<p>Ask politely</p>"})
        self.budget.with_user(self.manager).message = "Ask for the budget"
        self.template.description = "What it is for"
        self.assertEqual(self.lead.step_ids[0].name, "Ring")

    def test_process_is_frozen(self):
        line = self.line(self.template, self.second)
        for record, values in (
            (line, {"target_days": 99}),
            (line, {"probability": 31}),
            (self.call.with_user(self.manager), {"required": False}),
            (self.budget.with_user(self.manager), {"severity": "warn"}),
            (self.budget.with_user(self.manager), {"field_names": "phone"}),
            (self.template, {"stage_order": "forward"}),
            (self.template, {"require_win_reason": True}),
            (self.template, {"stage_ids": [(2, line.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "press “Edit” to make the next revision"):
                record.write(values)

    def test_writing_what_is_there_changes_nothing(self):
        line = self.line(self.template, self.second)
        line.write({"target_days": 10, "probability": 30, "stage_id": self.second.id})
        self.budget.with_user(self.manager).write({"field_names": "expected_revenue", "kind": "fields"})
        self.template.write({"stage_order": "free", "won_stage_id": self.won.id})
        self.assertEqual(line.target_days, 10)

    def test_rights(self):
        for user in (self.rep, self.senior):
            with self.assertRaises(AccessError):
                self.template.with_user(user).action_edit()
        draft = self.edit()
        self.line(draft, self.first).target_days = 1
        for user in (self.rep, self.senior):
            with self.assertRaises(AccessError):
                draft.with_user(user)._publish()
            with self.assertRaises(AccessError):
                self.env["opportunity.template.publish"].with_user(user).create({"template_id": draft.id})
        self.assertRights(draft, {self.rep: "r", self.manager: "crwd", self.employee: "", self.portal: ""})

    def test_in_use_costs_one_query_in_a_list(self):
        templates = self.template | self.create_template("Other") | self.create_template("Third")
        self.env.invalidate_all()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(templates.sudo().mapped("usage_count"), [1, 0, 0])


class TestPublish(RevisionCase):
    """What changed is told, and the next revision takes the place of the current one."""

    def setUp(self):
        super().setUp()
        self.team.opportunity_template_id = self.template
        self.lead = self.create_lead(template_id=self.template.id)
        self.draft = self.edit()

    def texts(self):
        return [change.text for change in self.draft._get_changes(self.template)]

    def test_without_a_change(self):
        with self.assertRaisesRegex(UserError, "Nothing differs from revision 1 of “Deal”"):
            self.draft.action_publish()

    def test_changes_of_stages(self):
        fourth = self.create_stage("Fourth")
        self.line(self.draft, self.second).write({"target_days": 7, "sequence": 5, "use_automated_probability": True})
        self.line(self.draft, self.third).unlink()
        self.draft.write({"stage_ids": [(0, 0, {"stage_id": fourth.id, "sequence": 35, "probability": 70})]})
        self.assertEqual(
            self.texts(),
            [
                "Stage “Fourth” added",
                "Stage “Third” removed",
                "Stages in another order: Second → First → Fourth → Done deal",
                "Stage “Second”: Predicted no → yes",
                "Stage “Second”: Target Days 10 → 7",
            ],
        )

    def test_changes_of_steps(self):
        self.step(self.draft, "Gift").unlink()
        self.step(self.draft, "Call").write({"template_stage_id": self.line(self.draft, self.second).id, "sequence": 5})
        self.step(self.draft, "Demo").write({"name": "Show it", "note": "<p>Slowly</p>", "required": False})
        self.add_step(self.draft, self.third, "Offer")
        self.assertCountEqual(
            self.texts(),
            [
                "Step “Offer” added to “Third”",
                "Step “Gift” removed from “First”",
                "Step “Call” moved from “First” to “Second”",
                "Step “Show it”: Step Demo → Show it",
                "Step “Show it”: Instructions changed",
                "Step “Show it”: Required yes → no",
            ],
        )

    def test_changes_of_the_order_of_steps(self):
        self.step(self.draft, "Gift").sequence = 1
        self.assertEqual(self.texts(), ["Steps of “First” in another order: Gift, Call"])

    def test_changes_of_conditions(self):
        ready, budget = self.draft.stage_ids.condition_ids.sorted()
        ready.unlink()
        budget.write({"severity": "warn", "field_names": "phone,partner_id"})
        self.add_condition(self.draft, self.second, "min_days", days=3)
        self.add_condition(self.draft, self.second, "domain", domain="[('phone', '!=', False)]")
        self.assertCountEqual(
            self.texts(),
            [
                "Condition “The required steps of the stage are done” removed from “First”",
                "Condition “Filled in: Contact, Phone” of “First”: If Not Met Block → Warn",
                "Condition “Filled in: Contact, Phone” of “First”: Fields Expected Revenue → Phone, Contact",
                "Condition “At least 3 days in this stage” added to “Second”",
                "Condition “The opportunity matches what the template asks for” added to “Second”",
            ],
        )

    def test_conditions_of_the_same_kind(self):
        """Two conditions of a kind are not told apart by their order, but by what they say."""
        second = self.line(self.draft, self.first)
        self.add_condition(self.draft, self.first, "fields", ["phone"], sequence=1)
        self.assertEqual(self.texts(), ["Condition “Filled in: Phone” added to “First”"])
        second.condition_ids.filtered(lambda condition: condition.field_names == "phone").severity = "warn"
        self.assertEqual(self.texts(), ["Condition “Filled in: Phone” added to “First”"])

    def test_changes_of_the_template(self):
        self.draft.write({"closing_days": 60, "stage_order": "one", "team_ids": self.team.ids, "description": "Other"})
        self.assertCountEqual(
            self.texts(),
            [
                "Days to Close: 0 → 60",
                "Order of Stages: Free → One at a Time",
                "Sales Teams: none → Field Sales",
                "What It Is For changed",
            ],
        )

    def test_publish(self):
        self.line(self.draft, self.second).target_days = 7
        action = self.draft.action_activate()
        self.assertEqual(action["res_model"], "opportunity.template.publish")
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"]).create({})
        self.assertIn("Stage “Second”: Target Days 10 → 7", wizard.changes)
        self.assertEqual(wizard.open_count, 1)
        self.assertEqual(wizard.action_publish(), {"type": "ir.actions.act_window_close"})
        self.assertEqual((self.template.state, self.draft.state), ("archived", "active"))
        self.assertEqual(self.team.opportunity_template_id, self.draft)
        self.assertEqual(self.lead.template_id, self.template, "open opportunities keep their revision")
        self.assertEqual(self.create_lead(team_id=self.team.id).template_id, self.draft)
        message = self.draft.message_ids.filtered(lambda message: "published" in (message.body or ""))
        self.assertIn("Target Days 10 → 7", message.body)
        self.assertEqual(message.author_id, self.manager.partner_id)
        with self.assertRaisesRegex(UserError, "published already"):
            self.draft.action_publish()

    def test_default_of_teams_that_are_not_offered_it(self):
        other = self.create_team("Inside Sales")
        self.draft.team_ids = other
        self.publish(self.draft)
        self.assertFalse(self.team.opportunity_template_id)

    def test_default_of_a_team_of_another_company(self):
        overseas = self.create_team(
            "Overseas", company_id=self.other_company.id, opportunity_template_id=self.template.id
        )
        self.assertFalse(overseas.with_user(self.manager).has_access("write"))
        self.draft.closing_days = 9
        self.publish(self.draft)
        self.assertEqual(overseas.opportunity_template_id, self.draft)

    def test_publish_what_cannot_be_active(self):
        self.draft.stage_ids.filtered("is_won").unlink()
        with self.assertRaisesRegex(ValidationError, "has no won stage"), self.cr.savepoint():
            self.publish(self.draft)
        self.assertEqual(self.template.state, "active", "published is all or nothing")
        self.assertEqual(self.team.opportunity_template_id, self.template)

    def test_superseded_revision(self):
        self.draft.closing_days = 9
        self.publish(self.draft)
        self.assertEqual(self.template.display_name, "Deal (revision 1)")
        self.assertEqual(self.draft.display_name, "Deal")
        self.assertTrue(self.template.is_superseded)
        self.assertEqual(self.template.action_open_current()["res_id"], self.draft.id)
        for change in (self.template.action_unarchive, self.template.action_activate):
            with self.assertRaisesRegex(UserError, "replaced by later ones"):
                change()
        self.assertEqual(self.edit(self.template), self.draft, "the current revision is not in use yet")

    def test_archive_a_family(self):
        self.draft.closing_days = 9
        self.publish(self.draft)
        self.draft.action_archive()
        self.assertEqual(self.draft.display_name, "Deal", "not replaced, only not offered any more")
        self.assertEqual(self.template.current_id, self.draft)
        self.draft.action_unarchive()
        self.assertEqual(self.draft.state, "active")

    def test_delete(self):
        self.draft.closing_days = 9
        self.publish(self.draft)
        self.lead.with_user(self.manager).unlink()
        for revision in (self.template, self.draft):
            with self.assertRaisesRegex(UserError, "has other revisions"):
                revision.unlink()
        family = self.template | self.draft
        family.unlink()
        self.assertFalse(family.exists())

    def test_delete_with_done_steps_elsewhere(self):
        self.lead.step_ids.action_done()
        self.lead.with_user(self.manager).template_id = self.create_template("Other")
        with self.assertRaisesRegex(UserError, "done steps of these templates"):
            (self.template | self.draft).unlink()

    def test_revisions_of_revisions(self):
        self.draft.closing_days = 9
        self.publish(self.draft)
        self.create_lead(template_id=self.draft.id)
        third = self.edit(self.draft)
        self.assertEqual((third.revision, third.origin_id), (3, self.template))
        action = third.action_view_revisions()
        found = self.env["opportunity.template"].with_context(active_test=False).search(action["domain"])
        self.assertEqual(found, self.template | self.draft | third)
        self.assertEqual(self.template.opportunity_count, 2)
        self.assertEqual(self.draft.usage_count, 1)
        with self.assertRaisesRegex(ValidationError, "either the first revision"):
            third.origin_id = self.draft
        with self.assertRaisesRegex(ValidationError, "either the first revision"):
            self.create_template("Odd", revision=2)

    def test_form_of_a_next_revision(self):
        with Form(self.draft) as form, form.stage_ids.edit(0) as line:
            line.target_days = 3
        self.assertEqual(self.texts(), ["Stage “First”: Target Days 5 → 3"])


class TestPipelineOfRevisions(RevisionCase):
    """The pipeline of a template shows the opportunities of all its revisions."""

    def test_columns(self):
        old = self.create_lead(template_id=self.template.id, name="Old")
        old.with_user(self.manager).action_advance(self.second.id, reason="agreed")
        draft = self.edit()
        self.line(draft, self.second).unlink()
        self.line(draft, self.third).sequence = 1
        self.publish(draft)
        new = self.create_lead(template_id=draft.id, name="New")
        action = self.template.with_user(self.rep).action_view_opportunities()
        leads = self.env["crm.lead"].with_user(self.rep)
        self.assertEqual(leads.search(action["domain"]), old | new)
        self.assertEqual(action["context"]["default_template_id"], draft.id)
        self.assertEqual(self.columns(action["domain"]), ["Third", "First", "Second", "Done deal"])
        old.stage_id = self.first
        self.assertEqual(self.columns(action["domain"]), ["Third", "First", "Done deal"])

    def columns(self, domain):
        leads = self.env["crm.lead"].with_user(self.rep).with_context(read_group_expand=True)
        result = leads.web_read_group(domain, groupby=["stage_id"], aggregates=["__count"])
        return [group["stage_id"][1] for group in result["groups"]]

    def test_duplicate_takes_the_current_revision(self):
        old = self.create_lead(template_id=self.template.id, name="Old")
        draft = self.edit()
        draft.closing_days = 12
        self.publish(draft)
        with self.at(NOW):
            copy = old.copy()
        self.assertEqual(copy.template_id, draft)
