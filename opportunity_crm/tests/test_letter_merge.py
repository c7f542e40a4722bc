from datetime import date, datetime

from markupsafe import Markup

from odoo.exceptions import UserError

from .common_letters import LetterCase


class TestLetterMerge(LetterCase):
    """What comes out: in the reader's language and format, in constant queries."""

    def test_every_field_is_filled(self):
        self.ann.write(
            {
                "phone": "+32 1",
                "email": "ann@example.com",
                "ref": "C7",
                "vat": "XX1",
                "street": "Street 1",
                "zip": "9000",
            }
        )
        self.ann.write({"parent_id": self.create_contact("Archer Inc.", is_company=True).id, "type": "contact"})
        self.ann.country_id = self.env.ref("base.be")
        self.deal.write({"date_deadline": date(2026, 4, 1), "next_action_date": date(2026, 3, 5)})
        self.company.write(
            {"phone": "1", "email": "we@example.com", "website": "example.com", "vat": "XX9", "city": "B"}
        )
        self.rep.partner_id.function = "Seller"
        product = self.env["product.product"].create({"name": "Press", "list_price": 100, "sale_ok": True})
        plan = self.env["crm.recurring.plan"].search([], limit=1)
        self.deal.line_ids = [
            (0, 0, {"product_id": product.id}),
            (0, 0, {"product_id": product.id, "recurring_plan_id": plan.id}),
        ]
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.ann.id, "opportunity_id": self.deal.id, "user_id": self.rep.id}
                | {"order_line": [(0, 0, {"product_id": product.id})], "validity_date": date(2026, 4, 1)}
                for _number in range(2)
            ]
        )
        orders[0].action_confirm()
        self.env["calendar.event"].create(
            {"name": "Visit", "opportunity_id": self.deal.id, "location": "Ghent"}
            | {"start": datetime(2026, 3, 4, 9), "stop": datetime(2026, 3, 4, 10), "user_id": self.rep.id}
        )
        labels = self.env["opportunity.letter.field"]._get_labels()
        letter = self.merge("".join(f"<p>{{{{{key}}}}}</p>" for key in labels), company_id=self.company.id)
        self.assertEqual(letter["missing"], [])
        self.assertNotIn("{{", letter["body"])

    def test_language_of_the_recipient(self):
        self.letter.body = "<p>Hello, {{today}}</p>"
        self.letter.update_field_translations("body", {"fr_FR": {"Hello, {{today}}": "Bonjour, {{today}}"}})
        people = [self.create_contact(lang or "none", lang=lang) for lang in ("fr_FR", "de_DE", "en_US", False)]
        letters = self.letter.with_user(self.rep)._merge([(self.deal, partner) for partner in people])
        self.assertEqual(
            [letter["body"] for letter in letters],
            ["<p>Bonjour, 2 mars 2026</p>", "<p>Hello, 2. März 2026</p>", *["<p>Hello, March 2, 2026</p>"] * 2],
        )
        self.assertEqual([letter["lang"] for letter in letters], ["fr_FR", "de_DE", "en_US", "en_US"])

    def test_language_of_the_letter_wins(self):
        self.assertEqual(self.merge("<p>{{today}}</p>", lang="fr_FR")["body"], "<p>2 mars 2026</p>")

    def test_language_that_is_not_installed_any_more(self):
        spaniard = self.create_contact("Rosa")
        self.env.cr.execute("UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [spaniard.id])
        spaniard.invalidate_recordset(["lang"])
        self.assertEqual(self.merge("<p>{{today}}</p>", partner=spaniard)["lang"], "en_US")

    def test_amounts_in_figures_and_words(self):
        body = "<p>{{opportunity.revenue}}|{{opportunity.revenue_words}}</p>"
        figures, words = self.merge(body)["body"][3:-4].split("|")
        self.assertEqual(figures, "$\xa01,234.50")
        self.assertEqual(words, "One Thousand, Two Hundred And Thirty-Four Dollars and Fifty Cents")
        figures, words = self.merge(body, lang="de_DE")["body"][3:-4].split("|")
        self.assertEqual(figures, "$\xa01.234,50")
        self.assertIn("Eintausendzweihundertvierunddrei", words)

    def test_right_to_left(self):
        arab = self.create_contact("ليلى <حسن>", lang="ar_001")
        self.deal.name = "مضخة"
        letter = self.merge("<p>{{contact.name}}: {{opportunity.name}}</p>", partner=arab)
        self.assertEqual(letter["body"], "<p>ليلى &lt;حسن&gt;: مضخة</p>")
        self.assertEqual(letter["lang"], "ar_001")

    def test_missing_values_are_told(self):
        letter = self.merge("<p>{{contact.phone}} {{today}} {{contact.phone}}</p>", subject="{{quotation.name}}")
        self.assertEqual(letter["missing"], ["Quotation Number", "Contact's Phone"])
        self.assertEqual(letter["subject"], "")
        self.deal.expected_revenue = 0
        self.assertEqual(self.merge("<p>{{opportunity.revenue}}</p>")["missing"], ["Expected Revenue"])

    def test_letter_to_a_contact_without_an_opportunity(self):
        letter = self.merge("<p>{{contact.name}}, {{opportunity.name}}{{owner.name}}</p>", lead=self.deal.browse())
        self.assertEqual(letter["body"], f"<p>Ann Archer, {self.rep.name}</p>")
        self.assertEqual(letter["missing"], ["Opportunity"])

    def test_letter_to_an_opportunity_without_a_contact(self):
        lead = self.create_lead(contact_name="Bob", partner_name="Bob & Co", city="Rome")
        letter = self.create_letter(body="<p>{{contact.name}}, {{contact.company}}, {{contact.city}}</p>")
        merged = letter.with_user(self.rep)._merge([(lead, self.env["res.partner"])])[0]
        self.assertEqual(merged["body"], "<p>Bob, Bob &amp; Co, Rome</p>")

    def test_salutation(self):
        firm = self.create_contact("Archer Inc.", is_company=True)
        self.assertEqual(self.merge("<p>{{contact.greeting}}</p>")["body"], "<p>Dear Ann Archer,</p>")
        self.assertEqual(self.merge("<p>{{contact.greeting}}</p>", partner=firm)["body"], "<p>Dear Sir or Madam,</p>")

    def test_household_is_greeted_with_all_names(self):
        letter = self.create_letter(body="<p>{{contact.greeting}} {{contact.name}}</p>").with_user(self.rep)
        names = {self.ann.id: "Ann & Bob Archer"}
        merged = letter.with_context(letter_household_names=names)._merge([(self.deal, self.ann)])[0]
        self.assertEqual(merged["body"], "<p>Dear Ann &amp; Bob Archer, Ann &amp; Bob Archer</p>")

    def test_address_has_lines(self):
        self.ann.write({"street": "Main <St>", "zip": "9000"})
        self.assertIn("Ann Archer<br/>Main &lt;St&gt;<br/>", self.merge("<p>{{contact.address}}</p>")["body"])
        letter = self.create_letter(subject="To {{contact.address}}").with_user(self.rep)
        self.assertNotIn("\n", letter._merge([(self.deal, self.ann)])[0]["subject"])

    def test_table_of_products(self):
        product = self.env["product.product"].create({"name": "Press <XL>", "list_price": 1000, "sale_ok": True})
        self.deal.line_ids = [
            (0, 0, {"display_type": "line_section", "name": "Machines"}),
            (0, 0, {"product_id": product.id, "quantity": 2, "discount": 10}),
        ]
        letter = self.merge("<p>Before</p><p>{{lines.table}}</p><p>After</p>")
        self.assertIsInstance(letter["body"], Markup)
        self.assertNotIn("<p><table", letter["body"].replace("\n", "").replace(" ", ""))
        for text in ("Machines", "Press &lt;XL&gt;", "1,800.00", "10.00"):
            self.assertIn(text, letter["body"])
        self.assertIn("1.800,00", self.merge("<p>{{lines.table}}</p>", lang="de_DE")["body"])
        self.assertEqual(
            self.merge("<p>{{lines.table}}</p>", lead=self.deal.browse())["missing"], ["Table of Products"]
        )

    def test_latest_quotation_and_order_that_the_user_may_see(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.ann.id, "opportunity_id": self.deal.id, "user_id": self.colleague.id}
        )
        self.assertEqual(self.merge("<p>{{quotation.name}}</p>")["missing"], ["Quotation Number"])
        order.user_id = self.rep
        self.assertEqual(self.merge("<p>{{quotation.name}}</p>")["body"], f"<p>{order.name}</p>")
        order.action_confirm()
        letter = self.merge("<p>{{quotation.name}}{{order.name}}</p>")
        self.assertEqual((letter["body"], letter["missing"]), (f"<p>{order.name}</p>", ["Quotation Number"]))

    def test_next_meeting(self):
        self.env["calendar.event"].create(
            [
                {"name": name, "opportunity_id": self.deal.id, "location": name, "user_id": self.rep.id}
                | {"start": datetime(2026, 3, day, 9), "stop": datetime(2026, 3, day, 10)}
                for name, day in (("Past", 1), ("Later", 9), ("Next", 4))
            ]
        )
        self.assertEqual(
            self.merge("<p>{{meeting.time}}, {{meeting.location}}</p>")["body"].replace("\u202f", " "),
            "<p>March 4, 2026, 10:00 AM, Next</p>",
            "in the time zone of the salesperson",
        )

    def test_meeting_is_on_the_clocks_of_the_recipient(self):
        self.env["calendar.event"].create(
            {"name": "Late", "opportunity_id": self.deal.id, "user_id": self.rep.id}
            | {"start": datetime(2026, 3, 4, 18), "stop": datetime(2026, 3, 4, 19)}
        )
        self.ann.tz = "Asia/Tokyo"
        letter = self.merge("<p>{{meeting.date}}, {{meeting.time}}</p>", lang="de_DE")
        self.assertEqual(letter["body"], "<p>5. März 2026, 5. März 2026, 03:00</p>")

    def test_text_that_was_loaded_past_the_checks_is_not_printed(self):
        self.env.cr.execute(
            """UPDATE opportunity_letter_template SET body = '{"en_US": "<p>{{contact.env}}</p>"}' WHERE id = %s""",
            [self.letter.id],
        )
        self.letter.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Hello.*cannot be printed"):
            self.letter.with_user(self.rep)._merge([(self.deal, self.ann)])

    def test_queries_do_not_depend_on_the_number(self):
        product = self.env["product.product"].create({"name": "Press", "list_price": 100, "sale_ok": True})
        labels = self.env["opportunity.letter.field"]._get_labels()
        letter = self.create_letter(body="".join(f"<p>{{{{{key}}}}}</p>" for key in labels)).with_user(self.rep)
        pairs = []
        for number in range(200):
            partner = self.create_contact(f"Ann {number}", lang=("en_US", "de_DE")[number % 2])
            lead = self.create_lead(partner_id=partner.id, line_ids=[(0, 0, {"product_id": product.id})])
            pairs.append((lead.with_user(self.rep), partner.with_user(self.rep)))
        letter._merge(pairs[:2])
        counts = [self.count_queries(letter, pairs[:number]) for number in (10, 200)]
        self.assertLessEqual(counts[1], counts[0])

    def count_queries(self, letter, pairs):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(letter._merge(pairs)), len(pairs))
        return self.env.cr.sql_log_count - before


class TestLetterCustomFields(LetterCase):
    """By itself: a field that was added stays in the registry until the end of the class."""

    def test_custom_fields(self):
        self.env["ir.model.fields"].create(
            [
                {"model_id": self.env["ir.model"]._get_id("crm.lead"), "name": name, "ttype": kind}
                | {"field_description": label, "state": "manual"}
                for name, kind, label in [("x_site", "char", "Site"), ("x_ready", "date", "Ready On")]
                + [("x_size", "float", "Size"), ("x_note", "html", "Remarks")]
            ]
        )
        self.deal.write({"x_site": "<Dock 4>", "x_ready": date(2026, 5, 1), "x_size": 1234.5})
        labels = self.env["opportunity.letter.field"]._get_labels()
        self.assertEqual(labels["opportunity.x_site"], "Site")
        self.assertNotIn("opportunity.x_note", labels)
        body = "<p>{{opportunity.x_site}}, {{opportunity.x_ready}}, {{opportunity.x_size}}</p>"
        self.assertEqual(self.merge(body)["body"], "<p>&lt;Dock 4&gt;, May 1, 2026, 1,234.50</p>")
