from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestLetterTour(OpportunityBuilders, HttpCase):
    def test_manager_writes_a_letter(self):
        self.create_people()
        self.manager.password = "manager-password"
        ann = self.env["res.partner"].create({"name": "Letter Tour Ann"})
        self.create_lead(user=self.manager, name="Letter Tour Deal", partner_id=ann.id)
        # as fast as a person: what is typed while the server still answers what was typed before can be lost on the way
        self.start_tour("/odoo/letter-templates", "opportunity_crm_letter_template", login="manager", step_delay=300)
        letter = self.env["opportunity.letter.template"].search([("name", "=", "Letter Tour")])
        self.assertEqual(letter.subject, "For {{contact.name}}")
        self.assertRegex(letter.body, r"^<p[^<>]*>To:{{contact\.name}}</p><p>{{lines\.table}}</p>$")
        self.assertEqual(letter.window, "us10")
