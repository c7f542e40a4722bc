from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestFileBoxTours(OpportunityBuilders, HttpCase):
    """A rep works with the file box, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.customer = cls.env["res.partner"].create({"name": "Tour Customer"})
        cls.category = cls.env["opportunity.document.category"].create({"name": "Tour Contract", "sequence": 1})

    def test_rep_files_a_contract(self):
        lead = self.create_lead(name="Tour Deal", partner_id=self.customer.id)
        self.start_tour(f"/odoo/crm/{lead.id}", "opportunity_crm_file_box", login="rep")
        lead.invalidate_recordset()
        contract = lead.file_box_ids.filtered(lambda document: document.name == "signed contract.txt")
        self.assertEqual((contract.res_model, contract.res_id), ("res.partner", self.customer.id))
        self.assertEqual((contract.sudo().box_lead_id, contract.box_version), (lead, 2))
        self.assertEqual(contract.box_category_id, self.category)
        self.assertEqual(contract.box_tag_ids.name, "Tour Tag")
        self.assertEqual(contract.create_uid, self.rep)
        former = self.env["ir.attachment"].search([("box_current_id", "=", contract.id)])
        self.assertEqual((former.name, former.raw), ("contract, first draft.txt", b"first draft"))
        self.assertEqual(len(lead.file_box_ids), 2)
        self.assertEqual(self.env["res.partner"].browse(self.customer.id).file_box_ids, lead.file_box_ids)
