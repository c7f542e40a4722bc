import base64
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_tab import EVERY_KIND, TabCase

FILE = base64.b64encode(b"a drawing")


class TestTabKinds(TabCase):
    """Each type of field is a column that behaves as Odoo's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Planning Bureau"})
        cls.product = cls.env["product.product"].create({"name": "Filler 9000"})

    def values(self):
        """A value for each field, and the value that is searched for it."""
        return {
            "Machine": ("Filler", "Filler"),
            "Remarks of the Engineer": ("Two\nlines", "Two\nlines"),
            "Lines": (3, 3),
            "Speed": (1.5, 1.5),
            "Budget": (1200.5, 1200.5),
            "Start of Works": (date(2026, 5, 4), date(2026, 5, 4)),
            "Visit": (datetime(2026, 5, 4, 8, 30), datetime(2026, 5, 4, 8, 30)),
            "Certified": (True, True),
            "Voltage": (self.option("Voltage", "400 V").id, self.option("Voltage", "400 V").id),
            "Media": (self.option("Media", "Air").ids, self.option("Media", "Air").id),
            "Planner": (self.customer.id, self.customer.id),
            "Engineer": (self.rep.id, self.rep.id),
            "Model": (self.product.id, self.product.id),
            "Data Sheet": ("https://example.com/9000", "https://example.com/9000"),
        }

    def test_set_search_and_group(self):
        lead, other = self.create_lead(name="With"), self.create_lead(name="Without")
        for label, (value, searched) in self.values().items():
            name = self.column(label)
            with self.subTest(label):
                lead.write({name: value})
                self.env.flush_all()
                self.env.invalidate_all()
                mine = [("id", "in", (lead + other).ids)]
                self.assertTrue(lead[name])
                found = lead.search([(name, "in", [searched]), *mine])
                self.assertEqual(found, lead)
                by = f"{name}:month" if lead._fields[name].type in ("date", "datetime") else name
                self.assertEqual(len(lead._read_group(mine, [by], ["__count"])), 2)
                self.assertFalse(other[name])

    def test_money_is_in_the_currency_of_the_company(self):
        lead = self.create_lead()
        self.assertEqual(lead._fields[self.column("Budget")].get_currency_field(lead), "company_currency")

    def test_file_belongs_to_its_opportunity(self):
        lead = self.create_lead()
        name = self.column("Drawing")
        lead.write({name: FILE, f"{name}_filename": "plan.pdf"})
        self.env.flush_all()
        files = self.env["ir.attachment"].search([("res_field", "=", name), ("res_id", "=", lead.id)])
        self.assertEqual((len(files), files.res_model, files.raw), (1, "crm.lead", b"a drawing"))
        self.assertEqual(lead.search([(name, "!=", False)]), lead)
        self.assertNotIn(files, lead.file_box_ids, "the file box holds what was put there")
        with self.assertRaises(AccessError):
            files.with_user(self.colleague).read(["raw"])

    def test_export_and_import(self):
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        lead = self.create_lead(user=self.manager)
        for label, (value, _searched) in self.values().items():
            lead.write({self.column(label): value})
        lead.write({self.column("Media"): self.option("Media", "Air").ids + self.option("Media", "Oil").ids})
        labels = list(self.values())
        names = [self.column(label) for label in labels]
        (row,) = lead.export_data(["name", *names])["datas"]
        self.assertEqual(row[1 + labels.index("Voltage")], "400 V")
        self.assertEqual(row[1 + labels.index("Media")], "Air,Oil")
        result = lead.load(["name", "type", *names], [["Loaded", "opportunity", *map(str, row[1:])]])
        self.assertFalse(result["messages"])
        loaded = lead.browse(result["ids"])
        for name in names:
            self.assertEqual(loaded[name], lead[name], name)

    def test_import_finds_the_option_of_the_column(self):
        """Options of different fields may be named alike."""
        self.add_field("Pressure", "choice", options=["400 V", "Low"])
        leads = self.env["crm.lead"].with_user(self.manager)
        result = leads.load(["name", "type", self.column("Voltage")], [["Loaded", "opportunity", "400 V"]])
        self.assertFalse(result["messages"])
        self.assertEqual(leads.browse(result["ids"])[self.column("Voltage")], self.option("Voltage", "400 V"))
        result = leads.load(["name", "type", self.column("Voltage")], [["Loaded", "opportunity", "Low"]])
        self.assertIn("Low", result["messages"][0]["message"])

    def test_option_of_another_field_is_refused(self):
        lead = self.create_lead()
        for name, value in (
            (self.column("Voltage"), self.option("Media", "Air").id),
            (self.column("Media"), self.option("Voltage", "400 V").ids),
        ):
            with self.assertRaisesRegex(ValidationError, "Choose among the options"):
                lead.write({name: value})
            with self.assertRaisesRegex(ValidationError, "Choose among the options"):
                self.create_lead(**{name: value})

    def test_defaults(self):
        voltage, media = self.option("Voltage", "400 V"), self.option("Media", "Oil") + self.option("Media", "Air")
        (voltage | media).is_default = True
        defaults = {
            "Machine": ("default_text", "Filler"),
            "Remarks of the Engineer": ("default_text", "None"),
            "Lines": ("default_number", 2),
            "Speed": ("default_number", 0.5),
            "Budget": ("default_number", 10),
            "Start of Works": ("default_today", True),
            "Visit": ("default_today", True),
            "Certified": ("default_boolean", True),
            "Planner": ("default_partner_id", self.customer.id),
            "Engineer": ("default_user_id", self.rep.id),
            "Model": ("default_product_id", self.product.id),
            "Data Sheet": ("default_text", "https://example.com"),
        }
        for label, (name, value) in defaults.items():
            self.field[label].write({name: value})
        lead = self.create_lead()
        expected = {
            "Machine": "Filler",
            "Remarks of the Engineer": "None",
            "Lines": 2,
            "Speed": 0.5,
            "Budget": 10,
            "Start of Works": date(2026, 3, 2),
            "Visit": datetime(2026, 3, 2, 9, 0),
            "Certified": True,
            "Voltage": voltage,
            "Planner": self.customer,
            "Engineer": self.rep,
            "Model": self.product,
            "Data Sheet": "https://example.com",
        }
        self.assertEqual({label: lead[self.column(label)] for label in expected}, expected)
        self.assertEqual(set(lead[self.column("Media")]), set(media))
        given = self.create_lead(**{self.column("Lines"): 0, self.column("Voltage"): False})
        self.assertEqual((given[self.column("Lines")], given[self.column("Voltage")].ids), (0, []))
        self.assertFalse(self.create_lead(type="lead")[self.column("Machine")], "a lead has no tabs")
        with Form(self.env["crm.lead"].with_user(self.rep).with_context(default_type="opportunity")) as form:
            form.name = "By hand"
            self.assertEqual(form[self.column("Machine")], "Filler")
            self.assertEqual(form[self.column("Voltage")], voltage)

    def test_report(self):
        """Pivot and graph measure numbers and group by the rest, as they do for Odoo's fields."""
        self.create_lead(**{self.column("Budget"): 100, self.column("Voltage"): self.option("Voltage", "400 V").id})
        groups = self.env["crm.lead"].formatted_read_group(
            [(self.column("Voltage"), "!=", False)], [self.column("Voltage")], [f"{self.column('Budget')}:sum"]
        )
        self.assertEqual(groups[0][f"{self.column('Budget')}:sum"], 100)

    def test_merge_keeps_what_was_filled_in(self):
        self.manager.group_ids += self.env.ref("sales_team.group_sale_manager")
        first = self.create_lead(user=self.manager, **{self.column("Media"): self.option("Media", "Air").ids})
        second = self.create_lead(
            user=self.manager,
            **{
                self.column("Media"): self.option("Media", "Oil").ids,
                self.column("Machine"): "Filler",
                self.column("Voltage"): self.option("Voltage", "400 V").id,
                self.column("Drawing"): FILE,
                f"{self.column('Drawing')}_filename": "plan.pdf",
            },
        )
        head = (first | second).merge_opportunity()
        self.assertEqual(head[self.column("Machine")], "Filler")
        self.assertEqual(head[self.column("Voltage")].name, "400 V")
        self.assertEqual(set(head[self.column("Media")].mapped("name")), {"Air", "Oil"})
        self.assertEqual(head[self.column("Drawing")], FILE)
        self.assertEqual(head[f"{self.column('Drawing')}_filename"], "plan.pdf")

    def test_duplicate_has_the_values(self):
        lead = self.create_lead(
            **{self.column("Machine"): "Filler", self.column("Media"): self.option("Media", "Air").ids}
        )
        twin = lead.copy()
        self.assertEqual((twin[self.column("Machine")], twin[self.column("Media")].name), ("Filler", "Air"))


