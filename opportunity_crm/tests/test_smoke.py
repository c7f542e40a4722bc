from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSmoke(TransactionCase):
    def test_smoke(self):
        lead = self.env["crm.lead"].create({"name": "x", "type": "opportunity"})
        self.assertTrue(lead.stage_move_ids)
