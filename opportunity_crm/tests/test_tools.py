import doctest

from odoo.tests import tagged

from ..tools import due, label_sheet, movement, paper, postal, self_contained, text_fit
from .common import OpportunityCase


@tagged("standard", "post_install", "-at_install")
class TestTools(OpportunityCase):
    def test_examples_in_the_documentation(self):
        for module in (movement, due, paper, self_contained, label_sheet, postal, text_fit):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0, module.__name__)
