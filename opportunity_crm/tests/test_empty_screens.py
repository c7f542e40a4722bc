from odoo.tests import TransactionCase, tagged


@tagged("standard", "post_install", "-at_install")
class TestEmptyScreens(TransactionCase):
    """An empty screen says what belongs there, and how it comes there."""

    def test_every_list_has_a_help(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "opportunity_crm"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        listing = actions.filtered(lambda action: action.target != "new" and action.view_mode != "form")
        self.assertGreater(len(listing), 20)
        for action in listing:
            self.assertIn("o_view_nocontent_", action.help or "", action.xml_id)
            self.assertGreaterEqual(action.help.count("<p"), 2, f"{action.xml_id}: a title, and what it is for")

    def test_what_opportunities_lack_is_good_news_when_empty(self):
        """The screens behind the digest do not ask for opportunities where there are none to mend."""
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.crm_lead_action_no_next_action")
        self.assertIn("Every open opportunity has a next action", action["help"])
        self.assertNotIn("first opportunity", action["help"])
