from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common_line import LineCase


class TestLinePrice(LineCase):
    """What a line costs."""

    def test_list_price_is_what_the_pricelist_of_the_customer_says(self):
        lead = self.create_lead(partner_id=self.customer.id)
        line = self.add_line(lead, self.crate, quantity=3)
        self.assertEqual((line.list_price, line.price_unit, line.price_subtotal), (90, 90, 270))
        self.assertEqual(line.pricelist_id, self.pricelist)
        self.assertEqual(lead.pricelist_id, self.pricelist, "the first product fixes the pricelist of the offer")
        self.assertEqual(line.name, "Crate")
        self.assertEqual(line.product_uom_id, self.crate.uom_id)

    def test_no_customer(self):
        line = self.add_line(self.create_lead(), self.crate)
        self.assertEqual(line.price_unit, 100)
        self.assertEqual(line.currency_id, self.company.currency_id)

    def test_special_price_does_not_follow_the_list(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "applied_on": "3_global",
                "compute_price": "percentage",
                "percent_price": 30,
                "min_quantity": 10,
            }
        )
        lead = self.create_lead(partner_id=self.customer.id)
        listed, special = self.add_line(lead, self.crate), self.add_line(lead, self.crate, price_unit=80, discount=5)
        self.assertEqual((special.price_difference, special.price_subtotal), (-14, 76))
        self.assertAlmostEqual(special.granted_discount, 100 * 14 / 90, 2)
        (listed | special).quantity = 10
        self.assertEqual((listed.list_price, listed.price_unit), (70, 70))
        self.assertEqual((special.list_price, special.price_unit), (70, 80))
        special.price_unit = 70
        special.quantity = 1
        self.assertEqual(special.price_unit, 90, "back on the list price, it follows it again")

    def test_free_of_charge_stays_free(self):
        line = self.add_line(self.create_lead(), self.crate, price_unit=0)
        line.quantity = 4
        self.assertEqual((line.price_unit, line.list_price), (0, 100))

    def test_special_price_is_one_for_its_product(self):
        line = self.add_line(self.create_lead(), self.crate, price_unit=90)
        line.product_id = self.visit
        self.assertEqual((line.price_unit, line.is_price_special, line.name), (60, False, "Visit"))
        line.write({"product_id": self.crate.id, "price_unit": 95})
        self.assertEqual((line.price_unit, line.is_price_special), (95, True))

    def test_list_price_is_not_for_people_to_write(self):
        lead = self.create_lead()
        line = self.add_line(lead, self.crate, list_price=5, price_subtotal=3, currency_id=1)
        line.write({"list_price": 1, "price_total": 2, "price_unit": 90})
        self.assertEqual((line.list_price, line.price_total, line.price_unit), (100, 90, 90))

    def test_day_of_the_offer(self):
        self.pricelist.item_ids = [
            Command.clear(),
            Command.create({"compute_price": "fixed", "fixed_price": 70, "date_start": "2026-06-01 00:00:00"}),
        ]
        lead = self.create_lead(partner_id=self.customer.id)
        line = self.add_line(lead, self.crate)
        self.assertEqual(line.price_unit, 100)
        lead.offer_date = "2026-06-10"
        self.assertEqual(line.price_unit, 70)

    def test_update_prices(self):
        lead = self.create_lead()
        listed, special = self.add_line(lead, self.crate), self.add_line(lead, self.crate, price_unit=95)
        bundle = self.add_line(lead, bundle=self.bundle)
        self.crate.list_price = 110
        self.bundle.price = 500
        self.assertEqual(listed.list_price, 100, "what was offered does not change by itself")
        lead.action_update_prices()
        self.assertEqual((listed.list_price, listed.price_unit), (110, 110))
        self.assertEqual((special.list_price, special.price_unit), (110, 95))
        self.assertEqual(bundle.price_unit, 120)

    def test_another_pricelist_in_another_currency(self):
        abroad = self.create_pricelist("Abroad", 0, self.create_currency("XTA", rate=2))
        lead = self.create_lead()
        listed, special = self.add_line(lead, self.crate), self.add_line(lead, self.crate, price_unit=90)
        bundle = self.add_line(lead, bundle=self.bundle)
        lead.pricelist_id = abroad
        self.assertEqual(lead.line_ids.currency_id, abroad.currency_id)
        self.assertEqual((listed.price_unit, special.price_unit, special.list_price), (200, 180, 200))
        self.assertEqual((bundle.price_unit, bundle.list_price, bundle.setup_fee), (240, 240, 100))
        self.assertEqual(lead.expected_revenue, 100 + 90 + 50, "amounts stay in the currency of the company")

    def test_taxes_as_on_a_quotation(self):
        tax, abroad = self.env["account.tax"].create(
            [{"name": "T 20", "amount": 20, "company_id": self.company.id}, {"name": "T 0", "amount": 0}]
        )
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        abroad.write({"original_tax_ids": tax.ids, "fiscal_position_ids": position.ids})
        taxed = self.create_product("Taxed", 100, taxes_id=tax.ids)
        here = self.add_line(self.create_lead(), taxed)
        self.assertEqual((here.tax_ids, here.price_subtotal, here.price_tax, here.price_total), (tax, 100, 20, 120))
        self.customer.property_account_position_id = position
        there = self.add_line(self.create_lead(partner_id=self.customer.id), taxed)
        self.assertEqual((there.tax_ids, there.price_total), (abroad, 90))

    def test_description_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.crate.with_context(lang="fr_FR").name = "Caisse"
        self.customer.lang = "fr_FR"
        lead = self.create_lead(partner_id=self.customer.id)
        line = self.add_line(lead, self.crate)
        self.assertEqual(line.name, "Caisse")
        line.name = "Une caisse"
        lead.partner_id = False
        self.assertEqual(line.name, "Une caisse")

    def test_sections_and_notes(self):
        lead = self.create_lead()
        section = self.add_line(lead, display_type="line_section", name="Machines", quantity=3)
        self.add_line(lead, self.crate)
        self.assertEqual((section.quantity, section.price_subtotal), (0, 0))
        self.assertEqual(lead.expected_revenue, 100)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.add_line(lead, self.crate, display_type="line_note", name="Both")

    def test_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.crate.uom_ids = dozen
        line = self.add_line(self.create_lead(), self.crate, product_uom_id=dozen.id)
        self.assertEqual(line.price_unit, 1200)


