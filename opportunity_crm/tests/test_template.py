from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, mute_logger

from .common import OpportunityCase


class TestTemplate(OpportunityCase):
    """Defining templates: as the administrator of the CRM, who is no technical administrator."""

    def setUp(self):
        super().setUp()
        self.templates = self.env["opportunity.template"].with_user(self.manager)

    def test_define_in_the_form(self):
        with Form(self.templates) as form:
            form.name = "Renewal"
            with form.stage_ids.new() as line:
                line.stage_id = self.first
                line.probability = 40
                line.target_days = 7
            with form.stage_ids.new() as line:
                line.stage_id = self.won
                self.assertEqual(line.probability, 100, "a won stage proposes its only possible probability")
        template = form.record
        self.assertEqual(template.state, "draft")
        template.action_activate()
        self.assertEqual(template._get_stages(), self.first | self.won)

    def test_activate_without_stages(self):
        template = self.templates.create({"name": "Empty"})
        with self.assertRaisesRegex(ValidationError, "Add stages to the template “Empty”"):
            template.action_activate()
        with self.assertRaisesRegex(ValidationError, "Add stages"):
            self.templates.create({"name": "Empty", "state": "active"})

    def test_activate_without_won_stage(self):
        template = self.create_template("Endless", [(self.first, 10, 0)], activate=False)
        with self.assertRaisesRegex(ValidationError, "has no won stage"):
            template.action_activate()

    def test_equal_stages(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.create_template("Twice", [(self.first, 10, 0), (self.first, 20, 0)], activate=False)

    def test_values_out_of_range(self):
        line = self.template.stage_ids[0]
        for values in ({"target_days": -1}, {"probability": -5}, {"probability": 101}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                line.write(values)
                line.flush_recordset()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.template.closing_days = -1
            self.template.flush_recordset()

    def test_only_won_stages_have_certainty(self):
        with self.assertRaisesRegex(ValidationError, "100 %"):
            self.template.stage_ids[0].probability = 100
        with self.assertRaisesRegex(ValidationError, "100 %"):
            self.template.stage_ids[-1].probability = 90

    def test_delete_in_use(self):
        self.create_lead(template_id=self.template.id)
        with self.assertRaisesRegex(UserError, "Archive them instead"):
            self.template.with_user(self.manager).unlink()
        unused = self.create_template("Unused")
        unused.with_user(self.manager).unlink()
        self.assertFalse(unused.exists())

    def test_delete_in_use_by_hidden_opportunities(self):
        """An archived opportunity and one of another company count too."""
        lead = self.create_lead(user=self.overseas, template_id=self.template.id)
        lead.action_archive()
        self.assertFalse(lead.with_user(self.manager).has_access("read"))
        with self.assertRaisesRegex(UserError, "have opportunities"):
            self.template.with_user(self.manager).unlink()

    def test_delete_stage(self):
        with self.assertRaisesRegex(UserError, "part of opportunity templates"):
            self.second.with_user(self.manager).unlink()
        self.template.stage_ids.filtered(lambda other: other.stage_id == self.third).with_user(self.manager).unlink()
        self.assertEqual(self.template._get_stages(), self.first | self.second | self.won)

    def test_won_stage(self):
        self.assertEqual(self.template.won_stage_id, self.won)
        signed = self.create_stage("Signed", is_won=True)
        self.template.stage_ids = [Command.create({"stage_id": signed.id, "sequence": 100})]
        self.assertEqual(self.template.won_stage_id, self.won)
        self.template.won_stage_id = signed
        lead = self.create_lead(template_id=self.template.id)
        lead.action_set_won()
        self.assertEqual(lead.stage_id, signed)

    def test_won_stage_is_one_of_the_template(self):
        for stage in (self.first, self.create_stage("Elsewhere", is_won=True)):
            with self.assertRaisesRegex(UserError, "cannot be the won stage"), self.cr.savepoint():
                self.template.with_user(self.manager).won_stage_id = stage
        self.assertEqual(self.template.won_stage_id, self.won)

    def test_active_template_keeps_a_won_stage(self):
        with self.assertRaisesRegex(UserError, "needs a won stage"):
            self.template.stage_ids[-1].with_user(self.manager).unlink()

    def test_duplicate(self):
        self.template.tag_ids = self.env["crm.tag"].create({"name": "Key"})
        copy = self.template.with_user(self.manager).copy()
        self.assertEqual(copy.name, "Deal (copy)")
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy._get_stages(), self.template._get_stages())
        self.assertEqual(copy.stage_ids.mapped("probability"), [10, 30, 60, 100])
        self.assertEqual(copy.tag_ids, self.template.tag_ids)

    def test_archive_and_back(self):
        self.team.opportunity_template_id = self.template
        template = self.template.with_user(self.manager)
        template.action_archive()
        self.assertEqual(template.state, "archived")
        self.assertFalse(self.team.opportunity_template_id, "an archived template is no default")
        template.action_unarchive()
        self.assertEqual(template.state, "draft", "what comes out of the archive is checked before it is offered")
        template.state = "archived"
        self.assertFalse(template.active)

    def test_default_of_a_team(self):
        other_team = self.create_team("Inside Sales")
        self.template.team_ids = other_team
        with self.assertRaisesRegex(ValidationError, "cannot be the default of the team"):
            self.team.opportunity_template_id = self.template
        draft = self.create_template("Draft", activate=False)
        with self.assertRaisesRegex(ValidationError, "cannot be the default of the team"):
            self.team.opportunity_template_id = draft

    def test_stage_reserved_for_other_teams(self):
        reserved = self.create_stage("Reserved", team_ids=[(6, 0, self.team.ids)])
        with self.assertRaisesRegex(ValidationError, "reserved for some sales teams"):
            self.create_template("Open", [(reserved, 10, 0), (self.won, 100, 0)])
        template = self.create_template("Ours", [(reserved, 10, 0), (self.won, 100, 0)], team_ids=self.team.ids)
        with self.assertRaisesRegex(ValidationError, "reserved for some sales teams"):
            template.team_ids = False

    def test_import_and_export(self):
        fields = ["id", "name", "stage_ids/stage_id", "stage_ids/probability", "stage_ids/target_days"]
        rows = [
            ["__import__.tender", "Tender", "First", "15", "10"],
            ["", "", "Second", "45", "20"],
            ["", "", "Done deal", "100", "0"],
        ]
        result = self.templates.load(fields, rows)
        self.assertFalse(result["messages"])
        template = self.templates.browse(result["ids"])
        self.assertEqual(template.stage_ids.mapped("target_days"), [10, 20, 0])
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        exported = template.export_data(fields[1:])["datas"]
        self.assertEqual([row[1] for row in exported], ["First", "Second", "Done deal"])

    def test_import_of_nonsense_writes_nothing(self):
        fields = ["name", "state", "stage_ids/stage_id", "stage_ids/probability"]
        result = self.templates.load(fields, [["Broken", "Active", "First", "15"]])
        self.assertIn("has no won stage", result["messages"][0]["message"])
        self.assertFalse(self.templates.search([("name", "=", "Broken")]))

    def test_template_of_another_company_is_not_seen(self):
        self.template.company_id = self.other_company
        self.assertNotIn(self.template, self.templates.search([]))
        self.assertFalse(self.template.stage_ids.with_user(self.manager).has_access("read"))
        self.assertTrue(self.template.with_user(self.overseas).has_access("write"))

    def test_won_stage_is_added_once(self):
        template = self.create_template("Short", [(self.first, 10, 0)], activate=False)
        template._add_won_stage()
        template._add_won_stage()
        self.assertEqual(len(template.stage_ids), 2)
        self.assertTrue(template._get_won_stage())
