"""Five thousand letters as one job, in the real database: chunk by chunk, in bounded memory."""

import resource
from unittest.mock import patch

import pytest

from odoo.addons.opportunity_crm.tests.common_labels import ADDRESS
from odoo.addons.opportunity_crm.tests.common_letter_print import LetterPrintCase
from odoo.addons.opportunity_crm.tools import pdf_pages

LETTERS = 5000
MEMORY = 600_000  # KB


@pytest.mark.long
class TestLettersJob(LetterPrintCase):
    """From the wizard to one PDF."""

    def test_five_thousand_letters(self):
        # the job commits after each chunk; here the test's transaction goes on
        self.enterContext(patch.object(self.env.cr, "commit", self.env.flush_all))
        values = {"country_id": self.belgium.id, **ADDRESS}
        contacts = self.env["res.partner"].create([{"name": f"N{number}", **values} for number in range(LETTERS)])
        action = self.open_wizard(contacts).action_print()
        batch = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((batch.state, batch.letter_count, batch.done_count), ("waiting", LETTERS, 0))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.env["opportunity.letter.batch"]._cron_print()
        self.assertEqual((batch.state, batch.done_count), ("done", LETTERS))
        self.assertEqual(pdf_pages.count(batch.attachment_id.raw), LETTERS)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, MEMORY)
