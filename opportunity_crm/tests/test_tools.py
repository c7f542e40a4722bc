import doctest

from odoo.tests import tagged

from ..tools import due, movement, periods, sections
from .common import OpportunityCase


@tagged("standard", "post_install", "-at_install")
class TestTools(OpportunityCase):
    def test_examples_in_the_documentation(self):
        for module in (movement, due, periods, sections):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 2)
            self.assertEqual(result.failed, 0, module.__name__)
