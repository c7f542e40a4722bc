from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged

from .common import NOW
from .common_followup import FollowupCase


@tagged("standard", "post_install", "-at_install")
class TestUnsubscribe(HttpCase, FollowupCase):
    """The link in each e-mail: opening it changes nothing, one click or the button of the page unsubscribes."""

    def setUp(self):
        super().setUp()
        self.sequence = self.create_sequence({"kind": "email"}, {"timing": "delay", "delay_count": 30})
        self.enrollment = self.start(self.sequence, self.create_lead(partner_id=self.customer.id))
        self.run_engine(NOW)
        mail = self.enrollment.step_ids.mail_id
        headers = eval(mail.headers)  # as Odoo reads them
        self.url = headers["List-Unsubscribe"].strip("<>")
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertIn(self.url.replace("&", "&amp;"), mail.body_html)
        self.path = self.url.removeprefix(self.enrollment.get_base_url())

    def is_blacklisted(self):
        return bool(self.env["mail.blacklist"].search_count([("email", "=", "ann@example.com")]))

    def test_opening_the_page_changes_nothing(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("ann@example.com", page.text)
        self.assertFalse(self.is_blacklisted())
        self.assertEqual(self.enrollment.state, "active")

    def test_one_click(self):
        answer = self.url_open(self.path, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(self.is_blacklisted())
        self.env.invalidate_all()
        self.assertEqual((self.enrollment.state, self.enrollment.end_reason), ("stopped", "unsubscribed"))

    def test_it_works_when_the_opportunity_is_gone(self):
        self.enrollment.lead_id.unlink()
        self.url_open(self.path, data={"List-Unsubscribe": "One-Click"})
        self.assertTrue(self.is_blacklisted())

    def test_a_forged_link_does_nothing(self):
        token = parse_qs(urlsplit(self.url).query)["token"][0]
        for path in (
            self.path.replace("ann", "bob"),
            self.path.replace(token, token[::-1]),
            self.path.replace(token, ""),
            self.path.replace(f"id={self.enrollment.id}", f"id={self.enrollment.id + 1}"),
            "/opportunity/unsubscribe",
        ):
            for data in (None, {"List-Unsubscribe": "One-Click"}):
                self.assertEqual(self.url_open(path, data=data).status_code, 404, path)
        self.assertEqual(self.env["mail.blacklist"].search_count([]), 0)
