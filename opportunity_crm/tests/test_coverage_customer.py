from odoo.tests import Form

from .common_coverage import CoverageCase


class TestCoverageOfCustomer(CoverageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.create_group("Days", (cls.manager, cls.sponsor))
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "is_company": True, "coverage_group_ids": cls.group.ids}
        )
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.customer.id, "coverage_group_ids": cls.days.ids}
        )

    def test_new_opportunities_inherit(self):
        self.assertEqual(self.create_lead(partner_id=self.customer.id).coverage_group_ids, self.group)
        self.assertEqual(self.create_lead(partner_id=self.buyer.id).coverage_group_ids, self.group | self.days)
        self.assertFalse(self.create_lead(partner_id=self.buyer.id, coverage_group_ids=[]).coverage_group_ids)
        self.assertFalse(self.create_lead().coverage_group_ids)

    def test_opportunities_that_exist_keep_theirs(self):
        lead = self.create_lead()
        lead.partner_id = self.buyer
        self.assertFalse(lead.coverage_group_ids)
        covered = self.create_lead(partner_id=self.customer.id)
        self.customer.coverage_group_ids = self.days
        covered.partner_id = False
        self.assertEqual(covered.coverage_group_ids, self.group)
        self.assertEqual(covered.copy().coverage_group_ids, self.group)

    def test_archived_groups_and_groups_of_other_companies_are_not_inherited(self):
        self.days.active = False
        self.assertEqual(self.create_lead(partner_id=self.buyer.id).coverage_group_ids, self.group)
        self.colleague.company_ids += self.other_company
        self.senior.company_ids += self.other_company
        self.group.company_id = self.other_company
        lead = self.create_lead(partner_id=self.buyer.id)
        self.assertFalse(lead.sudo().coverage_group_ids)
        abroad = self.create_lead(user=self.overseas, partner_id=self.buyer.id)
        self.assertEqual(abroad.coverage_group_ids, self.group)

    def test_form(self):
        with Form(self.env["crm.lead"].with_user(self.rep), "crm.crm_lead_view_form") as form:
            form.name = "Deal"
            form.partner_id = self.buyer
            self.assertEqual(form.coverage_group_ids.ids, (self.days | self.group).ids)
            form.coverage_group_ids.remove(self.days.id)
        self.assertEqual(form.record.coverage_group_ids, self.group)
        with Form(form.record) as form:
            form.partner_id = self.env["res.partner"]
        self.assertEqual(form.record.coverage_group_ids, self.group)

    def test_quick_creation_with_a_company(self):
        with Form(self.env["crm.lead"].with_user(self.rep), "crm.quick_create_opportunity_form") as form:
            form.commercial_partner_id = self.customer
        self.assertEqual(form.record.partner_id, self.customer)
        self.assertEqual(form.record.coverage_group_ids, self.group)

    def test_merged_opportunities(self):
        leads = self.create_lead(coverage_group_ids=self.group.ids) + self.create_lead(coverage_group_ids=self.days.ids)
        merged = leads.with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.coverage_group_ids, self.group | self.days)

    def test_many_cost_no_more_than_few(self):
        def create(count):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"Buyer {n}", "parent_id": self.customer.id, "coverage_group_ids": self.days.ids}
                    for n in range(count)
                ]
            )
            vals_list = [
                {"name": f"Deal {n}", "user_id": self.rep.id, "partner_id": partner.id, "team_id": self.team.id}
                for n, partner in enumerate(partners)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True).create(vals_list)
            self.env.flush_all()
            self.assertEqual(leads[-1].coverage_group_ids, self.days | self.group)
            return self.cr.sql_log_count - before

        create(2)
        few = create(2)
        self.assertLessEqual(create(100), few)

    def test_what_coverage_adds_to_a_creation(self):
        """Groups of contacts and their companies, the groups, their members, the new lines, the check of companies, the
        credit that is kept."""
        vals_list = [{"name": f"Deal {n}", "user_id": self.rep.id, "partner_id": self.buyer.id} for n in range(20)]
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)

        def queries(**values):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads.create([{**vals, **values} for vals in vals_list])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries()
        uncovered = queries(coverage_group_ids=[])
        self.assertLessEqual(queries(), uncovered + 7)
