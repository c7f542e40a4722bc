from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestCoverageTours(OpportunityBuilders, HttpCase):
    """An administrator configures groups and a rotation, and applies groups, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.manager.write({"password": "manager-password", "name": "Tour Manager"})
        cls.senior.name = "Tour Specialist"
        role = cls.env["opportunity.coverage.role"].create({"name": "Tour Role"})
        cls.group = cls.env["opportunity.coverage.group"].create(
            {
                "name": "A Tour Group",
                "member_ids": [(0, 0, {"user_id": cls.senior.id, "role_id": role.id, "credit": 30})],
            }
        )

    def test_configure_a_group(self):
        self.start_tour("/odoo/coverage-groups", "opportunity_crm_coverage_group", login="manager")
        group = self.env["opportunity.coverage.group"].search([("name", "=", "Tour Nights")])
        self.assertEqual(group.member_ids.user_id, self.senior)
        self.assertEqual(group.member_ids.credit, 40)
        self.assertEqual(self.group.description, "What the tour covers")

    def test_apply_to_opportunities(self):
        leads = self.create_lead(user=self.manager, name="Tour Deal") | self.create_lead(
            user=self.manager, name="Tour Deal"
        )
        self.start_tour("/odoo", "opportunity_crm_coverage_apply", login="manager")
        self.assertEqual(leads[0].coverage_group_ids, self.group)
        self.assertEqual(leads[1].coverage_group_ids, self.group)
