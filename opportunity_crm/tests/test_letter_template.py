from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .common_letters import LetterCase


class TestLetterTemplate(LetterCase):
    """The library: who may do what, revisions, copies, and what is refused when it is saved."""

    def test_rights(self):
        own = self.create_letter(company_id=self.company.id)
        theirs = self.create_letter(user=self.overseas, company_id=self.other_company.id)
        shared = self.create_letter(company_id=False)
        nobody = dict.fromkeys((self.employee, self.portal, self.public), "")
        table = {self.rep: "r", self.senior: "r", self.manager: "crwd", **nobody}
        self.assertRights(shared, {**table, self.overseas: "crwd"})
        self.assertRights(own, {**table, self.overseas: ""})
        self.assertRights(theirs, {**dict.fromkeys([self.rep, self.senior, self.manager], ""), **nobody})
        self.assertRights(theirs, {self.overseas: "crwd"})
        self.assertRights(self.env.ref("opportunity_crm.opportunity_letter_category_contact"), table)

    def test_rep_cannot_render_the_letter_of_another_company(self):
        theirs = self.create_letter(user=self.overseas, company_id=self.other_company.id, body="<p>{{today}}</p>")
        with self.assertRaises(AccessError):
            theirs.with_user(self.rep)._merge([(self.deal, self.ann)])

    def test_rep_cannot_print_what_they_may_not_see(self):
        hidden = self.create_lead(user=self.colleague, name="Secret deal")
        letter = self.create_letter(body="<p>{{opportunity.name}}</p>").with_user(self.rep)
        with self.assertRaises(AccessError):
            letter._merge([(hidden, self.ann)])

    def test_revision_grows_with_what_is_printed_once_it_was_used(self):
        self.letter.body = "<p>Hello again</p>"
        self.assertEqual(self.letter.revision, 1, "nobody has printed it yet")
        changes = [{"subject": "S"}, {"body": "<p>B</p>"}, {"paper": "letter"}, {"margin_top": 60}]
        for number, vals in enumerate([*changes, {"enclosures": "E"}, {"with_signature": False}], 2):
            self.letter.with_user(self.rep)._mark_used()
            self.letter.write({"name": "Hello", "sequence": number})
            self.letter.write(vals)
            self.assertEqual((self.letter.revision, self.letter.is_used), (number, False), vals)
            self.letter.write(vals)
            self.assertEqual(self.letter.revision, number, "the same again is no change")

    def test_revision_grows_with_translations(self):
        self.letter._mark_used()
        self.letter.update_field_translations("body", {"fr_FR": {"Hello": "Bonjour"}})
        self.assertEqual(self.letter.revision, 2)
        self.letter._mark_used()
        self.letter.update_field_translations("subject", {"fr_FR": "Pour {{contact.name}}"})
        self.assertEqual(self.letter.revision, 3)
        self.letter.update_field_translations("subject", {"fr_FR": "Pour vous"})
        self.assertEqual(self.letter.revision, 3, "nobody has printed that one yet")

    def test_rep_cannot_set_the_revision(self):
        with self.assertRaises(AccessError):
            self.letter.with_user(self.rep).write({"revision": 9})

    def test_copy(self):
        self.letter._mark_used()
        self.letter.subject = "Other"
        self.letter._mark_used()
        copy = self.letter.copy()
        self.assertEqual((copy.name, copy.revision, copy.is_used), ("Hello (copy)", 1, False))
        self.assertEqual((copy.subject, copy.body), ("Other", self.letter.body))

    def test_archived_letters_are_not_offered(self):
        self.letter.active = False
        self.assertNotIn(self.letter, self.letter.search([]))
        self.assertTrue(self.letter.with_user(self.rep)._merge([(self.deal, self.ann)]), "but printed again")

    def test_category_that_is_deleted_leaves_its_letters(self):
        category = self.env["opportunity.letter.category"].with_user(self.manager).create({"name": "Shelf"})
        self.letter.category_id = category
        self.assertEqual(category.template_count, 1)
        category.unlink()
        self.assertFalse(self.letter.category_id)

    def test_refused_with_the_place(self):
        for vals, place in [
            ({"body": "<p>Dear {{contact.nickname}}</p>"}, r"Hello, Body \(English.*“contact.nickname” is not"),
            ({"subject": "For {{contact.name"}, r"Hello, Subject \(English.*“{{contact.name”: the braces"),
            ({"body": "<p>{{contact.<b>name</b>}}</p>"}, r"Body .*“{{contact\.”: the braces"),
            ({"body": '<p><a href="{{contact.email}}">x</a></p>'}, r"Body .*href=.*only stand in the text"),
            ({"subject": "{{lines.table}}"}, r"Subject .*“lines.table” is a table"),
            ({"body": "<p>See {{lines.table}} there</p>"}, r"Body .*“lines.table” is a table"),
            ({"enclosures": "{{lines.tables}}"}, r"Enclosures .*“lines.tables” is not"),
            ({"body": '<p><t t-out="object.name"/></p>'}, r"Body .*“t-out=\"object.name\"” is code"),
            ({"margin_top": -1}, "between 0 and 200"),
        ]:
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, place):
                self.letter.write(vals)
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.create_letter(**vals)

    def test_refused_in_a_translation_with_the_language(self):
        refused = self.assertRaisesRegex(ValidationError, r"Body \(French.*contact\.nom")
        with refused, self.env.cr.savepoint():
            self.letter.with_context(lang="fr_FR").body = "<p>{{contact.nom}}</p>"
        self.assertNotIn("nom", self.letter.with_context(lang="fr_FR").body)

    def test_form_previews_what_is_written(self):
        with Form(self.letter) as form:
            form.preview_lead_id = self.deal
            form.body = "<p>Dear {{contact.name}} of {{contact.reference}}</p>"
            self.assertEqual(form.preview_body, "<p>Dear Ann Archer of </p>")
            self.assertEqual(form.preview_subject, "For Ann Archer")
            self.assertEqual(form.preview_missing, "Contact's Reference")
            form.body = "<p>Dear {{contact.nam}}</p>"
            self.assertIn("“contact.nam” is not a merge field", form.preview_problem)
            form.body = "<p>Dear {{contact.name}}</p>"
            self.assertFalse(form.preview_problem)

    def test_shipped_letters_can_be_printed(self):
        letters = self.env["opportunity.letter.template"].with_user(self.rep).search([])
        shipped = letters.filtered(lambda letter: letter.get_external_id()[letter.id].startswith("opportunity_crm."))
        self.assertEqual(len(shipped), 8)
        for letter in shipped:
            self.assertIn("Dear Ann Archer,", letter._merge([(self.deal, self.ann)])[0]["body"])
