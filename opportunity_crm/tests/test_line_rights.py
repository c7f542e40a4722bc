from odoo.exceptions import AccessError

from .common_line import LineCase


class TestLineRights(LineCase):
    """Lines follow their opportunity; managers define bundles."""

    def everyone(self, **letters):
        people = (self.rep, self.colleague, self.senior, self.manager, self.overseas, self.employee, self.portal)
        return {user: letters.get(user.login, "") for user in (*people, self.public)}

    def test_lines_follow_their_opportunity(self):
        lead = self.create_lead(company_id=self.company.id)
        line = self.add_line(lead, bundle=self.bundle)
        self.assertRights(line, self.everyone(rep="crwd", senior="crwd", manager="crwd"))
        self.assertRights(line.part_ids, self.everyone(rep="r", senior="r", manager="r"))
        lead.sudo().user_id = self.colleague
        self.assertRights(line, self.everyone(colleague="crwd", senior="crwd", manager="crwd"))
        lead.sudo().write({"user_id": False, "company_id": self.company.id})
        self.assertRights(line, self.everyone(rep="crwd", colleague="crwd", senior="crwd", manager="crwd"))

    def test_lines_follow_whatever_else_gives_access(self):
        """A rule that lets somebody read an opportunity lets them read its lines, without a rule on these."""
        lead = self.create_lead(company_id=self.company.id)
        line = self.add_line(lead, bundle=self.bundle)
        self.env["ir.rule"].create(
            {
                "name": "Shared to read",
                "model_id": self.env.ref("crm.model_crm_lead").id,
                "domain_force": f"[('id', '=', {lead.id} if user.id == {self.colleague.id} else 0)]",
                "groups": self.env.ref("sales_team.group_sale_salesman").ids,
                "perm_write": False,
                "perm_unlink": False,
                "perm_create": False,
            }
        )
        self.assertRights(line, self.everyone(rep="crwd", colleague="r", senior="crwd", manager="crwd"))
        found = self.env["opportunity.line"].with_user(self.colleague).search([("lead_id", "=", lead.id)])
        self.assertEqual(found, line)
        parts = self.env["opportunity.line.part"].with_user(self.colleague).search([("line_id", "=", line.id)])
        self.assertEqual(parts, line.part_ids)

    def test_lines_of_others_leak_nowhere(self):
        lead = self.create_lead()
        line = self.add_line(lead, bundle=self.bundle)
        lines = self.env["opportunity.line"].with_user(self.colleague)
        self.assertFalse(lines.search_count([("lead_id", "=", lead.id)]))
        self.assertFalse(lines._read_group([("lead_id", "=", lead.id)], ["product_id"]))
        self.assertFalse(lines.name_search("Care", [("lead_id", "=", lead.id)]))
        self.assertFalse(self.env["crm.lead"].with_user(self.colleague).search([("line_ids", "=", line.id)]))
        for attempt in (
            lambda: lines.browse(line.id).read(["name"]),
            lambda: self.add_line(lead, self.crate, user=self.colleague),
            lambda: lines.browse(line.id).unlink(),
            lambda: lead.with_user(self.colleague).action_update_prices(),
            lambda: lead.with_user(self.colleague)._update_order_line_info(self.crate.id, 1),
            lambda: line.part_ids.with_user(self.colleague).read(["name"]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_lines_are_moved_to_nobody_elses_opportunity(self):
        line = self.add_line(self.create_lead(), self.crate)
        other = self.create_lead(user=self.colleague)
        with self.assertRaises(AccessError):
            line.lead_id = other.id
        with self.assertRaises(AccessError):
            self.add_line(other, self.crate)

    def test_lines_of_lost_opportunities(self):
        lead = self.create_lead()
        line = self.add_line(lead, self.crate)
        lead.action_set_lost()
        self.assertEqual(self.env["opportunity.line"].with_user(self.rep).search([("lead_id", "=", lead.id)]), line)

    def test_bundles(self):
        table = self.everyone(rep="r", colleague="r", senior="r", manager="crwd", overseas="crwd")
        self.assertRights(self.bundle, table)
        self.assertRights(self.bundle.line_ids, table)
        self.bundle.company_id = self.company
        table[self.overseas] = ""
        self.assertRights(self.bundle, table)
        self.assertRights(self.bundle.line_ids, table)

    def test_who_says_what_is_offered(self):
        template = self.crate.product_tmpl_id
        template.with_user(self.manager).action_offer_not_on_opportunities()
        self.assertFalse(template.opportunity_ok)
        for user in (self.rep, self.senior, self.employee):
            with self.assertRaises(AccessError):
                template.with_user(user).action_offer_on_opportunities()

    def test_another_company(self):
        lead = self.create_lead(user=self.overseas, company_id=self.other_company.id)
        line = self.add_line(lead, self.crate, user=self.overseas)
        self.assertEqual(line.company_id, self.other_company)
        self.assertRights(line, self.everyone(overseas="crwd"))
