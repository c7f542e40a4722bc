from unittest.mock import patch

from odoo.tests import HttpCase

from ..tools import paper
from .common_labels import ADDRESS, LabelCase, read_pages


class TestLabelsWithoutPlutoPrint(HttpCase, LabelCase):
    """Odoo's engine prints the same labels."""

    def test_the_same_labels_come_from_the_standard_engine(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"Jürgen{number}", "country_id": self.belgium.id, **ADDRESS} for number in range(25)]
        )
        for xmlid in ("avery_l7160", "avery_5163", "dymo_99010"):
            label_format = self.env.ref(f"opportunity_crm.opportunity_label_format_{xmlid}")
            wizard = self.create_wizard(contacts, format_id=label_format.id)
            exact = read_pages(self.print_labels(wizard))
            with patch.object(paper, "plutoprint", None):
                standard = read_pages(self.print_labels(wizard))
            self.assertEqual(*[[[word.text for word in page] for page in pages] for pages in (exact, standard)])
            for words in zip(*(sum(pages, []) for pages in (exact, standard)), strict=True):
                self.assertAlmostEqual(words[0].left, words[1].left, delta=1.5)
                self.assertAlmostEqual(words[0].middle, words[1].middle, delta=1)
