from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders

OFFER = """
    const until = async (selector) => {
        for (let tries = 0; tries < 100; tries++) {
            const found = document.querySelector(selector);
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`${selector} is not there`);
    };
    (await until(".o_view_nocontent a[href='/odoo/first-opportunity']")).click();
    (await until("[data-menu-xmlid='crm.crm_menu_sales']"));
    await until(".o_tour_pointer");
    console.log("test successful");
"""


@tagged("standard", "post_install", "-at_install")
class TestFirstUse(OpportunityBuilders, HttpCase):
    """The way of a new user to a first opportunity, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.password = "rep-password"
        cls.env["res.partner"].create({"name": "Brandon Freeman", "email": "brandon@example.com"})

    def get_own(self):
        return self.env["crm.lead"].search([("user_id", "=", self.rep.id)])

    def test_rep_is_led_to_a_first_opportunity(self):
        self.assertFalse(self.get_own())
        self.start_tour("/odoo", "opportunity_crm_tour", login="rep")
        lead = self.get_own()
        self.assertEqual(lead.name, "First delivery")
        self.assertTrue(lead.template_id)
        self.assertEqual(lead.partner_id.name, "Brandon Freeman")
        self.assertEqual(lead.next_action_note, "Call about the offer")

    def test_on_a_phone(self):
        self.browser_size = "375x667"
        self.touch_enabled = True
        self.start_tour("/odoo", "opportunity_crm_tour", login="rep")
        self.assertEqual(self.get_own().next_action_note, "Call about the offer")

    def test_empty_pipeline_offers_it(self):
        self.assertFalse(self.get_own())
        self.browser_js("/odoo/action-crm.crm_lead_action_pipeline", f"(async () => {{{OFFER}}})()", login="rep")

    def test_takes_the_place_of_the_tour_of_crm(self):
        """Administrators are offered the first use, and Odoo's tour of CRM not after it."""
        tours = self.env["web_tour.tour"].with_user(self.env.ref("base.user_admin"))
        tours.env.user.tour_enabled = True
        before = tours.search([("sequence", "<", 5)])
        before.sudo().user_consumed_ids = tours.env.user.ids
        self.assertEqual(tours.get_current_tour()["name"], "opportunity_crm_tour")
        following = tours.consume("opportunity_crm_tour")
        self.assertTrue(tours.env.user.tour_enabled)
        self.assertIn(tours.env.user, self.env.ref("crm.crm_tour").user_consumed_ids)
        self.assertNotIn(following and following["name"], ("crm_tour", "opportunity_crm_tour"))

    def test_others_get_no_further_tours(self):
        """Who is no administrator and asked for this tour is not led through all apps after it."""
        tours = self.env["web_tour.tour"].with_user(self.rep)
        self.env["res.users"].with_user(self.rep).switch_tour_enabled(True)
        self.assertFalse(tours.consume("opportunity_crm_tour"))
        self.assertFalse(self.rep.tour_enabled)
