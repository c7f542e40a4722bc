from datetime import date, datetime

from odoo.exceptions import UserError

from ..exceptions import GateError
from .common_followup import FollowupCase
from .common_tab import TabCase


class TestTabUse(TabCase):
    """Custom fields where the rest of the addon chooses fields."""

    def test_gate(self):
        self.add_condition(self.template, self.first, "fields", fields=[self.column("Voltage"), self.column("Media")])
        lead = self.create_lead(template_id=self.template.id)
        with self.assertRaisesRegex(GateError, "Fill in: Media, Voltage"):
            lead.stage_id = self.second
        lead.write(
            {
                self.column("Voltage"): self.option("Voltage", "400 V").id,
                self.column("Media"): self.option("Media", "Air").ids,
                "stage_id": self.second.id,
            }
        )
        self.assertEqual(lead.stage_id, self.second)

    def test_gate_on_a_domain(self):
        self.add_condition(self.template, self.first, "domain", domain=f"[('{self.column('Budget')}', '>', 100)]")
        lead = self.create_lead(template_id=self.template.id)
        with self.assertRaises(GateError):
            lead.stage_id = self.second
        lead.write({self.column("Budget"): 200, "stage_id": self.second.id})

    def test_manager_may_choose_the_field_for_a_condition(self):
        field = self.env["ir.model.fields"]._get("crm.lead", self.column("Voltage")).with_user(self.manager)
        line = self.template.stage_ids[0]
        condition = (
            self.env["opportunity.template.condition"]
            .with_user(self.manager)
            .create({"template_stage_id": line.id, "kind": "fields", "field_ids": field.ids})
        )
        self.assertEqual(condition.summary, "Filled in: Voltage")


class TestTabTravel(TabCase):
    """Tabs travel in a file, by Odoo's own export and import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")
        cls.tab.write({"template_ids": cls.template.ids, "icon": "fa-wrench"})
        cls.field["Lines"].write({"default_number": 2, "required": True, "section": "Machines", "in_list": True})
        cls.field["Media"].option_ids[0].is_default = True

    def export(self, tab):
        saved = self.env.ref("opportunity_crm.ir_exports_opportunity_tab").with_user(self.manager)
        columns = saved.export_fields.mapped("name")
        return columns, tab.with_user(self.manager).export_data(columns)["datas"]

    def load(self, columns, rows):
        tabs = self.env["opportunity.tab"].with_user(self.manager)
        result = tabs.load(columns, [[str(value) for value in row] for row in rows])
        self.assertFalse(result["messages"])
        return tabs.browse(result["ids"])

    def test_to_another_database_and_back(self):
        columns, rows = self.export(self.tab)
        names = self.tab.field_ids.mapped("technical_name")
        self.tab.unlink()
        self.assertFalse(set(names) & self.env["crm.lead"]._fields.keys())
        loaded = self.load(columns, rows)
        self.assertEqual(self.export(loaded)[1], rows, "everything came back, external ids included")
        self.assertEqual(loaded.field_ids.mapped("technical_name"), names)
        self.assertLessEqual(set(names), self.env["crm.lead"]._fields.keys())

    def test_again_doubles_nothing(self):
        columns, rows = self.export(self.tab)
        fields = self.tab.field_ids
        rows[0][columns.index("field_ids/name")] = "Equipment"
        self.assertEqual(self.load(columns, rows), self.tab)
        self.assertEqual(self.tab.field_ids, fields)
        self.assertEqual(fields[0].name, "Equipment")

    def test_a_file_cannot_choose_a_column(self):
        columns, rows = self.export(self.tab)
        self.tab.unlink()
        rows[0][columns.index("field_ids/technical_name")] = "user_id"
        tabs = self.env["opportunity.tab"].with_user(self.manager)
        result = tabs.load(columns, [[str(value) for value in row] for row in rows])
        self.assertFalse(result["ids"])
        self.assertIn("cannot be the name of a column", result["messages"][0]["message"])


class TestTabTimer(TabCase, FollowupCase):
    """A step of a follow-up sequence counts from a custom date."""

    def test_step_counts_from_a_custom_date(self):
        column = self.env["ir.model.fields"]._get("crm.lead", self.column("Start of Works"))
        sequence = self.create_sequence({"timing": "before", "delay_count": 3, "date_field_id": column.id})
        lead = self.create_lead(partner_id=self.customer.id, **{column.name: date(2026, 3, 20)})
        enrollment = self.start(sequence, lead)
        self.assertEqual(enrollment.date_next, datetime(2026, 3, 16, 23, 0))  # midnight in Brussels
        lead.write({column.name: date(2026, 3, 25)})
        self.assertEqual(enrollment.date_next, datetime(2026, 3, 21, 23, 0))
        with self.assertRaisesRegex(UserError, "follow-up sequences"):
            self.field["Start of Works"].with_context(opportunity_discard_values=True).unlink()
