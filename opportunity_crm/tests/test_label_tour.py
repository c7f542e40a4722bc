from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders
from .common_labels import ADDRESS


@tagged("standard", "post_install", "-at_install")
class TestLabelTour(OpportunityBuilders, HttpCase):
    def test_rep_prints_labels(self):
        self.create_people()
        self.rep.password = "rep-password"
        belgium = self.env.ref("base.be")
        contacts = self.env["res.partner"].create(
            [{"name": f"Label Tour {name}", "country_id": belgium.id, **ADDRESS} for name in ("Ann", "Bob", "Nowhere")]
        )
        contacts[2].city = False
        self.start_tour("/odoo/contacts?view_type=list", "opportunity_crm_labels", login="rep")
        wizard = self.env["opportunity.label.wizard"].search([("create_uid", "=", self.rep.id)])
        self.assertEqual((wizard.first_label, wizard.label_total), (5, 2))
        last = self.env["ir.default"].search([("user_id", "=", self.rep.id), ("field_id.name", "=", "format_id")])
        self.assertEqual(last.json_value, str(wizard.format_id.id), "printed, so it is remembered")
