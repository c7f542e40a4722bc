from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common_labels import ADDRESS, LabelCase, read_pages


class TestLabelWizard(LabelCase):
    def test_an_address_at_home_and_abroad(self):
        contacts = self.create_contact() + self.create_contact(
            "Bob", country_id=self.env.ref("base.us").id, state_id=self.env.ref("base.state_us_5").id
        )
        self.assertEqual(self.read_lines(self.create_wizard(contacts[0])), ["Ann", "1 Main Street", "1000 Brussels"])
        lines = self.read_lines(self.create_wizard(contacts[1]))
        self.assertEqual(lines, ["Bob", "1 Main Street", "Brussels CA 1000", "UNITED STATES"])
        lines = self.read_lines(self.create_wizard(contacts[0], country_policy="always"))
        self.assertEqual(lines[-1], "BELGIUM")
        lines = self.read_lines(self.create_wizard(contacts[1], country_policy="never"))
        self.assertEqual(lines[-1], "Brussels CA 1000")

    def test_the_country_is_in_the_language_of_the_sender(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        germany = self.env.ref("base.de")
        germany.with_context(lang="fr_FR").name = "Allemagne"
        self.company.partner_id.lang = "fr_FR"
        lines = self.read_lines(self.create_wizard(self.create_contact(country_id=germany.id)))
        self.assertEqual(lines[-1], "ALLEMAGNE")

    def test_who_comes_first_depends_on_the_post(self):
        acme = self.create_contact("ACME", is_company=True)
        ann = self.create_contact(parent_id=acme.id)
        self.assertEqual(self.read_lines(self.create_wizard(ann))[:2], ["ACME", "Ann"])
        (acme | ann).country_id = self.env.ref("base.uk")
        self.assertEqual(self.read_lines(self.create_wizard(ann))[:2], ["Ann", "ACME"])
        japan = self.env.ref("base.jp")
        japan.name_position = "after"
        (acme | ann).country_id = japan
        self.assertEqual(self.read_lines(self.create_wizard(ann))[-3:], ["JAPAN", "ACME", "Ann"])

    def test_what_is_printed_can_be_chosen(self):
        ann = self.create_contact(parent_id=self.create_contact("ACME", is_company=True).id)
        self.assertEqual(self.read_lines(self.create_wizard(ann, with_company=False))[0], "Ann")
        self.assertEqual(self.read_lines(self.create_wizard(ann, with_name=False))[:2], ["ACME", "1 Main Street"])
        self.assertEqual(
            self.read_lines(self.create_wizard(ann, with_name=True, with_company=True, with_address=False)),
            ["ACME", "Ann"],
        )

    def test_a_sender_line(self):
        wizard = self.create_wizard(self.create_contact(), with_sender=True)
        lines = self.read_lines(wizard)
        self.assertIn("9 Sender Road · 2000 Antwerp", lines[0])
        self.assertEqual(lines[1], "Ann")
        wizard.sender = "Me"
        self.assertEqual(self.read_lines(wizard)[0], "Me")

    def test_copies_order_and_start(self):
        contacts = self.create_contact("Zed") + self.create_contact("Amy")
        wizard = self.create_wizard(contacts, copies=3, first_label=20, with_address=False)
        self.assertEqual((wizard.recipient_count, wizard.label_total, wizard.page_total), (2, 6, 2))
        pages = read_pages(self.print_labels(wizard))
        self.assertEqual([[word.text for word in page] for page in pages], [["Zed"] * 2, ["Zed"] + ["Amy"] * 3])

    def test_the_same_address_once(self):
        contacts = self.create_contact() + self.create_contact() + self.create_contact("Bob")
        wizard = self.create_wizard(contacts, merge_same=True)
        self.assertEqual(wizard.label_total, 2)
        self.assertEqual(len(read_pages(self.print_labels(wizard))[0]), 2 * 6)

    def test_incomplete_addresses_are_listed_before(self):
        good = self.create_contact()
        bad = self.create_contact("<b>Bad</b>", zip=False, city=False)
        wizard = self.create_wizard(good + bad)
        self.assertEqual((wizard.incomplete_count, wizard.label_total), (1, 1))
        self.assertIn("&lt;b&gt;Bad&lt;/b&gt;</a>: city, ZIP", wizard.incomplete_list)
        wizard.skip_incomplete = False
        self.assertEqual(wizard.label_total, 2)
        wizard.write({"skip_incomplete": True, "with_address": False})
        self.assertEqual((wizard.incomplete_count, wizard.label_total), (0, 2), "no address is wanted")

    def test_a_country_without_zip_codes(self):
        ireland = self.env["res.country"].create({"name": "Nowhere", "code": "XN", "zip_required": False})
        wizard = self.create_wizard(self.create_contact(zip=False, country_id=ireland.id))
        self.assertFalse(wizard.incomplete_count)

    def test_nobody_left_to_print(self):
        wizard = self.create_wizard(self.create_contact(street=False))
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            wizard.action_print()

    def test_numbers_out_of_range_are_refused(self):
        for values in ({"copies": 0}, {"copies": -5}, {"copies": 10_000}, {"first_label": 0}, {"first_label": 22}):
            wizard = self.create_wizard(self.create_contact(), **values)
            with self.subTest(values), self.assertRaises(ValidationError):
                wizard.action_print()

    def test_opportunities_with_and_without_a_contact(self):
        lead = self.create_lead(contact_name="Eve", partner_name="Eden", **ADDRESS, country_id=self.belgium.id)
        self.assertEqual(self.read_lines(self.create_wizard(lead)), ["Eden", "Eve", "1 Main Street", "1000 Brussels"])
        lead = self.create_lead(partner_id=self.create_contact().id)
        self.assertEqual(self.read_lines(self.create_wizard(lead))[0], "Ann")

    def test_the_last_choices_of_the_user_are_remembered(self):
        other = self.env.ref("opportunity_crm.opportunity_label_format_herma_4614")
        contact = self.create_contact()
        wizard = self.create_wizard(contact, format_id=other.id, with_company=False)
        self.print_labels(wizard)
        again = wizard.browse(contact.with_user(self.rep).action_print_labels()["res_id"])
        self.assertEqual((again.format_id, again.with_company), (other, False))
        theirs = contact.with_user(self.colleague).action_print_labels()
        theirs = self.env["opportunity.label.wizard"].browse(theirs["res_id"])
        self.assertNotEqual(theirs.format_id, other)
        other.sudo().active = False
        again = wizard.browse(contact.with_user(self.rep).action_print_labels()["res_id"])
        self.assertNotEqual(again.format_id, other, "archived meanwhile")
        other.sudo().unlink()
        self.assertTrue(contact.with_user(self.rep).action_print_labels())

    def test_paper_of_the_own_country_at_first(self):
        contact = self.create_contact().with_user(self.rep)
        formats = self.env["opportunity.label.wizard"]
        self.assertEqual(formats.browse(contact.action_print_labels()["res_id"]).format_id, self.l7160)
        self.company.country_id = self.env.ref("base.us")
        self.assertEqual(formats.browse(contact.action_print_labels()["res_id"]).format_id.page_width, 215.9)

    def test_archived_contacts_are_printed_when_they_are_chosen(self):
        ann = self.create_contact(active=False)
        self.assertEqual(self.read_lines(self.create_wizard(ann))[0], "Ann")

    def test_contacts_that_are_deleted_meanwhile_are_left_out(self):
        contacts = self.create_contact() + self.create_contact("Bob")
        wizard = self.create_wizard(contacts)
        contacts[0].unlink()
        self.assertEqual(self.read_lines(wizard)[0], "Bob")

    def test_nothing_selected(self):
        with self.assertRaisesRegex(UserError, "Select"):
            self.env["res.partner"].with_user(self.rep).action_print_labels()

    def test_the_form_counts(self):
        wizard = self.create_wizard(self.create_contact() + self.create_contact("Bob"))
        with Form(wizard) as form:
            form.copies = 11
            self.assertEqual((form.label_total, form.page_total), (22, 2))
            form.format_id = self.env.ref("opportunity_crm.opportunity_label_format_avery_l7651")
            self.assertEqual((form.first_label, form.page_total), (1, 1))

    def test_thousands_are_read_in_few_queries(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"Contact {n}", "country_id": self.belgium.id, **ADDRESS} for n in range(600)]
        )
        few, many = self.create_wizard(contacts[:5]), self.create_wizard(contacts)
        counts = []
        for wizard in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self.render(wizard, "opportunity_crm.report_labels"))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestLabelAttacks(LabelCase):
    def test_html_in_a_name_is_text(self):
        evil = '<img src="http://example.com/x.png"><script>x</script></p></div>{{7*7}}'
        wizard = self.create_wizard(self.create_contact(evil), with_sender=True, sender="<i>S</i> {0}")
        report = wizard.env["ir.actions.report"]
        html = report._render_qweb_html("opportunity_crm.report_labels", wizard.ids)[0].decode()
        self.assertNotIn("<img", html)
        self.assertNotIn("<script", html)
        text = "".join(self.read_lines(wizard)).replace(" ", "")
        self.assertIn(evil.replace(" ", ""), text)
        self.assertIn("<i>S</i>{0}", text)

    def test_contacts_of_another_company(self):
        self.env.ref("base.res_partner_rule").active = True
        theirs = self.create_contact("Secret", company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.rep).action_print_labels()
        wizards = self.env["opportunity.label.wizard"].with_user(self.rep)
        with self.assertRaises(AccessError):
            wizards.create({"res_model": "res.partner", "res_ids": theirs.ids})
        mine = self.create_wizard(self.create_contact())
        with self.assertRaises(AccessError):
            mine.res_ids = theirs.ids
            mine.flush_recordset()
            self.render(mine, "opportunity_crm.report_labels")

    def test_opportunities_of_others(self):
        theirs = self.create_lead(self.colleague, contact_name="Secret")
        with self.assertRaises(AccessError):
            theirs.with_user(self.rep).action_print_labels()

    def test_other_models_are_not_read(self):
        wizards = self.env["opportunity.label.wizard"].with_user(self.rep)
        with self.assertRaises(ValueError):
            wizards.create({"res_model": "res.users", "res_ids": self.rep.ids})

    def test_the_labels_of_somebody_else(self):
        wizard = self.create_wizard(self.create_contact())
        with self.assertRaises(AccessError):
            self.render(wizard.with_user(self.colleague), "opportunity_crm.report_labels")

    def test_rights(self):
        own = self.env["opportunity.label.format"].create(
            {
                "maker": "A",
                "code": "B",
                "label_width": 10,
                "label_height": 10,
                "company_id": self.other_company.id,
            }
        )
        self.assertRights(
            self.l7160,
            {self.rep: "r", self.senior: "r", self.manager: "crwd", self.overseas: "crwd", self.employee: ""},
        )
        self.assertRights(own, {self.rep: "", self.manager: "", self.overseas: "crwd", self.portal: ""})
        wizard = self.create_wizard(self.create_contact())
        self.assertRights(wizard, {self.rep: "crw", self.colleague: "", self.manager: "", self.employee: ""})

    def test_who_may_print(self):
        report = self.env.ref("opportunity_crm.opportunity_label_report")
        self.assertEqual(report.group_ids, self.env.ref("sales_team.group_sale_salesman"))
        with self.assertRaises(AccessError):
            self.create_contact().with_user(self.employee).action_print_labels()
        for xmlid in ("crm_lead_action_print_labels", "res_partner_action_print_labels"):
            action = self.env.ref(f"opportunity_crm.{xmlid}")
            self.assertEqual(action.group_ids, self.env.ref("sales_team.group_sale_salesman"))
            self.assertIn("form", action.binding_view_types)
