from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .common_coverage import CoverageCase


class TestApply(CoverageCase):
    """Adding and removing groups on many opportunities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.create_group("Days", (cls.manager, cls.sponsor, {"credit": 60}))

    def wizard(self, leads, user=None, add=(), remove=()):
        action = leads.with_user(user or self.rep).action_coverage()
        wizard = self.env[action["res_model"]].with_user(user or self.rep).browse(action["res_id"])
        wizard.write(
            {
                "add_group_ids": [Command.set([group.id for group in add])],
                "remove_group_ids": [Command.set([group.id for group in remove])],
            }
        )
        return wizard

    def test_add_and_remove(self):
        leads = self.create_lead(coverage_group_ids=self.group.ids) | self.create_lead()
        wizard = self.wizard(leads, add=[self.days], remove=[self.group])
        self.assertEqual(wizard.applied_group_ids, self.group)
        self.assertEqual((wizard.lead_count, wizard.left_names), (2, ""))
        params = wizard.action_apply()["params"]
        self.assertEqual(params["message"], "Opportunities with other coverage groups now: 2.")
        self.assertEqual([lead.coverage_group_ids for lead in leads], [self.days, self.days])
        params = self.wizard(leads, add=[self.days]).action_apply()["params"]
        self.assertIn("covered so already: 2", params["message"])

    def test_only_where_the_user_may_edit(self):
        """Unassigned opportunities are for everybody, those of colleagues are not."""
        mine, free, theirs = self.create_lead(), self.create_lead(), self.create_lead(user=self.colleague)
        free.sudo().user_id = False
        self.patch(
            type(mine),
            "_filter_coverage_editable",
            lambda leads: leads._filtered_access("write") - free.with_env(leads.env),
        )
        wizard = self.wizard(mine | free, add=[self.days])
        self.assertEqual((wizard.lead_count, wizard.left_names), (1, "A deal"))
        params = wizard.action_apply()["params"]
        self.assertEqual(params["type"], "warning")
        self.assertIn("you may not edit them: A deal", params["message"])
        self.assertEqual(mine.coverage_group_ids, self.days)
        self.assertFalse(free.sudo().coverage_group_ids)
        with self.assertRaises(AccessError):
            self.wizard(theirs, add=[self.days]).action_apply()
        self.assertFalse(theirs.sudo().coverage_group_ids)

    def test_what_cannot_be_meant(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        with self.assertRefused(UserError, "Which groups"):
            self.wizard(lead).action_apply()
        with self.assertRefused(UserError, "in both: Nights"):
            self.wizard(lead, add=[self.group], remove=[self.group]).action_apply()

    def test_all_or_none(self):
        self.group.member_ids[0].credit = 60
        leads = self.create_lead() | self.create_lead(coverage_group_ids=self.group.ids)
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self.wizard(leads, add=[self.days]).action_apply()
        self.assertIn("20 % too much", str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual([lead.coverage_group_ids for lead in leads], [self.days.browse(), self.group])

    def test_group_of_another_company(self):
        self.manager.company_ids += self.other_company
        self.days.company_id = self.company
        abroad = self.create_lead(user=self.manager)
        abroad.sudo().write({"user_id": False, "team_id": False, "company_id": self.other_company.id})
        here = self.create_lead()
        both = (abroad | here).with_context(allowed_company_ids=(self.company | self.other_company).ids)
        wizard = self.wizard(both, user=self.manager, add=[self.days])
        wizard = wizard.with_context(allowed_company_ids=(self.company | self.other_company).ids)
        params = wizard.action_apply()["params"]
        self.assertEqual(here.coverage_group_ids, self.days)
        self.assertFalse(abroad.sudo().coverage_group_ids)
        self.assertIn("company of the opportunity: 1", params["message"])

    def test_leads_are_left(self):
        lead = self.create_lead(type="lead")
        with self.assertRefused(UserError, "none of these"):
            self.wizard(lead, add=[self.days]).action_apply()

    def test_archived_group_can_be_removed(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.group.active = False
        self.wizard(lead, remove=[self.group]).action_apply()
        self.assertFalse(lead.with_context(active_test=False).coverage_group_ids)

    def test_many_together(self):
        def queries(count):
            leads = (
                self.env["crm.lead"]
                .with_user(self.rep)
                .create([{"name": str(n), "type": "opportunity", "user_id": self.rep.id} for n in range(count)])
            )
            wizard = self.wizard(leads, add=[self.days])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_apply()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(60), queries(2) + 2)


class TestOffer(CoverageCase):
    """Changing the groups of a contact offers to change its open opportunities, and never does it by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.create_group("Days", (cls.manager, cls.sponsor))
        partners = cls.env["res.partner"]
        cls.holding = partners.create({"name": "Holding", "is_company": True})
        cls.company_below = partners.create({"name": "Works", "is_company": True, "parent_id": cls.holding.id})
        cls.buyer = partners.create({"name": "Buyer", "parent_id": cls.company_below.id})
        cls.manager.group_ids += cls.env.ref("base.group_partner_manager")
        cls.lead = cls.create_lead(partner_id=cls.buyer.id)
        cls.other = cls.create_lead(partner_id=cls.holding.id, coverage_group_ids=cls.days.ids)

    def change(self, partner, groups):
        partner.with_user(self.manager).coverage_group_ids = groups
        return partner.with_user(self.manager)

    def wizard(self, partner, mode="add"):
        action = partner.action_update_coverage()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        wizard.mode = mode
        return wizard

    def test_inherited_from_above_the_company(self):
        self.holding.coverage_group_ids = self.group
        self.company_below.coverage_group_ids = self.days
        self.assertEqual(self.create_lead(partner_id=self.buyer.id).coverage_group_ids, self.group | self.days)
        self.assertEqual(self.create_lead(partner_id=self.holding.id).coverage_group_ids, self.group)

    def test_offered_with_the_number(self):
        holding = self.change(self.holding, self.group)
        self.assertTrue(holding.is_coverage_changed)
        self.assertEqual(holding.coverage_behind_count, 2)
        self.assertFalse(self.lead.coverage_group_ids, "not by itself")
        self.assertEqual(self.other.coverage_group_ids, self.days)
        self.assertFalse(self.change(self.env["res.partner"].create({"name": "New"}), self.group).is_coverage_changed)

    def test_only_open_opportunities(self):
        self.lead.action_set_lost()
        self.other.action_set_won()
        self.create_lead(type="lead", partner_id=self.buyer.id)
        self.assertFalse(self.change(self.holding, self.group).is_coverage_changed)

    def test_add(self):
        wizard = self.wizard(self.change(self.holding, self.group))
        self.assertEqual(wizard.lead_count, 2)
        wizard.action_update()
        self.assertEqual(self.lead.coverage_group_ids, self.group)
        self.assertEqual(self.other.coverage_group_ids, self.group | self.days)
        self.assertFalse(self.holding.is_coverage_changed)

    def test_replace(self):
        self.wizard(self.change(self.holding, self.group), "replace").action_update()
        self.assertEqual((self.lead | self.other).coverage_group_ids, self.group)

    def test_removed_groups(self):
        self.change(self.holding, self.days)
        self.wizard(self.holding.with_user(self.manager)).action_update()
        holding = self.change(self.holding, self.env["opportunity.coverage.group"])
        self.assertEqual(holding.coverage_behind_count, 2)
        self.assertEqual(self.wizard(holding).lead_count, 0, "none is missing a group")
        self.wizard(holding, "replace").action_update()
        self.assertFalse((self.lead | self.other).coverage_group_ids)

    def test_left(self):
        holding = self.change(self.holding, self.group)
        holding.action_leave_coverage()
        self.assertFalse(holding.is_coverage_changed)
        self.assertFalse(self.lead.coverage_group_ids)
        self.change(self.holding, self.group | self.days)
        wizard = self.wizard(holding)
        wizard.action_leave()
        self.assertFalse(holding.is_coverage_changed)

    def test_only_managers(self):
        self.change(self.holding, self.group)
        holding = self.holding.with_user(self.senior)
        for call in (holding.action_update_coverage, holding.action_leave_coverage):
            with self.assertRefused(AccessError, "Only sales administrators"):
                call()
        with self.assertRaises(AccessError):
            self.env["opportunity.coverage.update"].with_user(self.senior).create({"partner_id": self.holding.id})
        self.assertNotIn("is_coverage_changed", holding.fields_get())

    def test_another_company_is_left(self):
        self.group.company_id = self.company
        abroad = self.create_lead(user=self.overseas, partner_id=self.buyer.id)
        self.wizard(self.change(self.holding, self.group)).action_update()
        self.assertFalse(abroad.sudo().coverage_group_ids)

    def test_many_in_constant_queries(self):
        def queries(count):
            self.holding.coverage_group_ids = False
            self.env["crm.lead"].create(
                [{"name": str(n), "type": "opportunity", "partner_id": self.buyer.id} for n in range(count)]
            )
            holding = self.change(self.holding, self.group)
            wizard = self.wizard(holding)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_update()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(2)
        few = queries(2)
        self.assertLessEqual(queries(60), few + 2)
