import doctest

from odoo.tests import tagged

from ..tools import (
    calendar_span,
    column_name,
    due,
    household,
    label_sheet,
    letter_page,
    merge_fields,
    movement,
    paper,
    pdf_pages,
    periods,
    postal,
    sections,
    self_contained,
    tab_arch,
    text_fit,
)
from .common import OpportunityCase

PAPER = (label_sheet, letter_page, merge_fields, paper, pdf_pages, postal, self_contained, text_fit)
DOCUMENTED = (calendar_span, column_name, due, household, movement, periods, sections, tab_arch, *PAPER)


@tagged("standard", "post_install", "-at_install")
class TestTools(OpportunityCase):
    def test_examples_in_the_documentation(self):
        for module in DOCUMENTED:
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0, module.__name__)
