from .common import OpportunityCase


class TestSequence(OpportunityCase):
    """Follow-up sequences as they are defined."""

    def test_rights(self):
        sequence = self.env["opportunity.sequence"].create({"name": "Welcome"})
        self.assertRights(sequence, {self.rep: "r", self.senior: "r", self.manager: "crwd", self.employee: ""})