class TestLineRules(LineCase):
    """What may be put on an opportunity, and at which price."""

    def test_archived_product(self):
        self.crate.active = False
        with self.assertRefused(ValidationError, "not offered on “A deal”: Crate"):
            self.add_line(self.create_lead(), self.crate)

    def test_product_that_is_not_offered(self):
        lead = self.create_lead()
        line = self.add_line(lead, self.crate)
        self.crate.with_user(self.manager).product_tmpl_id.action_offer_not_on_opportunities()
        with self.assertRefused(ValidationError, "Opportunity Products"):
            self.add_line(lead, self.crate)
        with self.assertRefused(ValidationError, "not offered"):
            self.add_line(lead, self.visit).product_id = self.crate
        line.quantity = 2
        self.assertEqual(line.price_subtotal, 200, "what was offered before stays, and can be worked on")
        self.assertRegex(line.notice, "no longer offered")

    def test_offered_in_one_company(self):
        self.crate.with_company(self.other_company).opportunity_ok = False
        self.add_line(self.create_lead(), self.crate)
        abroad = self.create_lead(user=self.overseas, company_id=self.other_company.id)
        with self.assertRefused(ValidationError, "not offered"):
            self.add_line(abroad, self.crate, user=self.overseas)

    def test_offered_on_one_template(self):
        other = self.create_template("Other")
        self.crate.opportunity_template_ids = self.template
        with self.assertRefused(ValidationError, "not offered"):
            self.add_line(self.create_lead(), self.crate)
        with self.assertRefused(ValidationError, "not offered"):
            self.add_line(self.create_lead(template_id=other.id), self.crate)
        lead = self.create_lead(template_id=self.template.id)
        self.add_line(lead, self.crate)
        revision = self.template.with_user(self.manager).action_edit()
        draft = self.env["opportunity.template"].browse(revision["res_id"])
        draft.stage_ids[0].target_days = 99
        draft._publish()
        newer = self.create_lead(template_id=draft.id)
        self.assertTrue(self.add_line(newer, self.crate), "on all revisions of the template")

    def test_company_that_chooses_its_products(self):
        settings = self.env["res.config.settings"].with_user(self.env.ref("base.user_admin")).create({})
        self.assertTrue(settings.opportunity_offers_all)
        settings.opportunity_offers_all = False
        settings.set_values()
        self.visit.with_user(self.manager).product_tmpl_id.action_offer_on_opportunities()
        lead = self.create_lead()
        self.assertTrue(self.add_line(lead, self.visit))
        with self.assertRefused(ValidationError, "not offered"):
            self.add_line(lead, self.crate)

    def test_product_of_another_company(self):
        self.crate.company_id = self.other_company
        with self.assertRefused(UserError, "Crate"):
            self.add_line(self.create_lead(company_id=self.company.id), self.crate)
        own = self.create_product("Own", 5, company_id=self.company.id)
        lead = self.create_lead()
        self.add_line(lead, own)
        with self.assertRefused(UserError, "Own"):
            lead.sudo().company_id = self.other_company

    def test_quantity(self):
        lead = self.create_lead()
        for quantity in (0, -1):
            result = self.env["opportunity.line"].load(
                ["lead_id/.id", "product_id/.id", "quantity"], [[str(lead.id), str(self.crate.id), str(quantity)]]
            )
            self.assertFalse(result["ids"])
            self.assertRegex(result["messages"][0]["message"], "must be above zero")
        self.assertFalse(lead.line_ids)

    def test_prices_that_are_none(self):
        lead = self.create_lead()
        for values in ({"price_unit": -1}, {"discount": 101}, {"discount": -5}):
            with self.assertRefused(ValidationError, "cannot be negative"):
                self.add_line(lead, self.crate, user=self.manager, **values)

    def test_limit(self):
        self.company.opportunity_discount_limit = 15
        lead = self.create_lead()
        line = self.add_line(lead, self.crate, price_unit=85)
        message = r"list price of .*100\.00.* down to .*85\.00.* \(15 %\)"
        with self.assertRefused(UserError, message):
            line.price_unit = 84.99
        with self.assertRefused(UserError, message):
            line.discount = 1
        with self.assertRefused(UserError, message):
            lead.write({"line_ids": [Command.create({"product_id": self.crate.id, "discount": 16})]})
        line.with_user(self.manager).price_unit = 50
        line.name = "A crate at half the price"
        with self.assertRefused(UserError, message):
            line.quantity = 2
        with self.assertRefused(UserError, "set-up fee"):
            self.add_line(lead, bundle=self.bundle, setup_fee=10)

    def test_limit_holds_when_the_pricelist_changes(self):
        self.company.opportunity_discount_limit = 20
        lead = self.create_lead(partner_id=self.customer.id)
        self.add_line(lead, self.crate, price_unit=75)
        with self.assertRefused(UserError, "go down to"):
            lead.pricelist_id = self.create_pricelist("Dear", -50)

    def test_limit_on_prices_below_a_cent(self):
        self.company.opportunity_discount_limit = 10
        screw = self.create_product("Screw", 0.004)
        with self.assertRefused(UserError, "go down to"):
            self.add_line(self.create_lead(), screw, quantity=100000, price_unit=0.003)

    def test_limit_of_the_company_of_the_opportunity(self):
        self.other_company.opportunity_discount_limit = 0
        self.rep.company_ids += self.other_company
        lead = self.create_lead(company_id=self.company.id)
        self.add_line(lead, self.crate, price_unit=50)
        self.assertEqual(lead.expected_revenue, 50)

    def test_currency_without_a_rate(self):
        abroad = self.create_pricelist("Nowhere", 0, self.create_currency("XTB"))
        lead = self.create_lead(pricelist_id=abroad.id)
        for manual in (False, True):
            lead.is_amount_manual = manual
            with self.assertRefused(UserError, "no exchange rate between"):
                self.add_line(lead, self.crate)
        abroad.item_ids = [Command.clear(), Command.create({"compute_price": "fixed", "fixed_price": 70})]
        self.assertEqual(self.add_line(lead, self.crate).price_unit, 70, "nothing is converted")

    def test_bundle_that_is_over(self):
        self.bundle.date_end = "2026-03-01"
        with self.assertRefused(ValidationError, "was offered until"):
            self.add_line(self.create_lead(), bundle=self.bundle)
        self.bundle.date_end = "2026-03-02"
        self.assertTrue(self.add_line(self.create_lead(), bundle=self.bundle))

    def test_bundle_that_is_not_offered(self):
        lead = self.create_lead()
        self.bundle.date_start = "2026-04-01"
        with self.assertRefused(ValidationError, "is offered from"):
            self.add_line(lead, bundle=self.bundle)
        self.bundle.write({"date_start": False, "active": False})
        with self.assertRefused(ValidationError, "archived"):
            self.add_line(lead, bundle=self.bundle)
