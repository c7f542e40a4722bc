import csv
import json

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders
from .test_revision import RevisionCase


class TestTravel(RevisionCase):
    """Templates travel in a file, by Odoo's own export and import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")
        cls.call.write({"responsible": "user", "user_id": cls.rep.id, "delay_count": 2})
        cls.add_condition(cls.template, cls.first, "min_days", days=2, severity="warn", message="Not so fast")
        cls.add_condition(cls.template, cls.second, "domain", domain="[('phone', '!=', False)]")
        cls.template.write({"stage_order": "forward", "closing_days": 30, "team_ids": cls.team.ids})

    def export(self, templates=None):
        """Return the columns and rows of the file."""
        saved = self.env.ref("opportunity_crm.ir_exports_opportunity_template").with_user(self.manager)
        columns = saved.export_fields.mapped("name")
        return columns, (templates or self.template).with_user(self.manager).export_data(columns)["datas"]

    def load(self, columns, rows):
        templates = self.env["opportunity.template"].with_user(self.manager)
        result = templates.load(columns, [[str(value) for value in row] for row in rows])
        self.assertFalse(result["messages"])
        return templates.browse(result["ids"])

    def snapshot(self, template):
        return self.export(template)[1]

    def count(self):
        names = ("opportunity.template", "opportunity.template.stage", "opportunity.template.step")
        counts = [self.env[name].with_context(active_test=False).search_count([]) for name in names]
        return [*counts, self.env["opportunity.template.condition"].search_count([])]

    def test_to_another_database_and_back(self):
        columns, rows = self.export()
        before, key = self.count(), self.call.key
        self.template.unlink()
        self.assertFalse(self.env.ref(rows[0][0], raise_if_not_found=False))
        loaded = self.load(columns, rows)
        self.assertEqual(self.snapshot(loaded), rows, "everything came back, external ids included")
        self.assertEqual(self.step(loaded, "Call").key, key)
        self.assertEqual(self.step(loaded, "Call").user_id, self.rep)
        self.assertEqual(loaded.stage_ids.condition_ids.field_ids.name, "expected_revenue")
        self.assertEqual(loaded.state, "active")
        self.assertEqual(self.count(), before)

    def test_again_doubles_nothing(self):
        columns, rows = self.export()
        self.load(columns, rows)
        before = self.count()
        changed = [list(row) for row in rows]
        changed[0][columns.index("stage_ids/target_days")] = "77"
        changed[0][columns.index("stage_ids/step_ids/name")] = "Ring"
        self.assertEqual(self.load(columns, changed), self.template)
        self.assertEqual(self.count(), before)
        self.assertEqual(self.line(self.template, self.first).target_days, 77)
        self.assertEqual(self.call.name, "Ring")

    def test_onto_a_template_in_use(self):
        columns, rows = self.export()
        self.create_lead(template_id=self.template.id)
        self.load(columns, rows)
        rows[0][columns.index("stage_ids/step_ids/name")] = "Ring"
        self.load(columns, rows)
        self.assertEqual(self.call.name, "Ring", "a text is corrected")
        rows[0][columns.index("stage_ids/target_days")] = "77"
        templates = self.env["opportunity.template"].with_user(self.manager)
        result = templates.load(columns, [[str(value) for value in row] for row in rows])
        self.assertIn("press “Edit” to make the next revision", result["messages"][0]["message"])
        self.assertFalse(result["ids"])
        self.assertEqual(self.line(self.template, self.first).target_days, 5)

    def test_all_revisions(self):
        lead = self.create_lead(template_id=self.template.id)
        draft = self.edit()
        draft.closing_days = 8
        self.publish(draft)
        self.create_lead(template_id=draft.id)
        third = self.edit(draft)
        third.closing_days = 9
        family = self.template | draft | third
        columns, rows = self.export(family)
        self.env["crm.lead"].search([("template_id", "in", family.ids)]).unlink()
        family.unlink()
        self.assertFalse(lead.exists())
        loaded = self.load(columns, rows)
        self.assertEqual(loaded.mapped("revision"), [1, 2, 3])
        self.assertEqual(loaded.mapped("state"), ["archived", "active", "draft"])
        self.assertEqual(loaded[1:].origin_id, loaded[0])
        self.assertEqual(loaded[0].display_name, "Deal (revision 1)")
        self.assertTrue(loaded[2].is_next_revision)
        self.assertEqual(self.snapshot(loaded), rows)

    def test_draft_revision_alone(self):
        self.create_lead(template_id=self.template.id)
        draft = self.edit()
        draft.closing_days = 8
        columns, rows = self.export(draft)
        draft.unlink()
        loaded = self.load(columns, rows)
        self.assertEqual((loaded.origin_id, loaded.state), (self.template, "draft"))
        self.publish(loaded)
        self.assertEqual(self.template.current_id, loaded)

    def test_field_that_is_not_there(self):
        columns, rows = self.export()
        self.template.unlink()
        rows[0][columns.index("stage_ids/condition_ids/field_names")] = "x_budget"
        row = next(row for row in rows if row[columns.index("stage_ids/condition_ids/field_names")])
        row[columns.index("stage_ids/condition_ids/kind")] = "fields"
        templates = self.env["opportunity.template"].with_user(self.manager)
        result = templates.load(columns, [[str(value) for value in row] for row in rows])
        self.assertIn("no such fields: x_budget", result["messages"][0]["message"])
        with self.assertRaisesRegex(UserError, "no such fields: x_budget"):
            self.budget.with_user(self.manager).field_names = "x_budget"

    def test_columns_are_recognised_in_the_dialog(self):
        columns, rows = self.export()
        lines = [",".join(columns), *(",".join(f'"{value}"' for value in row) for row in rows)]
        imports = self.env["base_import.import"].with_user(self.manager)
        wizard = imports.create(
            {"res_model": "opportunity.template", "file": "\n".join(lines).encode(), "file_type": "text/csv"}
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        matches = {columns[index]: "/".join(path) for index, path in preview["matches"].items()}
        self.assertEqual(matches, {column: column for column in columns})
        result = wizard.execute_import(columns, columns, options)
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], self.template.ids)

    def test_stages_have_a_list_as_well(self):
        saved = self.env.ref("opportunity_crm.ir_exports_crm_stage")
        columns = saved.export_fields.mapped("name")
        stage = self.create_stage("Traveller", requirements="A passport").with_user(self.manager)
        rows = stage.export_data(columns)["datas"]
        stage.unlink()
        result = self.env["crm.stage"].with_user(self.manager).load(columns, [[str(v) for v in row] for row in rows])
        self.assertFalse(result["messages"])
        loaded = self.env["crm.stage"].browse(result["ids"])
        self.assertEqual((loaded.name, loaded.template_only, loaded.requirements), ("Traveller", True, "A passport"))


@tagged("standard", "post_install", "-at_install")
class TestExportDialog(OpportunityBuilders, HttpCase):
    """What the dialog of Odoo's export asks the server."""

    def test_saved_list(self):
        manager = self.create_user("export", "sales_team.group_sale_manager,base.group_allow_export")
        manager.password = "export-password"
        saved = self.env.ref("opportunity_crm.ir_exports_opportunity_template")
        template = self.env.ref("opportunity_crm.opportunity_template_upsell")
        self.authenticate("export", "export-password")
        fields = self.make_jsonrpc_request(
            "/web/export/namelist", {"model": "opportunity.template", "export_id": saved.id}
        )
        names = [field["id"] for field in fields]
        self.assertEqual(names, saved.export_fields.mapped("name"))
        request = {
            "model": "opportunity.template",
            "fields": [{"name": name, "label": name, "store": True} for name in names],
            "ids": template.ids,
            "domain": [],
            "import_compat": True,
        }
        token = http.Request.csrf_token(self)
        answer = self.url_open("/web/export/csv", data={"data": json.dumps(request), "csrf_token": token})
        columns, *rows = csv.reader(answer.content.decode("utf-8-sig").splitlines())
        self.assertEqual(columns, names)
        self.assertEqual(rows[0][:2], ["opportunity_crm.opportunity_template_upsell", "Upsell"])
        result = self.env["opportunity.template"].with_user(manager).load(columns, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], template.ids)
