from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


class DashboardTourBuilders(OpportunityBuilders):
    """A team with deals under way, won and lost."""

    @classmethod
    def create_deals(cls):
        cls.create_people()
        for user in (cls.rep, cls.manager):
            user.write({"password": f"{user.login}-password"})
        cls.template = cls.create_template(
            "Tour Template",
            [(cls.create_stage("Tour First"), 20, 5), (cls.create_stage("Tour Won", is_won=True), 100, 0)],
        )
        values = {
            "team_id": cls.team.id,
            "template_id": cls.template.id,
            "expected_revenue": 1000,
            "date_deadline": fields.Date.today(),
        }
        cls.create_lead(name="Tour Deal", **values)
        cls.create_lead(name="Tour Success", **values).action_set_won()
        cls.create_lead(name="Tour Failure", **values).action_set_lost()
        other = {**values, "template_id": False, "date_deadline": fields.Date.today() + timedelta(days=500)}
        cls.create_lead(user=cls.colleague, name="Tour Other", **other)


@tagged("standard", "post_install", "-at_install")
class TestDashboardTours(DashboardTourBuilders, HttpCase):
    """The dashboard in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_deals()

    def test_manager_reads_the_dashboard(self):
        self.start_tour("/odoo/opportunity-dashboard", "opportunity_crm_dashboard", login="manager")


@tagged("standard", "post_install", "-at_install")
class TestDashboardEmptyTour(OpportunityBuilders, HttpCase):
    """The dashboard of somebody for whom there is nothing yet."""

    def test_empty(self):
        self.create_people()
        self.rep.password = "rep-password"
        self.env["crm.lead"].with_context(active_test=False).search([("user_id", "=", False)]).user_id = self.manager
        self.start_tour("/odoo/opportunity-dashboard", "opportunity_crm_dashboard_empty", login="rep")


@tagged("standard", "post_install", "-at_install")
class TestDashboardMobileTours(DashboardTourBuilders, HttpCase):
    """The dashboard of a rep on a phone: their own deals, and nothing wider than the screen."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_deals()

    def test_rep_on_a_phone(self):
        self.start_tour("/odoo/opportunity-dashboard", "opportunity_crm_dashboard_mobile", login="rep")
