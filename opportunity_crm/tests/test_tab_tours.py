from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestTabTours(OpportunityBuilders, HttpCase):
    """An administrator of sales adds a tab with fields, and a sales rep fills it in, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.manager.write({"password": "manager-password", "name": "Tour Manager"})
        cls.rep.write({"password": "rep-password", "name": "Tour Rep"})

    def setUp(self):
        self.addCleanup(self.registry.reset_changes)
        super().setUp()

    def test_define_and_fill(self):
        self.start_tour("/odoo/opportunity-tabs", "opportunity_crm_tabs_define", login="manager")
        tab = self.env["opportunity.tab"].search([("name", "=", "Tour Tab")])
        self.assertEqual(tab.field_ids.mapped("kind"), ["char", "choice"])
        self.start_tour("/odoo/crm?view_type=list", "opportunity_crm_tabs_fill", login="rep")
        lead = self.env["crm.lead"].search([("name", "=", "Tour Deal")])
        self.assertEqual((lead.x_opp_tour_machine, lead.x_opp_tour_voltage.name), ("Filler", "400 V"))
