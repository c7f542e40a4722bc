from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common_tab import TabCase
from .test_revision import RevisionCase

MARKUP = """</page><field name="x"/><script>alert(1)</script> ${alert(2)} `" onclick='alert(3)' t-if="1" {{1}}"""[:80]


class TestTabView(TabCase):
    """Tabs are in the views that everybody gets, and nothing of a label is more than a label."""

    def names(self, arch):
        return [node.get("name") for node in arch.xpath(".//field")]

    def test_form(self):
        page = self.page()
        self.assertEqual(page.get("string"), "Technical Fit")
        shown = set(self.names(page)) - {f"{self.column('Drawing')}_filename"}
        self.assertEqual(shown, set(self.tab.field_ids.mapped("technical_name")))
        (following,) = self.arch("form").xpath("//page[@name='sharing']")
        self.assertIn(page.get("name"), [node.get("name") for node in following.itersiblings(preceding=True)])

    def test_list_card_and_search(self):
        self.tab.field_ids.write({"in_list": True, "in_kanban": True, "in_search": True})
        names = set(self.tab.field_ids.mapped("technical_name")) - {self.column("Drawing")}
        self.assertLessEqual(names, set(self.names(self.arch("list"))))
        self.assertLessEqual(names, set(self.names(self.arch("kanban", view="crm.crm_case_kanban_view_leads"))))
        self.assertFalse(names & set(self.names(self.arch("list", view="crm.crm_case_tree_view_leads"))))
        search = self.arch("search", view="crm.view_crm_case_opportunities_filter")
        filters = {node.get("name") for node in search.xpath(".//filter")}
        typed = names - {self.column(label) for label in ("Start of Works", "Visit", "Certified")}
        self.assertLessEqual(typed, set(self.names(search)))
        for label in ("Start of Works", "Visit", "Certified"):
            self.assertIn(f"filter_{self.column(label)}", filters)
        for label in ("Machine", "Voltage", "Media", "Visit", "Planner", "Engineer", "Model", "Certified"):
            self.assertIn(f"group_{self.column(label)}", filters)
        self.tab.field_ids.write({"in_list": False, "in_kanban": False, "in_search": False})
        for view_type, view in (
            ("list", None),
            ("kanban", "crm.crm_case_kanban_view_leads"),
            ("search", "crm.view_crm_case_opportunities_filter"),
        ):
            self.assertFalse(names & set(self.names(self.arch(view_type, view=view))))

    def test_every_view_of_opportunities_is_valid(self):
        """The views that the client gets pass the checks that Odoo makes when one is written down."""
        self.tab.field_ids.write({"in_list": True, "in_kanban": True, "in_search": True})
        self.tab.icon = "fa-wrench"
        self.field["Machine"].write({"required": True, "section": "Machines"})
        views = self.env["ir.ui.view"].search([("model", "=", "crm.lead"), ("mode", "=", "primary")])
        for view in views.filtered(lambda view: view.type in ("form", "list", "kanban", "search")):
            with self.subTest(view=view.xml_id):
                arch, _view = self.env["crm.lead"]._get_view(view.id, view.type)
                view._validate_view(arch, "crm.lead")  # raises
                if view == self.env.ref("crm.crm_lead_view_form"):
                    self.assertTrue(arch.xpath(f"//field[@name='{self.column('Machine')}']"))

    def test_markup_in_labels_stays_text(self):
        """What looks like markup, code or a template in a label is shown as it is."""
        self.tab.name = MARKUP
        self.field["Machine"].write(
            {"name": MARKUP, "section": MARKUP, "help": MARKUP, "in_list": True, "in_kanban": True, "in_search": True}
        )
        page = self.page()
        self.assertEqual(page.get("string"), MARKUP)
        self.assertEqual(page.xpath(".//group[@string]/@string"), [MARKUP])
        for view_type, view in (
            ("form", None),
            ("list", None),
            ("kanban", "crm.crm_case_kanban_view_leads"),
            ("search", "crm.view_crm_case_opportunities_filter"),
        ):
            arch = self.arch(view_type, view=view)
            self.assertFalse(arch.xpath("//script | //*[@onclick]"))
            self.assertFalse(arch.xpath("//*[starts-with(@t-if, '1')]"))
            self.assertNotIn("x", self.names(arch))
        described = self.env["crm.lead"].fields_get([self.column("Machine")])[self.column("Machine")]
        self.assertEqual((described["string"], described["help"]), (MARKUP, MARKUP))

    def test_label_that_xml_cannot_hold_breaks_no_view(self):
        """Such a label is refused; one that came in otherwise, e.g. with a translation, is cleaned."""
        self.env.cr.execute(
            "UPDATE opportunity_tab SET name = %s WHERE id = %s", ['{"en_US": "Bo\\u000biler"}', self.tab.id]
        )
        self.env.invalidate_all()
        self.env["opportunity.tab"]._forget_tabs()
        self.assertEqual(self.page().get("string"), "Boiler")

    def test_column_that_is_gone_breaks_no_view(self):
        self.field["Machine"]._drop_columns()
        self.env["opportunity.tab"]._forget_tabs()
        self.assertNotIn("x_opp_machine", self.names(self.page()))
        self.create_lead()

    def test_only_for_some_templates(self):
        other = self.create_template("Other")
        self.field["Machine"].required = True
        self.tab.template_ids = self.template
        leads = self.env["crm.lead"].with_user(self.rep).with_context(default_type="opportunity")
        with Form(leads) as form:
            form.name = "By hand"
            self.assertTrue(form._get_modifier(self.column("Machine"), "required") is False)
        with self.assertRaises(AssertionError), Form(leads) as form:
            form.name = "By hand"
            form.template_id = self.template
        with Form(leads) as form:
            form.name = "By hand"
            form.template_id = self.template
            form[self.column("Machine")] = "Filler"
        self.create_lead(template_id=other.id)
        self.create_lead()
        with self.assertRaisesRegex(ValidationError, "needs a value for “Machine” in the tab “Technical Fit”"):
            self.create_lead(template_id=self.template.id)

    def test_template_with_a_tab_stays(self):
        self.tab.template_ids = self.template
        with self.assertRaisesRegex(Exception, "Technical Fit"):
            self.template.unlink()

    def test_only_for_a_company(self):
        self.field["Machine"].required = True
        self.tab.sudo().company_id = self.other_company
        self.create_lead()
        with self.assertRaisesRegex(ValidationError, "Machine"):
            self.create_lead(user=self.overseas)
        self.assertIn(f"company_id != {self.other_company.id}", self.page().get("invisible"))


