from lxml import etree

from odoo.fields import Command
from odoo.tests.form import Form
from odoo.tools.safe_eval import safe_eval

from .common import NOW, OpportunityCase

QUERIES = 8
MORE = 6  # queries of the form of a contact: its groups, and its letters with what they may be about


class TestCustomer(OpportunityCase):
    """The opportunities of contacts and companies in numbers, and those of orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.household = cls.env["res.partner"].create({"name": "Bakers Ltd", "is_company": True})
        cls.buyer = cls.env["res.partner"].create({"name": "Ms Baker", "parent_id": cls.household.id})

    def numbers(self, partner, user=None):
        overview = partner.with_user(user or self.rep).get_opportunity_overview()
        return {one["name"]: (one["count"], one["amount"]) for one in overview["states"]}

    def test_open_won_and_lost(self):
        self.create_lead(partner_id=self.buyer.id, expected_revenue=100)
        self.create_lead(partner_id=self.household.id, expected_revenue=10)
        self.create_lead(partner_id=self.buyer.id, expected_revenue=7).action_set_won()
        self.create_lead(partner_id=self.buyer.id, expected_revenue=3).action_set_lost()
        archived = self.create_lead(partner_id=self.buyer.id, expected_revenue=1000, probability=50)
        archived.sudo().write({"active": False, "probability": 50})
        self.env["crm.lead"].create({"name": "A lead", "type": "lead", "partner_id": self.buyer.id})
        self.assertEqual(self.numbers(self.buyer), {"open": (1, 100), "won": (1, 7), "lost": (1, 3)})
        self.assertEqual(self.numbers(self.household), {"open": (2, 110), "won": (1, 7), "lost": (1, 3)})

    def test_what_one_may_see(self):
        self.create_lead(partner_id=self.buyer.id, expected_revenue=100)
        self.create_lead(partner_id=self.buyer.id, user=self.colleague, expected_revenue=50)
        self.assertEqual(self.numbers(self.household)["open"], (1, 100))
        self.assertEqual(self.numbers(self.household, self.senior)["open"], (2, 150))

    def test_amounts_of_another_company(self):
        money = self.env["res.currency"].create({"name": "OVS", "symbol": "O"})
        self.other_company.currency_id = money
        self.env["res.currency.rate"].create(
            {"currency_id": money.id, "company_id": self.company.id, "rate": 0.5, "name": NOW.date()}
        )
        self.manager.company_ids = self.company | self.other_company
        self.create_lead(
            user=self.overseas,
            partner_id=self.buyer.id,
            company_id=self.other_company.id,
            team_id=False,
            expected_revenue=100,
        )
        both = self.household.with_user(self.manager).with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        self.assertEqual(both.opportunity_open_amount, 200)
        home = self.household.with_user(self.manager).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(home.opportunity_open_count, 0)

    def test_opens_them(self):
        lost = self.create_lead(partner_id=self.buyer.id)
        lost.action_set_lost()
        action = self.household.with_user(self.rep).action_view_opportunities_of_state("lost")
        found = self.env["crm.lead"].with_user(self.rep).with_context(**action["context"]).search(action["domain"])
        self.assertEqual(found, lost)
        self.assertTrue(action["context"]["search_default_filter_lost"])

    def test_follow_up_in_progress(self):
        sequence = self.env["opportunity.sequence"].create(
            {"name": "Follow up", "step_ids": [Command.create({"name": "Call", "kind": "note", "timing": "now"})]}
        )
        for user in (self.rep, self.colleague):
            lead = self.create_lead(user=user, partner_id=self.buyer.id)
            self.env["opportunity.enrollment"].create(
                {"lead_id": lead.id, "sequence_id": sequence.id, "date_start": NOW}
            )
        running = self.household.with_user(self.rep).get_opportunity_overview()["enrollments"]
        self.assertEqual([(one["name"], one["state"]) for one in running], [("Follow up", "Active")])

    def test_queries_do_not_grow_with_the_contacts(self):
        people = self.env["res.partner"].create(
            [{"name": f"Person {n}", "parent_id": self.household.id} for n in range(20)]
        )
        for person in people:
            self.create_lead(partner_id=person.id, expected_revenue=1)
        names = [f"opportunity_{state}_{what}" for state in ("open", "won", "lost") for what in ("count", "amount")]
        everybody = (people | self.household).with_user(self.rep)
        everybody.read(names)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(QUERIES):
            everybody.read(names)
        self.assertEqual(everybody[-1].opportunity_open_count, 20)

    def test_order_tells_of_its_opportunity(self):
        lead = self.create_lead(partner_id=self.buyer.id, template_id=self.template.id)
        order = self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "opportunity_id": lead.id, "user_id": self.rep.id}
        )
        mine = order.with_user(self.rep)
        self.assertEqual((mine.opportunity_template_id, mine.opportunity_stage_id), (self.template, self.first))
        self.assertEqual(mine.action_view_opportunity()["res_id"], lead.id)

    def test_order_is_silent_about_an_opportunity_that_one_may_not_see(self):
        lead = self.create_lead(user=self.colleague, partner_id=self.buyer.id, template_id=self.template.id)
        order = self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "opportunity_id": lead.id, "user_id": self.rep.id}
        )
        mine = order.with_user(self.rep)
        self.assertFalse(mine.opportunity_template_id)
        self.assertFalse(mine.opportunity_stage_id)

    def test_order_is_found_by_its_opportunity(self):
        lead = self.create_lead(name="Ovens", partner_id=self.buyer.id, template_id=self.template.id)
        order, _other = self.env["sale.order"].create(
            [
                {"partner_id": self.buyer.id, "opportunity_id": lead.id, "user_id": self.rep.id},
                {"partner_id": self.buyer.id, "user_id": self.rep.id},
            ]
        )
        orders = self.env["sale.order"].with_user(self.rep)
        arch = etree.fromstring(orders.get_view(view_type="search")["arch"])
        by_template = arch.find(".//field[@name='opportunity_id'][@string='Opportunity Template']")
        domain = safe_eval(by_template.get("filter_domain"), {"self": self.template.name})
        self.assertEqual(orders.search([("partner_id", "=", self.buyer.id), *domain]), order)
        (group, *_rest) = orders._read_group([("partner_id", "=", self.buyer.id)], ["opportunity_id"], ["__count"])
        self.assertEqual(group, (lead.with_user(self.rep), 1))
        self.assertIsNotNone(arch.find(".//filter[@name='opportunity']"))
        columns = etree.fromstring(orders.get_view(self.env.ref("sale.view_quotation_tree").id, "list")["arch"])
        shown = {column.get("name") for column in columns.iterfind("field")}
        self.assertLessEqual({"opportunity_id", "opportunity_template_id", "opportunity_stage_id"}, shown)

    def test_lists_the_opportunities_that_it_counts(self):
        mine = self.create_lead(partner_id=self.buyer.id) | self.create_lead(partner_id=self.household.id)
        lost = self.create_lead(partner_id=self.buyer.id)
        lost.action_set_lost()
        self.create_lead(partner_id=self.buyer.id, user=self.colleague)
        domain = self.household.with_user(self.rep).get_opportunity_overview()["domain"]
        listed = self.env["crm.lead"].with_user(self.rep).with_context(active_test=False).search(domain)
        self.assertEqual(listed, mine | lost)

    def test_opening_a_contact(self):
        """The form asks for little more than Odoo's, however busy the contact: the rest is read on its page."""
        for _number in range(5):
            self.create_lead(partner_id=self.buyer.id, expected_revenue=1)
        partner = self.household.with_user(self.rep)
        spec = Form(partner)._view["fields_spec"]
        ours = {name for name in spec if partner._fields[name]._module == "opportunity_crm"}
        self.assertLessEqual(ours, {"coverage_group_ids", "letter_count"})
        stock = {name: part for name, part in spec.items() if name not in ours}
        self.assertLessEqual(self.count(partner, spec), self.count(partner, stock) + MORE)

    def count(self, records, spec):
        records.web_read(spec)  # what is cached once for all
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.web_read(spec)
        return self.env.cr.sql_log_count - before
