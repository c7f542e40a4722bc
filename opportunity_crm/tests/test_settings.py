from lxml import etree

from odoo.tests import tagged

from .common import OpportunityCase

FIELDS = (
    "opportunity_share_quotations",
    "opportunity_offers_all",
    "opportunity_discount_limit",
    "buy_link_days",
    "opportunity_file_box_scope",
    "opportunity_daily_limit",
    "opportunity_is_quiet",
    "opportunity_quiet_from",
    "opportunity_quiet_to",
)


@tagged("standard", "post_install", "-at_install")
class TestSettings(OpportunityCase):
    """The section of the addon in the settings of CRM."""

    def setUp(self):
        super().setUp()
        self.settings = self.env["res.config.settings"].with_user(self.env.ref("base.user_admin"))
        self.block = self.get_block()

    def get_block(self):
        view = self.env.ref("crm.res_config_settings_view_form")
        arch = self.settings.get_view(view.id, "form")["arch"]
        (block,) = etree.fromstring(arch).xpath("//app[@name='crm']//block[@name='opportunity_crm']")
        return block

    def test_one_section_has_every_setting(self):
        shown = {field.get("name") for field in self.block.xpath(".//field")}
        self.assertLessEqual(set(FIELDS), shown)
        own = {
            name
            for name, field in self.settings._fields.items()
            if field._module == "opportunity_crm" and not name.startswith(("activity_", "message_"))
        }
        self.assertEqual(own, shown, "a new setting belongs in the section too")

    def test_every_setting_says_what_it_is_for(self):
        for setting in self.block.xpath(".//setting[not(@id='opportunity_copy')]"):
            self.assertTrue(setting.get("help"), setting.get("id"))

    def test_defaults_need_no_change(self):
        settings = self.settings.create({})
        self.assertFalse(settings.opportunity_is_copy)
        before = settings.read(FIELDS)
        settings.execute()
        self.assertEqual(self.settings.create({}).read(FIELDS)[0] | {"id": 0}, before[0] | {"id": 0})

    def test_managers_reach_what_the_section_links_to(self):
        """Sales managers may not open the settings; what they define there is in menus that they see."""
        self.assertFalse(self.settings.with_user(self.manager).has_access("create"))
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        visible = menus.browse(menus._visible_menu_ids())
        actions = [menu.action for menu in visible if menu.action]
        reached = {action.id for action in actions if action._name == "ir.actions.act_window"}
        links = {int(button.get("name")) for button in self.block.xpath(".//button[@type='action']")}
        self.assertGreater(len(links), 6)
        self.assertLessEqual(links, reached)
