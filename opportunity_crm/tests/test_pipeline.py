from .common import OpportunityCase


class TestPipeline(OpportunityCase):
    """The columns of the kanban, as the web client asks for them."""

    def columns(self, domain, **context):
        leads = self.env["crm.lead"].with_user(self.rep).with_context(**context)
        result = leads.web_read_group(
            [("type", "=", "opportunity"), *domain], groupby=["stage_id"], aggregates=["__count"]
        )
        return [group["stage_id"][1] for group in result["groups"]]

    def test_one_template_shows_its_stages_in_its_order(self):
        upside_down = self.create_template("Upside", [(self.third, 10, 0), (self.first, 20, 0), (self.won, 100, 0)])
        self.create_lead(template_id=upside_down.id, stage_id=self.first.id)
        expected = ["Third", "First", "Done deal"]
        self.assertEqual(self.columns([("template_id", "=", upside_down.id)], read_group_expand=True), expected)
        self.assertEqual(self.columns([("template_id", "in", upside_down.ids)], read_group_expand=True), expected)

    def test_stages_of_templates_add_no_columns(self):
        before = self.columns([("name", "=", "nothing")], read_group_expand=True)
        self.assertNotIn("First", before)
        self.assertTrue(before, "Odoo's own columns stay")

    def test_mixed_pipeline_lines_up_on_shared_stages(self):
        short = self.create_template("Short", [(self.second, 40, 3), (self.won, 100, 0)])
        self.create_lead(template_id=self.template.id, stage_id=self.second.id)
        self.create_lead(template_id=short.id)
        self.create_lead()
        columns = self.columns([("user_id", "=", self.rep.id)], read_group_expand=True)
        self.assertEqual(columns.count("Second"), 1)
        self.assertNotIn("Third", columns)

    def test_any_of_two_templates_is_not_one_template(self):
        short = self.create_template("Short", [(self.second, 40, 3), (self.won, 100, 0)])
        domain = ["|", ("template_id", "=", short.id), ("template_id", "=", self.template.id)]
        self.assertNotIn("Third", self.columns(domain, read_group_expand=True))

    def test_pipeline_of_a_template_opens_on_it(self):
        action = self.template.with_user(self.rep).action_view_opportunities()
        self.assertIn(("template_id", "in", self.template.ids), action["domain"])
        self.assertEqual(action["context"]["default_template_id"], self.template.id)

    def test_empty_pipeline_says_what_opportunities_are_for(self):
        leads = self.env["crm.lead"].with_user(self.rep).sudo()  # as Odoo loads an action for the web client
        text = leads.with_context(default_type="opportunity").get_empty_list_help("")
        self.assertIn("a new account, an upsell", text)
        self.assertIn("Do not use opportunities for interests, tasks", text)
        self.assertNotIn("upsell", leads.with_context(default_type="lead").get_empty_list_help(""))

    def test_help_without_a_team(self):
        """Who is in no team is told to join one, and what opportunities are for."""
        loner = self.create_user("loner", "sales_team.group_sale_salesman")
        text = self.env["crm.team"].with_user(loner).action_your_pipeline()["help"]
        self.assertIn("join a team", text)
        self.assertNotIn("&lt;", text)
        self.assertIn("upsell", text)
        self.assertIn("/odoo/first-opportunity", text)
