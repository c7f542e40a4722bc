import doctest

from odoo.tests import tagged

from ..tools import movement
from .common import OpportunityCase


@tagged("standard", "post_install", "-at_install")
class TestMovement(OpportunityCase):
    def test_examples_in_the_documentation(self):
        result = doctest.testmod(movement)
        self.assertGreater(result.attempted, 4)
        self.assertEqual(result.failed, 0)
