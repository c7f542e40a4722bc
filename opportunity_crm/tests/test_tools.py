import doctest

from odoo.tests import tagged

from ..tools import due, movement, paper, self_contained
from .common import OpportunityCase


@tagged("standard", "post_install", "-at_install")
class TestTools(OpportunityCase):
    def test_examples_in_the_documentation(self):
        for module in (movement, due, paper, self_contained):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0, module.__name__)