class TestTabRevision(TabCase, RevisionCase):
    def test_every_revision_of_a_template_shows_the_tab(self):
        self.field["Machine"].required = True
        self.tab.template_ids = self.template
        self.create_lead(template_id=self.template.id, **{self.column("Machine"): "Filler"})
        self.page()
        edition = self.template._make_next_revision()
        edition.name  # noqa: B018
        self.line(edition, self.first).target_days = 77
        edition._publish()
        self.assertEqual(self.tab.template_ids, edition)
        ids = {self.template.id, edition.id}
        self.assertTrue(all(str(id_) in self.page().get("invisible") for id_ in ids))
        with self.assertRaisesRegex(ValidationError, "Machine"):
            self.create_lead(template_id=edition.id)


class TestTabRequired(TabCase):
    """What a tab requires is asked of new opportunities, and kept: on every way, without stopping older ones."""

    def setUp(self):
        super().setUp()
        self.old = self.create_lead(name="Old")
        self.labels = ("Machine", "Lines", "Voltage", "Media", "Planner", "Start of Works")
        for label in self.labels:
            self.field[label].required = True
        self.full = {
            self.column("Machine"): "Filler",
            self.column("Lines"): 0,
            self.column("Voltage"): self.option("Voltage", "400 V").id,
            self.column("Media"): self.option("Media", "Air").ids,
            self.column("Planner"): self.rep.partner_id.id,
            self.column("Start of Works"): "2026-05-04",
        }

    def test_create(self):
        self.create_lead(**self.full)
        for label in self.labels:
            with self.assertRaisesRegex(ValidationError, f"“{label}”"):
                self.create_lead(**{name: value for name, value in self.full.items() if name != self.column(label)})

    def test_import(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        result = leads.load(["name", "type", self.column("Machine")], [["Loaded", "opportunity", "Filler"]])
        self.assertFalse(result["ids"])
        self.assertIn("“Lines”", result["messages"][0]["message"])

    def test_cannot_be_emptied(self):
        lead = self.create_lead(**self.full)
        for label in self.labels:
            empty = [(5,)] if label == "Media" else False
            with self.assertRaisesRegex(ValidationError, f"“{label}”"):
                lead.write({self.column(label): empty})
        lead.write({self.column("Lines"): 0, self.column("Machine"): "Packer"})

    def test_older_opportunities_move_on(self):
        self.old.write({"name": "Renamed", "priority": "2", self.column("Machine"): "Filler"})
        self.old.action_set_lost()
        self.old.action_restore()
        self.old.action_set_won()
        with Form(self.old) as form:
            form.name = "By hand"
        self.assertEqual((self.old.name, self.old.won_status), ("By hand", "won"))
        self.assertEqual(self.old[self.column("Machine")], "Filler")

    def test_older_opportunities_are_merged(self):
        other = self.create_lead(user=self.manager, **self.full | {self.column("Planner"): self.manager.partner_id.id})
        merged = (other | self.old.with_user(self.manager)).merge_opportunity()
        self.assertEqual(merged[self.column("Machine")], "Filler")
        lacking = self.env["crm.lead"].sudo().create([{"name": name, "type": "opportunity"} for name in ("A", "B")])
        self.assertEqual(len(lacking.with_user(self.manager).merge_opportunity()), 1)
        self.assertEqual(len(lacking.exists()), 1)

    def test_what_arrives_by_itself_is_kept(self):
        """Nobody sits before an e-mail or a web form who could fill in more."""
        arrived = self.env["crm.lead"].sudo().create({"name": "From the website", "type": "opportunity"})
        self.assertFalse(arrived[self.column("Machine")])
        lead = self.env["crm.lead"].with_user(self.rep).create({"name": "A lead", "type": "lead"})
        lead.convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.type, "opportunity")

    def test_yes_or_no_cannot_be_required(self):
        with self.assertRaisesRegex(ValidationError, "a yes or a no"):
            self.field["Certified"].required = True


class TestTabCost(TabCase):
    def test_ordinary_opportunity_costs_nothing(self):
        """The definitions are kept between requests: creating and writing ask the database nothing about them."""
        self.field["Machine"].required = True
        self.tab.template_ids = self.template
        leads = self.env["crm.lead"].with_user(self.rep)
        leads.create({"name": "Warm", "type": "opportunity"})
        definitions = self.env["opportunity.field"]
        definitions._get_rules()
        with self.assertQueryCount(0):
            definitions._get_rules()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        leads.create({"name": "With", "type": "opportunity"})
        self.env.flush_all()
        with_tabs = self.env.cr.sql_log_count - before
        self.tab.active = False
        leads.create({"name": "Warm", "type": "opportunity"})
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        leads.create({"name": "Without", "type": "opportunity"})
        self.env.flush_all()
        self.assertLessEqual(with_tabs, self.env.cr.sql_log_count - before)

    def test_views_are_kept(self):
        leads = self.env["crm.lead"].with_user(self.rep)
        leads.get_view(None, "form")
        with self.assertQueryCount(0):
            leads._get_view_cache(None, "form")
