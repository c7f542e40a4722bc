from unittest.mock import patch

from odoo.tests import HttpCase

from ..tools import paper, pdf_pages
from .common_labels import read_pages
from .common_letter_print import PARAGRAPH, LetterPrintCase


class TestLettersWithoutPlutoPrint(HttpCase, LetterPrintCase):
    """Odoo's engine prints the same letters; only page numbers are missing."""

    def words(self, pdf):
        return [word for page in read_pages(pdf) for word in page]

    def test_the_same_letters_come_from_the_standard_engine(self):
        template = self.create_letter_template(body=PARAGRAPH * 60, enclosures="Jürgen's list")
        deals = self.create_deal() | self.create_deal(self.create_contact("Bob"))
        exact = self.draw_up(deals, template)._print()
        with patch.object(paper, "plutoprint", None):
            letters = self.draw_up(deals, template)
            standard = letters._print(duplex=True)
        self.assertEqual(pdf_pages.count(standard), sum(letters.mapped("page_count")) + letters[0].page_count % 2)

        def content(pdf):
            numbers = {"Page", "of", "2", "3"}
            return sorted(word.text for word in self.words(pdf) if word.text not in numbers)

        self.assertEqual(content(standard), content(exact))
        found = {word.text: word for word in reversed(read_pages(standard)[0])}
        for word in reversed(read_pages(exact)[0]):
            if word.text in ("Ann", "1000", "My"):
                self.assertAlmostEqual(word.left, found[word.text].left, delta=2.5)
                self.assertAlmostEqual(word.middle, found[word.text].middle, delta=2.5)

    def test_the_preview_is_a_pdf(self):
        with patch.object(paper, "plutoprint", None):
            wizard = self.open_wizard(self.create_deal())
            self.assertTrue(wizard.preview["pdf"])
