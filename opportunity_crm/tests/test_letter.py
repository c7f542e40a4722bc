from odoo.exceptions import AccessError, UserError

from .common_letter_print import LetterPrintCase


class TestLetter(LetterPrintCase):
    """Each letter once, kept as it was printed; seen by those who see the opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.create_contact()
        cls.deal = cls.create_deal(cls.contact)

    def notes_on(self, record):
        return record.sudo().message_ids.filtered(lambda message: "etter" in (message.body or ""))

    def test_what_is_kept(self):
        letter = self.draw_up(self.deal)
        self.assertEqual(letter.state, "to_print")
        letter._print()
        self.assertEqual((letter.state, letter.printed_by_id, letter.user_id), ("printed", self.rep, self.rep))
        self.assertEqual((letter.template_id, letter.revision), (self.letter, 1))
        self.assertEqual((letter.subject, letter.page_count), ("Our SUBJECTLINE", 1))
        self.assertEqual(letter.address, "Ann Miller\n1 Main Street\n1000 Brussels")
        document = letter.attachment_id
        self.assertEqual(document.name, "Our SUBJECTLINE - Ann Miller.pdf")
        self.assertEqual(document.sudo().box_category_id.name, "Letter")
        self.assertEqual((document.sudo().res_model, document.sudo().res_id), ("res.partner", self.contact.id))
        self.assertIn(document, self.deal.file_box_ids)
        self.assertIn("printed", self.notes_on(self.deal).body)
        self.assertTrue(self.letter.is_used)

    def test_printing_twice_gives_the_same_and_tells_once(self):
        letter = self.draw_up(self.deal)
        first = letter._print()
        self.letter.body = "<p>Something else</p>"
        self.contact.street = "Moved away"
        self.assertEqual(letter._print(), first)
        action = letter.action_print()
        self.assertEqual(action["url"], f"/web/content/{letter.attachment_id.id}?download=true")
        self.assertEqual(len(self.notes_on(self.deal)), 1)
        self.assertEqual((self.letter.revision, letter.revision), (2, 1))
        letter.action_print_again()
        self.assertEqual(len(self.notes_on(self.deal)), 2)
        self.assertEqual(letter.attachment_id.raw, first)

    def test_told_in_the_timeline_when_printed(self):
        self.draw_up(self.deal)
        printed = self.draw_up(self.deal)
        printed._print()
        to_contact = self.draw_up(self.contact)
        to_contact._print()
        deal = self.deal.with_user(self.rep)
        [entry] = deal.get_timeline(kinds=["letter"])["entries"]
        self.assertEqual((entry["id"], entry["title"], entry["text"]), (printed.id, "Our SUBJECTLINE", "Ann Miller"))
        self.assertEqual((entry["who_id"], entry["label"]), (self.rep.partner_id.id, "Printed"))
        entries = deal.get_timeline(kinds=["letter"], of_customer=True)["entries"]
        self.assertEqual([entry["id"] for entry in entries], [to_contact.id, printed.id])

    def test_a_deleted_pdf_is_made_again_from_what_was_kept(self):
        letter = self.draw_up(self.deal)
        letter._print()
        letter.attachment_id.sudo().unlink()
        self.letter.body = "<p>Something else</p>"
        letter.action_print()
        self.assertIn("turbines", self.text_of(self.print_pages(letter)[0]))
        self.assertEqual(len(self.notes_on(self.deal)), 1)

    def test_what_waits_may_be_changed_and_what_is_printed_not(self):
        letter = self.draw_up(self.deal)
        letter.write({"body": "<p>BETTER</p>", "address": "Somebody\nElsewhere"})
        with self.assertRaisesRegex(UserError, "only the text"):
            letter.write({"state": "sent"})
        (words,) = self.print_pages(letter)
        self.assertIn("BETTER", self.text_of(words))
        self.assertIn("Elsewhere", self.text_of(words))
        with self.assertRaisesRegex(UserError, "stays as it was printed"):
            letter.write({"body": "<p>Worse</p>"})
        with self.assertRaises(UserError):
            letter.action_cancel()
        with self.assertRaises(AccessError):
            letter.copy()
        with self.assertRaises(AccessError):
            letter.unlink()

    def test_cancelled(self):
        letter = self.draw_up(self.deal)
        letter.action_cancel()
        for act in (letter.action_print, letter.action_send):
            with self.assertRaisesRegex(UserError, "cancelled"):
                act()

    def test_who_sees_and_changes_letters(self):
        reader = self.create_user("reader", "sales_team.group_sale_salesman")
        editor = self.create_user("editor", "sales_team.group_sale_salesman")
        for user, access in ((reader, "read"), (editor, "edit")):
            self.env["opportunity.share"].create({"lead_id": self.deal.id, "user_id": user.id, "access": access})
        self.assertRights(
            self.draw_up(self.deal),
            {
                self.rep: "rw",
                self.colleague: "",
                reader: "r",
                editor: "rw",
                self.senior: "rw",
                self.manager: "rwd",
                self.overseas: "",
                self.employee: "",
                self.portal: "",
                self.public: "",
            },
        )

    def test_a_letter_to_a_contact_is_seen_by_those_who_see_the_contact(self):
        letter = self.draw_up(self.contact)
        self.assertRights(
            letter, {self.rep: "rw", self.colleague: "rw", self.manager: "rwd", self.overseas: "", self.employee: ""}
        )

    def test_a_letter_of_a_deleted_opportunity_is_not_shown_to_others(self):
        letter = self.draw_up(self.deal)
        letter._print()
        self.deal.sudo().unlink()
        self.assertTrue(letter.exists())
        self.assertRights(letter, {self.rep: "rw", self.colleague: "", self.senior: "rw"})

    def test_nobody_writes_for_an_opportunity_they_cannot_edit(self):
        reader = self.create_user("reader", "sales_team.group_sale_salesman")
        self.env["opportunity.share"].create({"lead_id": self.deal.id, "user_id": reader.id, "access": "read"})
        for user in (reader, self.colleague, self.employee):
            with self.assertRaises(AccessError):
                self.draw_up(self.deal, user=user)
        letters = self.env["opportunity.letter"].with_user(self.rep)
        with self.assertRaises(AccessError):
            letters.create({"lead_id": self.deal.id, "company_id": self.company.id})

    def test_letters_of_others_by_id(self):
        mine, other = self.draw_up(self.deal), self.draw_up(self.create_deal(user=self.colleague), user=self.colleague)
        other._print()
        foreign = other.with_user(self.rep)
        for act in ("action_print", "action_print_again", "action_send", "action_cancel", "action_send_again"):
            with self.subTest(act), self.assertRaises(AccessError):
                getattr(foreign | mine, act)()
        report = self.env["ir.actions.report"].with_user(self.rep)
        with self.assertRaises(AccessError):
            report._render_qweb_html("opportunity_crm.report_letter", foreign.ids)
        self.assertNotIn(foreign, foreign.search([]))

    def test_the_letter_of_another_company(self):
        template = self.create_letter_template(company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.draw_up(self.deal, template)
        template = template.with_user(self.manager)
        self.manager.company_ids |= self.other_company
        pairs = [(self.deal.with_user(self.manager), self.contact)]
        letters = self.env["opportunity.letter"].with_user(self.manager)
        letters = letters.with_context(allowed_company_ids=self.manager.company_ids.ids)
        self.deal.company_id = self.company
        with self.assertRaisesRegex(UserError, "company"):
            letters._draw_up(template.with_env(letters.env), pairs)

    def test_merged_opportunities_and_contacts_keep_their_letters(self):
        other = self.create_deal(self.contact)
        letters = self.draw_up(self.deal | other)
        letters._print()
        head = (self.deal | other).with_user(self.manager)._merge_opportunity(auto_unlink=True)
        self.assertEqual(letters.lead_id, head.with_user(self.rep))
        again = self.create_contact("Ann Miller")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"dst_partner_id": again.id})
        wizard._merge((self.contact | again).ids, again)
        self.assertEqual(letters.partner_id, again.with_user(self.rep))
        self.assertTrue(all(letters.mapped("attachment_id")))

    def test_html_in_names_is_text(self):
        evil = "<b>x</b><img src=file:///etc/passwd>"
        contact = self.create_contact(evil, street="</style><script>1</script>")
        self.company.report_footer = "<p>Foot</p>"
        template = self.create_letter_template(subject="{{ contact.name }}", body="<p>Dear {{ contact.name }}</p>")
        letter = self.draw_up(self.create_deal(contact), template)
        text = self.text_of(self.print_pages(letter)[0])
        self.assertIn("<b>x</b><img", text.replace(" ", "").replace("<b>x</b><imgsrc", "<b>x</b><img src")[:2000])
        self.assertIn("</style><script>1</script>", text)
        self.assertNotIn("<img", self.notes_on(letter.lead_id).body)

    def test_a_letter_fetches_nothing(self):
        letter = self.draw_up(self.deal)
        secret = self.env["ir.attachment"].create(
            {"name": "s.png", "raw": b"\x89PNG\r\n\x1a\n", "res_model": "res.company", "res_id": self.other_company.id}
        )
        letter.body = (
            '<p>Text<img src="http://example.com/x.png"><img src="file:///etc/passwd">'
            f'<img src="/web/image/{secret.id}"><span style="background: url(http://example.com/y)">z</span></p>'
        )
        fetched = []
        resource = type(self.env["ir.actions.report"])._get_paper_resource

        def watch(report, path):
            fetched.append((path, resource(report, path)))
            return fetched[-1][1]

        self.patch(type(self.env["ir.actions.report"]), "_get_paper_resource", watch)
        letter._print()
        self.assertFalse([path for path, __ in fetched if "example" in path or "passwd" in path])
        self.assertFalse(dict(fetched).get(f"/web/image/{secret.id}"))

    def test_the_signature_is_that_of_the_salesperson(self):
        image = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        self.rep.with_user(self.rep).letter_signature = image
        self.rep.signature = "<p>SIGNED by the rep</p>"
        template = self.create_letter_template(with_signature=True)
        letter = self.draw_up(self.deal, template, user=self.manager)
        values = letter._get_paper_values()["letters"][0]
        self.assertTrue(values["signature_image"])
        self.assertIn("SIGNED by the rep", self.text_of(self.print_pages(letter)[0]))
        self.assertFalse(self.rep.with_user(self.colleague).has_access("write"))
        with self.assertRaises(AccessError):
            self.rep.with_user(self.colleague).read(["letter_signature"])

    def test_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        self.env["res.lang"]._activate_lang("de_DE")
        self.contact.lang = "de_DE"
        letter = self.draw_up(self.deal)
        self.assertEqual(letter.lang, "de_DE")
        self.assertIn("2. März 2026", self.text_of(self.print_pages(letter)[0]))

    def test_abroad_the_country_is_named(self):
        abroad = self.create_contact("Bob", country_id=self.env.ref("base.fr").id)
        self.assertEqual(self.draw_up(abroad).address.splitlines()[-1], "FRANCE")
        self.assertNotIn("BELGIUM", self.draw_up(self.contact).address)

    def test_an_opportunity_without_a_contact(self):
        lead = self.create_lead(contact_name="Zoe", street="2 Side Street", city="Ghent", email_from="zoe@example.com")
        letter = self.draw_up(lead)
        self.assertEqual(letter.address.splitlines()[:2], ["Zoe", "2 Side Street"])
        letter._print()
        self.assertIn(letter.attachment_id, lead.file_box_ids)

    def test_sent_by_e_mail_once(self):
        self.contact.email = "ann@example.com"
        letter = self.draw_up(self.deal)
        letter.action_send()
        self.assertEqual((letter.state, bool(letter.date_sent)), ("sent", True))
        message = self.deal.message_ids.filtered("attachment_ids")
        self.assertEqual(message.attachment_ids, letter.attachment_id.sudo().with_env(message.env))
        self.assertEqual(message.partner_ids, self.contact)
        with self.assertRaisesRegex(UserError, "sent already"):
            letter.action_send()
        letter.action_send_again()
        self.assertEqual(len(self.deal.message_ids.filtered("attachment_ids")), 2)

    def test_without_an_e_mail_address_it_is_not_sent(self):
        letter = self.draw_up(self.deal)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            letter.action_send()
        self.assertEqual(letter.state, "to_print")

    def test_queries_do_not_grow_with_the_number(self):
        deals = self.env["crm.lead"].union(*(self.create_deal(self.create_contact(f"C{n}")) for n in range(42)))
        self.draw_up(deals[:2])._print()
        counts = []
        for records in (deals[2:12], deals[12:42]):
            letters = self.draw_up(records)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            letters._print()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 20, f"for 20 letters more: {counts}")
