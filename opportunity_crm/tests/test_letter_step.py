from odoo.exceptions import ValidationError

from .common_followup import FollowupCase
from .common_labels import ADDRESS


class TestLetterStep(FollowupCase):
    """Letters as steps of follow-up sequences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls.env["opportunity.letter.template"].create(
            {"name": "Thanks", "subject": "Thanks", "body": "<p>Dear {{contact.name}}</p>"}
        )
        cls.customer.write({**ADDRESS, "country_id": cls.env.ref("base.be").id})

    def test_letters_collect_in_a_batch_to_print(self):
        sequence = self.create_sequence({"kind": "letter", "letter_template_id": self.letter.id})
        self.assertEqual(sequence.step_ids.summary, "Letter: Thanks")
        leads = [self.create_lead(partner_id=self.customer.id), self.create_lead(partner_id=self.customer.id)]
        self.start(sequence, *leads)
        self.run_engine()
        letters = self.env["opportunity.letter"].search([("template_id", "=", self.letter.id)])
        self.assertEqual(letters.lead_id, leads[1] | leads[0])
        self.assertEqual(letters.mapped("state"), ["to_print"] * 2)
        self.assertIn("Dear Ann Customer", letters[0].body)
        self.assertEqual((len(letters.batch_id), letters.batch_id.state), (1, "open"))
        self.assertEqual(letters.user_id, self.rep)
        self.run_engine()
        self.assertEqual(self.env["opportunity.letter"].search_count([("template_id", "=", self.letter.id)]), 2)

    def test_without_anybody_to_write_to_the_step_waits(self):
        sequence = self.create_sequence({"kind": "letter", "letter_template_id": self.letter.id})
        enrollment = self.start(sequence, self.create_lead())
        self.run_engine()
        row = enrollment.step_ids.filtered("error")
        self.assertEqual(row.state, "failed")
        self.assertIn("no contact to write to", row.error)

    def test_a_step_needs_a_letter_of_its_company(self):
        with self.assertRaisesRegex(ValidationError, "Which letter"):
            self.create_sequence({"kind": "letter"})
        self.letter.company_id = self.other_company
        with self.assertRaisesRegex(ValidationError, "not of the company"):
            self.create_sequence({"kind": "letter", "letter_template_id": self.letter.id})
