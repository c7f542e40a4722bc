from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestTours(OpportunityBuilders, HttpCase):
    """The way of a sales rep and of an administrator, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.manager.write({"password": "manager-password"})
        cls.customer = cls.env["res.partner"].create({"name": "Tour Customer", "email": "buyer@example.com"})

    def test_rep_works_an_opportunity(self):
        self.start_tour("/odoo", "opportunity_crm_rep", login="rep")
        lead = self.env["crm.lead"].search([("name", "=", "Tour Deal")])
        self.assertEqual(lead.template_id, self.env.ref("opportunity_crm.opportunity_template_upsell"))
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.next_action_note, "Send the contract again")
        causes = lead.stage_move_ids.sorted("id").mapped("cause")
        self.assertEqual(causes[0], "user")
        self.assertEqual(causes[-1], "won")

    def test_administrator_defines_a_template(self):
        self.start_tour("/odoo", "opportunity_crm_administrator", login="manager")
        template = self.env["opportunity.template"].search([("name", "=", "Tour Template")])
        self.assertEqual(template.state, "active")
        self.assertEqual(template.stage_ids.mapped("stage_id.name"), ["Tour Start", "Won"])
        self.assertEqual(template.stage_ids[0].target_days, 4)
