from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common_letter_print import LetterPrintCase


class TestLetterWizard(LetterPrintCase):
    """From opportunities and contacts to letters: for whom, where to, and what is missing first."""

    def contacts(self, *names, **values):
        return self.env["res.partner"].union(*(self.create_contact(name, **values) for name in names))

    def letters_of(self, wizard):
        return self.env["opportunity.letter"].search([("create_uid", "=", wizard.env.uid)], order="id")

    def test_one_letter_with_a_text_of_its_own(self):
        deal = self.create_deal()
        wizard = self.open_wizard(deal)
        self.assertIn("turbines", wizard.body)
        self.assertEqual(wizard.address.splitlines()[0], "Ann Miller")
        with Form(wizard) as form:
            form.subject = "Only for you"
        self.assertEqual(len(wizard.preview["pages"]), 1)
        action = wizard.action_print()
        letter = deal.letter_ids
        self.assertEqual((letter.state, letter.subject), ("printed", "Only for you"))
        self.assertEqual(action["url"], f"/web/content/{letter.attachment_id.id}?download=true")
        self.assertEqual(deal.letter_count, 1)
        self.assertEqual(deal.partner_id.with_user(self.rep).letter_count, 1)

    def test_the_preview_changes_nothing(self):
        wizard = self.open_wizard(self.create_deal())
        before = self.env["ir.attachment"].search_count([]), self.env["opportunity.letter"].search_count([])
        self.assertTrue(wizard.preview["pages"][0])
        self.assertEqual(
            before, (self.env["ir.attachment"].search_count([]), self.env["opportunity.letter"].search_count([]))
        )

    def test_the_addresses_of_the_contact(self):
        company = self.create_contact("ACME", is_company=True)
        person = self.create_contact("Ann", parent_id=company.id, type="contact")
        invoice = self.create_contact("Books", parent_id=company.id, type="invoice", street="7 Ledger Lane")
        wizard = self.open_wizard(self.create_deal(person))
        self.assertEqual(wizard.partner_id, person)
        wizard.address_kind = "invoice"
        self.assertEqual(wizard.partner_id, invoice)
        self.assertIn("7 Ledger Lane", wizard.address)
        wizard.partner_id = company
        self.assertEqual(wizard.address.splitlines()[0], "ACME")

    def test_one_pdf_in_the_order_of_the_list(self):
        contacts = self.contacts("CY", "ANN", "BOB")
        wizard = self.open_wizard(contacts)
        self.assertEqual(wizard.letter_total, 3)
        wizard.action_print()
        letters = self.letters_of(wizard)
        self.assertEqual(letters.partner_id, contacts)
        self.assertEqual(letters.mapped("sequence"), [1, 2, 3])
        self.assertEqual(letters.batch_id.state, "done")
        self.assertTrue(letters.batch_id.attachment_id)

    def test_the_preview_of_each_letter(self):
        wizard = self.open_wizard(self.contacts("CY", "ANN", "BOB"))
        first = wizard.preview
        self.assertEqual((first["number"], first["total"]), (1, 3))
        wizard.preview_number = 3
        self.assertNotEqual(wizard.preview["pages"], first["pages"])

    def test_what_is_missing_is_listed_first_and_left_out(self):
        contacts = self.contacts("Ann", "Bob", "Cy", "Dan")
        contacts[1].city, contacts[2].active = False, False
        wizard = self.open_wizard(contacts)
        self.assertEqual(wizard.missing_count, 2)
        self.assertIn(f'href="/odoo/res.partner/{contacts[1].id}"', wizard.missing_list)
        self.assertIn("city", wizard.missing_list)
        self.assertIn("archived", wizard.missing_list)
        self.assertEqual(wizard.letter_total, 2)
        wizard.skip_missing = False
        self.assertEqual(wizard.letter_total, 4)

    def test_empty_merge_fields_are_listed(self):
        template = self.create_letter_template(body="<p>{{ contact.phone }}</p>")
        wizard = self.open_wizard(self.contacts("Ann", "Bob"), template_id=template.id)
        self.assertEqual(wizard.missing_count, 2)
        self.assertIn("Phone", wizard.missing_list)

    def test_those_who_have_it_are_left_out_unless_asked(self):
        contacts = self.contacts("Ann", "Bob")
        self.open_wizard(contacts[0]).action_print()
        wizard = self.open_wizard(contacts)
        self.assertEqual((wizard.printed_count, wizard.letter_total), (1, 1))
        wizard.skip_printed = False
        self.assertEqual(wizard.letter_total, 2)

    def test_one_letter_for_a_household(self):
        contacts = self.contacts("Ann Miller", "Bob Miller", "Carl Jones")
        contacts[2].street = "Elsewhere 1"
        template = self.create_letter_template(body="<p>{{ contact.greeting }}</p>")
        wizard = self.open_wizard(contacts, merge_households=True, template_id=template.id)
        self.assertEqual(wizard.letter_total, 2)
        wizard.action_print()
        letters = self.letters_of(wizard)
        self.assertEqual(letters.mapped("address")[0].splitlines()[0], "Ann & Bob Miller")
        self.assertIn("Dear Ann &amp; Bob Miller,", letters[0].body)
        self.assertEqual(letters[0].household_ids, contacts[1])
        self.assertTrue(contacts[1].message_ids.filtered(lambda message: "printed" in message.body))
        self.assertEqual(contacts[1].with_user(self.rep).letter_count, 1)

    def test_sent_by_e_mail_to_those_who_have_an_address(self):
        contacts = self.contacts("Ann", "Bob", "Cy")
        contacts[0].email, contacts[1].email = "ann@example.com", "bob@example.com"
        wizard = self.open_wizard(contacts)
        wizard.action_send()
        letters = self.letters_of(wizard)
        self.assertEqual(letters.partner_id, contacts[:2])
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self.open_wizard(contacts[2:] | self.contacts("Dan")).action_send()

    def test_later(self):
        wizard = self.open_wizard(self.contacts("Ann", "Bob"))
        wizard.action_queue()
        letters = self.letters_of(wizard)
        self.assertEqual(set(letters.mapped("state")), {"to_print"})
        self.assertEqual(letters.batch_id.state, "open")

    def test_the_records_and_wizards_of_others(self):
        foreign = self.create_deal(user=self.colleague)
        wizard = self.open_wizard(self.create_deal())
        with self.assertRaises(AccessError):
            foreign.with_user(self.rep).action_print_letter()
        with self.assertRaises(AccessError):
            wizard.res_ids = foreign.ids
        with self.assertRaises(AccessError):
            wizard.with_user(self.colleague).read(["body"])
        with self.assertRaisesRegex(UserError, "Choose a letter"):
            self.open_wizard(self.create_deal(), template_id=False).action_print()

    def test_nothing_selected(self):
        with self.assertRaisesRegex(UserError, "Select those"):
            self.env["crm.lead"].action_print_letter()

    def test_the_pages_beside_the_template(self):
        deal = self.create_deal()
        with Form(self.letter.with_user(self.manager)) as form:
            form.preview_lead_id = deal.with_user(self.manager)
            first = form.preview_pages
            self.assertEqual(first["count"], 1)
            form.window = "us10"
            self.assertNotEqual(form.preview_pages["pages"], first["pages"])
