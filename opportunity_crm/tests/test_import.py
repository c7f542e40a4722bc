from datetime import date

from odoo.tools import file_open

from .common_import import ImportCase

FULL = {
    "External ID": "deal-7",
    "Opportunity": "Everything",
    "Company Name": "Wood Corner",
    "Contact Name": "Ana Berg",
    "Email": "ana@example.com",
    "Template": "Deal",
    "Stage": "Second",
    "Salesperson": "rep",
    "Sales Team": "Field Sales",
    "Next Action": "2026-03-09",
    "Next Action Note": "Call",
    "Expected Closing": "2026-06-30",
    "Tags": "Fair",
    "Coverage Groups": "Benelux",
    "Products/Product": "Crate",
    "Products/Quantity": "3",
    "Products/Price": "90",
    "Products/Discount (%)": "0",
    "Shares/User": "colleague",
    "Shares/Access": "Can Edit",
    "Shares/Until": "2026-04-30",
    "Shares/Reason": "Holidays",
}


class TestImport(ImportCase):
    """Opportunities with all that belongs to them, from a file."""

    def table(self, **more_rows):
        names = {"rep": self.rep.name, "colleague": self.colleague.name}
        row = [names.get(value, value) for value in FULL.values()]
        second = ["" if "/" not in column else "" for column in FULL]
        second[list(FULL).index("Products/Product")] = "Visit"
        second[list(FULL).index("Products/Quantity")] = "2"
        second[list(FULL).index("Products/Price")] = "60"
        return [list(FULL), row, second]

    def assertFull(self, lead):
        self.assertEqual(
            (lead.name, lead.type, lead.template_id, lead.stage_id, lead.user_id, lead.team_id),
            ("Everything", "opportunity", self.template, self.second, self.rep, self.team),
        )
        self.assertEqual((lead.next_action_date, lead.next_action_note), (date(2026, 3, 9), "Call"))
        self.assertEqual(
            (lead.date_deadline, lead.tag_ids, lead.coverage_group_ids.name), (date(2026, 6, 30), self.tag, "Benelux")
        )
        self.assertEqual(
            lead.line_ids.mapped(lambda line: (line.product_id.name, line.quantity, line.price_unit)),
            [("Crate", 3, 90), ("Visit", 2, 60)],
        )
        self.assertEqual(lead.expected_revenue, 390)
        share = lead.share_ids
        self.assertEqual(
            (share.user_id, share.access, share.date_end, share.reason, share.granted_by_id),
            (self.colleague, "edit", date(2026, 4, 30), "Holidays", self.rep),
        )

    def test_everything_as_sales_rep(self):
        for user in (self.rep,):
            lead = self.assertImported(self.table(), user=user)
            self.assertEqual(len(lead), 1, "rows with products only belong to the one above")
            self.assertFull(lead)
        move = lead.stage_move_ids
        self.assertEqual((move.to_stage_id, move.cause), (self.second, "imported"))

    def test_as_manager(self):
        lead = self.assertImported(self.table(), user=self.manager)
        self.assertEqual(lead.share_ids.granted_by_id, self.manager)

    def test_trying_writes_nothing(self):
        before = self.env["crm.lead"].search_count([])
        _records, messages = self.run_import(self.table(), dryrun=True)
        self.assertFalse(messages)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_by_external_ids(self):
        columns = [
            "Opportunity",
            "Template/External ID",
            "Stage/External ID",
            "Salesperson/External ID",
            "Products/Product/External ID",
            "Coverage Groups/External ID",
        ]
        records = (self.template, self.second, self.rep, self.crate, self.group)
        ids = [self.xml_id(record) for record in records]
        lead = self.assertImported([columns, ["By id", *ids]])
        self.assertEqual(
            (lead.template_id, lead.stage_id, lead.user_id, lead.line_ids.product_id, lead.coverage_group_ids), records
        )

    def xml_id(self, record):
        name = f"import_{record._table}"
        self.env["ir.model.data"].create(
            {"module": "__test__", "name": name, "model": record._name, "res_id": record.id}
        )
        return f"__test__.{name}"

    def test_the_file_that_is_offered(self):
        offered = self.env["crm.lead"].with_user(self.rep).get_import_templates()
        path = offered[0]["template"]
        self.assertEqual(offered[-1]["template"], "/crm/static/xls/crm_lead.xls", "Odoo's stays")
        with file_open(path.lstrip("/"), "rb") as file:
            content = file.read()
        lead = self.assertImported(content)
        self.assertEqual(lead.template_id.name, "New Account")
        self.assertEqual((lead.stage_id.name, lead.expected_revenue), ("Identified", 12500))
        planned = lead.activity_ids.filtered(lambda activity: activity.summary == "Call about the plans")
        self.assertEqual(planned.date_deadline, date(2030, 1, 15), "beside the steps of the stage")

    def test_again_updates(self):
        lead = self.assertImported(self.table())
        table = self.table()[:2]
        columns = [column for column in FULL if "/" not in column]
        table = [columns, [value for column, value in zip(FULL, table[1], strict=True) if "/" not in column]]
        table[1][columns.index("Stage")] = "Third"
        table[1][columns.index("Next Action")] = "2026-03-12"
        self.assertEqual(self.assertImported(table), lead)
        self.assertEqual((lead.stage_id, lead.next_action_date), (self.third, date(2026, 3, 12)))
        self.assertEqual((len(lead.activity_ids), len(lead.line_ids), len(lead.share_ids)), (1, 2, 1))

    def test_an_export_comes_back(self):
        lead = self.assertImported(self.table())
        self.rep.group_ids += self.env.ref("base.group_allow_export")
        saved = self.env.ref("opportunity_crm.ir_exports_crm_lead").with_user(self.rep)
        columns = saved.export_fields.mapped("name")
        rows = lead.with_user(self.rep).with_context(import_compat=True).export_data(columns)["datas"]
        rows[0][columns.index("name")] = "Renamed"
        rows = [[str(value) if value not in (False, None) else "" for value in row] for row in rows]
        again = self.assertImported([columns, *rows], mapping={column: column for column in columns})
        self.assertEqual((again, lead.name), (lead, "Renamed"))
        self.assertEqual((len(lead.activity_ids), len(lead.line_ids), len(lead.share_ids)), (1, 2, 1))
        lead.name = "Everything"
        self.assertFull(lead)

    def test_stage_of_the_template_among_namesakes(self):
        self.create_stage("second", sequence=1)
        lead = self.assertImported([["Opportunity", "Template", "Stage"], ["A", "Deal", "second"]])
        self.assertEqual(lead.stage_id, self.second)

    def test_current_revision_of_the_template(self):
        self.template.copy({"name": "Deal", "sequence": 1})  # a draft of that name is found first
        _records, messages = self.run_import([["Opportunity", "Template"], ["A", "Deal"]])
        self.assertRegex(messages[-1]["message"], "not active|multiple matches")

    def test_an_empty_stage_is_the_first(self):
        leads = self.assertImported([["Opportunity", "Template", "Stage"], ["A", "Deal", ""], ["B", "Deal", "Third"]])
        self.assertEqual(leads.stage_id, self.first + self.third)

    def test_what_was_overdue_is_overdue(self):
        lead = self.assertImported([["Opportunity", "Next Action", "Next Action Note"], ["A", "2026-01-05", "Call"]])
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 1, 5))

    def test_notes_keep_their_lines(self):
        leads = self.assertImported([["Opportunity", "Notes"], ["A", "One & two\nThree < 4"], ["B", "<p>Bold</p>"]])
        self.assertRegex(leads[0].description, "One &amp; two<br ?/?>\\s*Three &lt; 4")
        self.assertEqual(leads[1].description, "<p>Bold</p>")

    def test_errors_name_the_row(self):
        product = self.create_product("Hidden", 5, opportunity_ok=False)
        for row, pattern in (
            ({"Template": "No such"}, "No matching record found for name 'No such'"),
            ({"Template": "Deal", "Stage": "Discovery talk"}, "cannot be in the stage “Discovery talk”.*First, Second"),
            ({"Products/Product": product.name}, "not offered on “Bad one”: Hidden"),
            ({"Products/Product": "Crate", "Products/Price": "1"}, "Salespeople may go down to"),
            ({"Next Action Note": "Call"}, "When is the next action of “Bad one” due"),
            ({"Shares/User": self.employee.name}, "cannot use CRM and would see nothing"),
        ):
            with self.subTest(row=row):
                self.assertRefused(row, pattern)

    def test_only_who_may_shares(self):
        lead = self.create_lead(self.colleague, name="Theirs")
        lead.share_ids = [(0, 0, {"user_id": self.rep.id, "access": "edit"})]
        _records, messages = self.run_import(
            [[".id", "Opportunity", "Shares/User"], [str(lead.id), "Theirs", self.manager.name]],
            mapping={".id": ".id", "Opportunity": "name", "Shares/User": "share_ids/user_id"},
        )
        self.assertRegex(messages[0]["message"], "because it is shared with you")
        self.assertEqual(len(lead.share_ids), 1)

    def test_a_thousand_rows_in_few_queries(self):
        columns = ["Opportunity", "Template", "Stage", "Salesperson", "Next Action", "Next Action Note"]

        def count(rows):
            table = [
                columns,
                *([f"Deal {n}", "Deal", "Second", self.rep.name, "2026-03-09", "Call"] for n in range(rows)),
            ]
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.assertImported(table)), rows)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(100), count(300)
        self.assertLess((many - few) / 200, 8)
