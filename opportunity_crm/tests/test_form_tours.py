from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders

MORE = 10  # queries beside those of Odoo's own form
STOCK = (
    "crm",
    "sale_crm",
    "mail",
    "phone_validation",
    "utm",
    "sales_team",
    "iap_crm",
    "crm_iap_enrich",
    "crm_iap_mine",
)
LINES = {"line_ids", "offer_tax_totals", "offer_once", "buy_link_ids", "revenue_low", "is_amount_manual"}
SHARES, HISTORY = {"is_shareable", "share_ids"}, {"stage_move_ids"}


@tagged("standard", "post_install", "-at_install")
class TestFormTours(OpportunityBuilders, HttpCase):
    """What the web client asks for when it opens the form of an opportunity, and its pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.lead = cls.create_lead(name="Tour Deal")
        product = cls.env["product.product"].create({"name": "Tour Crate", "list_price": 100})
        cls.lead.line_ids = [Command.create({"product_id": product.id, "quantity": n}) for n in range(1, 11)]

    def browse_tour(self, name):
        """Run a tour as the rep, and return the specifications of what was read and saved of opportunities."""
        asked, leads = [], self.registry["crm.lead"]

        def spy(method):
            original = getattr(leads, method)

            def call(records, *args, **kwargs):
                if "specification" in kwargs:  # as the web client calls it; not when saving reads
                    asked.append((method, kwargs["specification"]))
                return original(records, *args, **kwargs)

            return patch.object(leads, method, call)

        with spy("web_read"), spy("web_save"):
            self.start_tour(f"/odoo/crm/{self.lead.id}", name, login="rep")
        return asked

    def test_pages_are_read_when_they_are_opened(self):
        (first, form), *others = self.browse_tour("opportunity_crm_form_pages")
        self.assertEqual(first, "web_read")
        self.assertFalse((LINES | SHARES | HISTORY) & form.keys())
        pages = [spec.keys() for method, spec in others if method == "web_read"]
        self.assertEqual(len(pages), 3, "each page is read once")
        self.assertLessEqual(LINES, pages[0])
        self.assertEqual(pages[1], SHARES)
        self.assertEqual(pages[2], HISTORY)
        self.assertFalse(form.keys() & {name for page in pages for name in page}, "nothing is read twice")
        (saved,) = [spec.keys() for method, spec in others if method == "web_save"]
        self.assertLessEqual({*form, *LINES}, saved)
        self.assertEqual(self.lead.name, "Tour Deal II", "what was changed before the page was opened")
        self.assertEqual(self.lead.line_ids[0].quantity, 7)
        self.assertEqual(len(self.lead.line_ids), 10)
        self.assertEqual(self.lead.expected_revenue, 100 * (sum(range(1, 11)) + 6))

    def test_saving_leaves_what_was_not_looked_at(self):
        asked = self.browse_tour("opportunity_crm_form_first_page")
        self.assertEqual([method for method, _spec in asked], ["web_read", "web_save"])
        for _method, spec in asked:
            self.assertFalse((LINES | SHARES | HISTORY) & spec.keys())
        self.assertEqual((self.lead.name, len(self.lead.line_ids)), ("Tour Deal II", 10))
        spec = asked[0][1]
        stock = {name: part for name, part in spec.items() if self.lead._fields[name]._module in STOCK}
        self.assertLessEqual(self.count_queries(spec), self.count_queries(stock) + MORE)

    def count_queries(self, spec):
        lead = self.lead.with_user(self.rep)
        lead.web_read(spec)  # what is cached once for all
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lead.web_read(spec)
        return self.env.cr.sql_log_count - before
