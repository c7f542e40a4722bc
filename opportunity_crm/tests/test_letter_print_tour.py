from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders
from .common_labels import ADDRESS


@tagged("standard", "post_install", "-at_install")
class TestLetterPrintTour(OpportunityBuilders, HttpCase):
    def test_rep_prints_a_letter(self):
        self.create_people()
        self.rep.password = "rep-password"
        contact = self.env["res.partner"].create(
            {"name": "Letter Tour Ann", "country_id": self.env.ref("base.be").id, **ADDRESS}
        )
        self.env["opportunity.letter.template"].create(
            {"name": "Tour letter", "subject": "Hello", "body": "<p>Dear {{contact.name}}</p>"}
        )
        lead = self.create_lead(name="Letter Tour", partner_id=contact.id)
        self.start_tour(f"/odoo/crm/{lead.id}", "opportunity_crm_print_letter", login="rep")
        letter = lead.letter_ids
        self.assertEqual((letter.state, letter.subject, letter.printed_by_id), ("printed", "For you alone", self.rep))
        self.assertIn("Dear Letter Tour Ann", letter.body)
        self.assertIn(letter.attachment_id, lead.file_box_ids)
