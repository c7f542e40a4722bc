import doctest

from odoo.tests import tagged

from ..tools import (
    column_name,
    due,
    label_sheet,
    merge_fields,
    movement,
    paper,
    periods,
    postal,
    sections,
    self_contained,
    tab_arch,
    text_fit,
)
from .common import OpportunityCase

DOCUMENTED = (
    *(column_name, due, label_sheet, merge_fields, movement, paper, periods),
    *(postal, sections, self_contained, tab_arch, text_fit),
)


@tagged("standard", "post_install", "-at_install")
class TestTools(OpportunityCase):
    def test_examples_in_the_documentation(self):
        for module in DOCUMENTED:
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0, module.__name__)