class TestTabDefine(TabCase):
    """What an administrator may define, rename, archive and remove."""

    def test_names_of_columns_are_made(self):
        for label, name in (
            ("Débit d'air", "x_opp_debit_d_air"),
            ("__class__", "x_opp_class"),
            ("env.cr.execute('')", "x_opp_env_cr_execute"),
            ("user_id", "x_opp_user_id"),
            ("納期", "x_opp_field"),
            ("氏名", "x_opp_field_2"),
        ):
            self.assertEqual(self.add_field(label).technical_name, name)

    def test_names_of_columns_are_not_chosen(self):
        for name in ("name", "x_foo", "x_opp_", "x_opp___class__", "x_opp_a; DROP", "x_opp_A", self.column("Machine")):
            with self.assertRaisesRegex(UserError, "cannot be the name of a column"):
                self.add_field("Odd", technical_name=name)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self.field["Machine"].technical_name = "x_opp_other"

    def test_labels(self):
        self.assertTrue(self.add_field("y" * 80).technical_name)
        for label in ("x" * 81, "two\nlines", "bell\x07"):
            with self.assertRaisesRegex(ValidationError, "cannot be a label"):
                self.add_field(label)
            with self.assertRaisesRegex(ValidationError, "cannot be a label"):
                self.create_tab(label, [])
        with self.assertRaisesRegex(ValidationError, "two fields “(?i:machine)”"):
            self.add_field("machine")

    def test_rename_keeps_data_and_the_column(self):
        lead = self.create_lead(**{self.column("Machine"): "Filler"})
        self.field["Machine"].write({"name": "Equipment", "help": "Which one"})
        described = lead.fields_get([self.column("Machine")])[self.column("Machine")]
        self.assertEqual((described["string"], described["help"]), ("Equipment", "Which one"))
        self.assertEqual(lead[self.column("Machine")], "Filler")
        self.field["Machine"].help = False
        self.assertFalse(lead.fields_get([self.column("Machine")])[self.column("Machine")].get("help"))

    def test_labels_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        machine, leads = self.field["Machine"], self.env["crm.lead"]
        machine.with_context(lang="fr_FR").name = "Appareil"
        self.tab.with_context(lang="fr_FR").name = "Technique"

        def label(lang):
            return leads.with_context(lang=lang).fields_get([machine.technical_name])[machine.technical_name]["string"]

        self.assertEqual((label("en_US"), label("fr_FR")), ("Machine", "Appareil"))
        self.assertEqual(self.page(lang="fr_FR").get("string"), "Technique")
        self.assertEqual(self.page(lang="en_US").get("string"), "Technical Fit")
        machine.update_field_translations("name", {"fr_FR": "Machine-outil"})
        self.assertEqual((label("en_US"), label("fr_FR")), ("Machine", "Machine-outil"))
        machine.with_context(lang="en_US").name = "Equipment"
        self.assertEqual((label("en_US"), label("fr_FR")), ("Equipment", "Machine-outil"))

    def test_archive_hides_without_loss(self):
        lead = self.create_lead(**{self.column("Machine"): "Filler"})
        self.field["Machine"].write({"required": True, "active": False})
        self.assertFalse(self.page().xpath(f".//field[@name='{self.column('Machine')}']"))
        self.create_lead()
        self.field["Machine"].active = True
        self.assertTrue(self.page().xpath(f".//field[@name='{self.column('Machine')}']"))
        self.tab.active = False
        self.assertIsNone(self.page())
        self.create_lead()
        self.assertEqual(lead[self.column("Machine")], "Filler")

    def test_remove_says_what_is_lost(self):
        machine, name = self.field["Machine"], self.column("Machine")
        lead = self.create_lead(**{name: "Filler"})
        self.create_lead(**{name: "Packer"}).active = False
        with self.assertRaisesRegex(UserError, "“Machine” is filled in .opportunities: 2."):
            machine.unlink()
        action = machine.action_remove()
        dialog = self.env["opportunity.field.removal"].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(dialog.loss, "Machine (opportunities: 2)")
        dialog.action_archive()
        self.assertFalse(machine.active)
        dialog.action_remove()
        self.assertFalse(machine.exists())
        self.assertNotIn(name, lead._fields)
        self.env.cr.execute("SELECT 1 FROM information_schema.columns WHERE column_name = %s", [name])
        self.assertFalse(self.env.cr.fetchall())

    def test_saved_searches_go_with_the_field(self):
        """Nobody finds a pipeline that cannot be opened because a saved search asks for a field that is gone."""
        name = self.column("Lines")
        searches = (
            self.env["ir.filters"]
            .with_user(self.rep)
            .create(
                [
                    {
                        "name": title,
                        "model_id": "crm.lead",
                        "user_ids": self.rep.ids,
                        "domain": domain,
                        "context": context,
                    }
                    for title, domain, context in (
                        ("By domain", f"[('{name}', '>', 1)]", "{}"),
                        ("By group", "[]", f"{{'group_by': ['{name}']}}"),
                        ("Another field", f"[('{name}_more', '>', 1)]", "{}"),
                    )
                ]
            )
        )
        export = self.env["ir.exports"].create(
            {"name": "Mine", "resource": "crm.lead", "export_fields": [Command.create({"name": name})]}
        )
        lines = self.field["Lines"]
        dialog = self.env["opportunity.field.removal"].with_user(self.manager).browse(lines.action_remove()["res_id"])
        self.assertEqual(dialog.loss, "Saved searches of everybody that use it: 2")
        dialog.action_remove()
        self.assertEqual(searches.exists().mapped("name"), ["Another field"])
        self.assertFalse(export.export_fields)

    def test_remove_a_tab_with_everything(self):
        lead = self.create_lead(**{self.column("Drawing"): FILE, self.column("Media"): self.option("Media", "Air").ids})
        with self.assertRaisesRegex(UserError, "filled in .opportunities: 1."):
            self.tab.unlink()
        dialog = (
            self.env["opportunity.field.removal"].with_user(self.manager).browse(self.tab.action_remove()["res_id"])
        )
        self.assertIn("Drawing (opportunities: 1)", dialog.loss)
        self.assertIn("Media (opportunities: 1)", dialog.loss)
        dialog.action_remove()
        self.assertFalse([name for name in lead._fields if name.startswith("x_opp_")])
        self.env.cr.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'x\\_opp\\_%'")
        self.assertFalse(self.env.cr.fetchall())
        self.assertFalse(self.env["ir.attachment"].search([("res_field", "=like", "x_opp_%")]))
        self.assertFalse(self.env["ir.model.fields"].search([("name", "=like", "x_opp_%")]))

    def test_each_kind_counts_its_values(self):
        values = {
            "Lines": 3,
            "Speed": 1.5,
            "Budget": 7,
            "Certified": True,
            "Voltage": self.option("Voltage", "400 V").id,
            "Drawing": FILE,
            "Start of Works": date(2026, 5, 4),
        }
        self.create_lead(**{self.column(label): value for label, value in values.items()})
        self.create_lead(**{self.column("Lines"): 0, self.column("Certified"): False})
        self.env.flush_all()
        counts = {field.name: count for field, count in self.tab.field_ids._count_values().items()}
        self.assertEqual(counts, {label: int(label in values) for label, _kind, _more in EVERY_KIND})

    def test_type_of_a_field_with_values_stays(self):
        machine = self.field["Machine"]
        lead = self.create_lead(**{self.column("Machine"): "Filler"})
        with self.assertRaisesRegex(UserError, "keeps its type: it is filled in .opportunities: 1."):
            machine.kind = "integer"
        machine.kind = "link"
        self.assertEqual(lead[self.column("Machine")], "Filler", "a link is a text that can be followed")
        lead[self.column("Machine")] = False
        machine.kind = "integer"
        self.assertEqual(lead._fields[self.column("Machine")].type, "integer")
        lead[self.column("Machine")] = 4
        self.env.flush_all()

    def test_option_in_use_stays(self):
        air = self.option("Media", "Air")
        lead = self.create_lead(**{self.column("Media"): air.ids})
        with self.assertRaisesRegex(UserError, "“Air” was chosen .opportunities: 1."):
            air.unlink()
        air.active = False
        self.env.invalidate_all()
        self.assertEqual(lead[self.column("Media")].name, "Air", "who has chosen it keeps it")
        self.option("Media", "Water").unlink()
        with self.assertRaisesRegex(ValidationError, "Add options"):
            self.add_field("Choice of Nothing", "choice")
        with self.assertRaisesRegex(ValidationError, "start with one option"):
            self.field["Voltage"].option_ids.is_default = True
            self.field["Voltage"].invalidate_recordset()
            self.field["Voltage"]._check_options()

    def test_field_in_use_stays(self):
        column = self.env["ir.model.fields"]._get("crm.lead", self.column("Machine"))
        with self.assertRaisesRegex(UserError, "Technical Fit"):
            column.unlink()
        self.add_condition(self.template, self.first, "fields", fields=[self.column("Machine")])
        with self.assertRaisesRegex(UserError, "exit conditions"):
            self.field["Machine"].unlink()

    def test_two_hundred_fields(self):
        tab = self.create_tab("Everything", [(f"Field {number}", "char", {}) for number in range(200)])
        self.assertEqual(len(self.page(tab).xpath(".//field")), 200)
        lead = self.create_lead(**{field.technical_name: "x" for field in tab.field_ids})
        self.assertEqual(lead[tab.field_ids[-1].technical_name], "x")

    def test_duplicate_of_a_tab_has_columns_of_its_own(self):
        twin = self.tab.copy()
        self.assertEqual(twin.name, "Technical Fit (copy)")
        self.assertEqual(len(twin.field_ids), len(self.tab.field_ids))
        self.assertFalse(
            set(twin.field_ids.mapped("technical_name")) & set(self.tab.field_ids.mapped("technical_name"))
        )
        self.assertEqual(twin.field_ids.option_ids.mapped("name"), self.tab.field_ids.option_ids.mapped("name"))


