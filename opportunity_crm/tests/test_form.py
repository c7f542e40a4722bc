import re
from datetime import timedelta

from lxml import etree

from odoo.fields import Command
from odoo.tests.form import Form

from .common import NOW
from .common_timeline import TimelineCase

OPEN = 55  # queries of the form of a busy opportunity


class TestForm(TimelineCase):
    """Opening the form of an opportunity: what its first request costs, and the order of its tabs."""

    def occupy(self, number):
        product = self.env["product.product"].create({"name": "Oven", "list_price": 10, "opportunity_ok": True})
        for _number in range(number):
            self.plan()
            self.plan().action_feedback()
            self.post("note")
            self.meet(start=NOW + timedelta(days=2))
            self.view()
            self.lead.stage_id = self.second if self.lead.stage_id == self.first else self.first
            self.lead.line_ids = [Command.create({"product_id": product.id})]

    def open(self):
        lead = self.lead.with_user(self.rep)
        spec = self.get_spec(lead)
        lead.web_read(spec)  # what is cached once for all
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lead.web_read(spec)
        return self.env.cr.sql_log_count - before

    def get_spec(self, lead):
        """What the web client asks for, as the test of the web client holds: nothing that only a lazy page needs."""
        view = Form(lead)._view
        for page in view["tree"].iterfind(".//page[@class='o_opportunity_lazy_page']"):
            page[:] = []
        rest = etree.tostring(view["tree"], encoding="unicode")
        return {name: spec for name, spec in view["fields_spec"].items() if re.search(rf"\b{name}\b", rest)}

    def test_opening_a_busy_opportunity(self):
        self.lead.template_id = self.template
        self.lead.stage_id = self.first
        self.occupy(1)
        few = self.open()
        self.occupy(9)
        self.assertLessEqual(self.open(), few)
        self.assertLessEqual(few, OPEN)

    def test_order_of_the_tabs(self):
        """What the deal is, then what has happened."""
        arch = self.env["crm.lead"].with_user(self.rep).get_view(view_type="form")["arch"]
        names = [page.get("name") for page in self.parse(arch).iterfind(".//notebook/page")]
        known = ["internal_notes", "lines", "sharing", "tasks", "sales_history", "follow_up", "orders", "file_box"]
        self.assertEqual([name for name in names if name in known], known)
        self.assertIn("extra", names, "nothing of Odoo's form is lost")
        self.assertIn("lead", names, "nothing of Odoo's form is lost")

    def test_actions_are_within_reach(self):
        """Each is a button of the form or in its menu of actions."""
        lead = self.env["crm.lead"].with_user(self.rep)
        views = lead.get_views([(False, "form")], {"toolbar": True})["views"]["form"]
        arch = self.parse(views["arch"])
        offered = {button.get("name") for button in arch.iter("button")}
        menu = {action["name"] for name in ("action", "print") for action in views["toolbar"].get(name, [])}
        self.assertLessEqual({"action_create_order", "action_share", "action_send_buy_now_link"}, offered)
        self.assertLessEqual({"Send Buy Now Link", "Print Labels", "Change Template"}, menu)
        header = [button.get("name") for button in arch.iterfind(".//header/button")]
        self.assertNotIn("action_share", header, "the status bar is not crowded")

    def parse(self, arch):
        return etree.fromstring(arch)

    def test_who_may_revoke_a_share(self):
        share = self.env["opportunity.share"].with_user(self.rep)
        share = share.create({"lead_id": self.lead.id, "user_id": self.colleague.id, "access": "edit"})
        self.assertTrue(share.is_revocable)
        self.assertFalse(share.with_user(self.colleague).is_revocable)
        share.action_revoke()
        self.assertFalse(share.is_revocable)