class TestTabRights(TabCase):
    def test_who_may_define(self):
        table = {self.manager: "crwd", self.senior: "r", self.rep: "r", self.employee: "", self.portal: ""}
        for records in (self.tab, self.field["Machine"], self.option("Media", "Air")):
            self.assertRights(records, table)

    def test_of_another_company(self):
        parts = (self.tab, self.field["Machine"], self.option("Media", "Air"))
        self.tab.sudo().company_id = self.other_company
        for records, mine in zip(parts, ("", "", "r"), strict=True):
            self.assertRights(records.with_user(self.overseas), {self.overseas: "crwd", self.manager: mine})
        tab = self.create_tab("Elsewhere", [], user=self.overseas, company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.env["opportunity.field"].with_user(self.manager).create({"tab_id": tab.id, "name": "Foreign"})

    def test_nothing_else_of_fields(self):
        """An administrator of sales defines fields here only: Odoo's own list of fields stays closed."""
        fields = self.env["ir.model.fields"].with_user(self.manager)
        values = {
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "name": "x_own",
            "ttype": "char",
            "field_description": "Own",
        }
        column = fields._get("crm.lead", self.column("Machine")).with_user(self.manager)
        for attack in (
            lambda: fields.create(values),
            lambda: column.write({"compute": "raise", "field_description": "x"}),
            lambda: column.unlink(),
        ):
            with self.assertRaises(AccessError):
                attack()
        for name in ("compute", "related", "domain", "relation", "model_id", "ttype", "groups"):
            with self.assertRaises(ValueError, msg=name), mute_logger("odoo.orm.models"):
                self.add_field("Attack", **{name: "res.users"})
        with self.assertRaises(ValueError):
            self.add_field("Attack", kind="one2many")
        with self.assertRaises(ValueError):
            self.tab.icon = 'fa-star" onclick="alert(1)'

    def test_columns_hold_only_what_is_written_here(self):
        fields = self.env["ir.model.fields"].search([("name", "=like", "x_opp_%")])
        self.assertEqual(set(fields.mapped("model")), {"crm.lead"})
        self.assertEqual(set(fields.mapped("state")), {"manual"})
        self.assertFalse([field.name for field in fields if field.compute or field.related or field.depends])

    def test_rep_cannot_remove(self):
        for call in (
            lambda: self.tab.with_user(self.rep).action_remove(),
            lambda: self.field["Machine"].with_user(self.rep).unlink(),
            lambda: self.tab.with_user(self.rep).unlink(),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertIn(self.column("Machine"), self.env["crm.lead"]._fields)
        removal = self.env["opportunity.field.removal"]
        self.assertFalse(removal.with_user(self.rep).has_access("create"))

    def test_column_belongs_to_one_definition(self):
        with self.assertRaises(UserError):
            self.tab.write({"field_ids": [Command.create({"name": "B", "technical_name": self.column("Machine")})]})
