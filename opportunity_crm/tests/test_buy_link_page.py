import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, mute_logger, tagged

from ..models.opportunity_buy_attempt import LIMIT
from .common_buy_link import BuyLinkBuilders


@tagged("standard", "post_install", "-at_install")
class TestBuyLinkPage(BuyLinkBuilders, HttpCase):
    """The public page, asked for as browsers, scanners of mails and attackers ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"name": "Robin Rep", "phone": "+32 2 123 45 67"})
        for user in (cls.rep, cls.colleague, cls.portal):
            user.password = f"{user.login}-password"
        cls.create_shop()
        cls.lead = cls.create_deal()

    def setUp(self):
        super().setUp()
        self.link, self.token = self.send(self.lead)
        self.url = f"/buy-now/{self.token}"

    def get_form(self):
        """The address and the token of the form on the page, as a browser sends them."""
        page = self.url_open(self.url).text
        return re.search(r'action="([^"]+/accept)"', page)[1], re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def accept(self, **values):
        action, csrf = self.get_form()
        return self.url_open(action, data={"csrf_token": csrf, **values}, allow_redirects=False)

    def test_page_shows_the_offer_and_who_made_it(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for text in ("Press", "Training", "300.00", "250.00", "VAT 20%", "Robin Rep", "rep@example.com", "+32 2 123"):
            self.assertIn(text, page.text)
        self.assertIn(fields.Date.to_string(self.link.date_expiry)[:4], page.text)

    def test_page_tells_nothing_of_the_customer_or_us(self):
        page = self.url_open(self.url).text
        secrets = ("Ada Purchaser", "customer.example", "470 11 22 33", "Via 7", "A deal", self.link.token_hash)
        for secret in secrets:
            self.assertNotIn(secret, page)

    def test_looking_changes_nothing(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.link.read()[0], self.lead.message_ids.ids
        for method in ("GET", "HEAD"):
            answer = self.opener.request(method, self.base_url() + self.url, timeout=30)
            self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual((self.link.read()[0], self.lead.message_ids.ids), before)

    def test_secret_stays_with_the_visitor(self):
        headers = self.url_open(self.url).headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertIn("noindex", headers["X-Robots-Tag"])

    def test_strangers_cannot_tell_what_does_not_work(self):
        revoked, revoked_token = self.send(self.lead)
        revoked.action_revoke()
        expired, expired_token = self.send(self.lead)
        expired.date_expiry = fields.Datetime.now() - timedelta(days=1)
        lost, lost_token = self.send(self.create_deal())
        lost.lead_id.action_set_lost()
        deleted, deleted_token = self.send(self.create_deal())
        deleted.lead_id.unlink()
        guess, short = self.token[:-4] + "AAAA", self.token[:20]
        answers = {}
        for token in (revoked_token, expired_token, lost_token, deleted_token, guess, short, "x" * 55):
            for suffix in ("", "/accept"):
                data = {"csrf_token": self.get_form()[1]} if suffix else None
                answer = self.url_open(f"/buy-now/{token}{suffix}", data=data, allow_redirects=False)
                body = re.sub(r'csrf_token: "[^"]+"', "", answer.text.replace(token, ""))
                answers[token, suffix] = (answer.status_code, body, sorted(set(answer.headers) - {"Content-Length"}))
        one = answers[guess, ""]
        self.assertEqual(one[0], 404)
        self.assertNotIn("Robin", one[1])
        for (token, suffix), answer in answers.items():
            self.assertEqual(answer[:2], one[:2], f"{token}{suffix}")
        self.assertFalse(self.lead.order_ids)

    def test_guessing_is_limited(self):
        for number in range(LIMIT):
            self.assertEqual(self.url_open(f"/buy-now/{number:055d}").status_code, 404)
        self.assertEqual(self.url_open(self.url).status_code, 404, "after so many tries nothing works from there")
        self.env["opportunity.buy.attempt"].search([]).unlink()
        self.assertEqual(self.url_open(self.url).status_code, 200)

    def test_accepting_makes_the_order_and_goes_on_to_it(self):
        answer = self.accept()
        order = self.lead.order_ids
        self.assertEqual((len(order), order.amount_total, order.state), (1, 300, "sent"))
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"/my/orders/{order.id}?access_token={order.access_token}", answer.headers["Location"])
        page = self.url_open(answer.headers["Location"]).text
        self.assertIn("Accept & Sign", page)
        self.assertEqual(self.link.state, "accepted")
        self.assertIn(f"/my/orders/{order.id}", self.url_open(self.url).text, "the link leads to the order")

    def test_signature_on_odoos_page_confirms_the_order(self):
        self.accept()
        order = self.lead.order_ids
        params = {"access_token": order.access_token, "name": "Ada", "signature": "R0lGODlhAQABAAAAACwAAAAAAQABAAAC"}
        answer = self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", params)
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertEqual(self.lead.order_ids.state, "sale")

    def test_accepting_twice_makes_one_order(self):
        action, csrf = self.get_form()
        first, second = (self.url_open(action, data={"csrf_token": csrf}, allow_redirects=False) for _twice in "12")
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.lead.order_ids), 1)

    def test_what_is_sent_along_does_not_count(self):
        product = self.machine.id
        self.accept(
            price_unit="1",
            amount="1",
            amount_total="1",
            order_id="1",
            link_id="1",
            state="sale",
            partner_id=str(self.rep.partner_id.id),
            require_payment="0",
            quantity="0",
            currency_id="2",
            order_line=f'[[0, 0, {{"product_id": {product}, "price_unit": 0.01}}]]',
            lead_id="1",
        )
        order = self.lead.order_ids
        self.assertEqual((order.amount_total, order.partner_id, order.state), (300, self.customer, "sent"))
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2, 1])

    @mute_logger("odoo.http")
    def test_only_the_form_of_the_page_accepts(self):
        action, csrf = self.get_form()
        self.assertEqual(self.url_open(action, data={"csrf_token": "forged"}).status_code, 400)
        self.assertEqual(self.url_open(action, data={"invoice": "1"}).status_code, 400)
        self.assertIn(self.url_open(action).status_code, (404, 405))
        self.assertIn(self.url_open(f"{action}?csrf_token={csrf}").status_code, (404, 405))
        self.assertIn(self.url_open(self.url, data={"csrf_token": csrf}).status_code, (404, 405))
        self.opener.cookies.clear()
        self.assertEqual(self.url_open(action, data={"csrf_token": csrf}).status_code, 400, "another visitor's form")
        self.assertFalse(self.lead.order_ids)
        self.assertEqual(self.link.state, "active")

    def test_invoice_can_be_asked_for_where_nothing_can_be_paid(self):
        self.assertIn("Ask to Be Invoiced", self.url_open(self.url).text)
        answer = self.accept(invoice="1")
        self.assertTrue(answer.headers["Location"].endswith(self.url))
        self.assertIn("You will receive an invoice", self.url_open(self.url).text)
        self.assertTrue(self.link.is_invoice_asked)

    def test_payment_is_offered_where_there_is_a_provider(self):
        self.set_providers("test")
        page = self.url_open(self.url).text
        self.assertIn("Accept and Pay", page)
        self.assertNotIn("Ask to Be Invoiced", page)
        self.env.company.portal_confirmation_sign = False
        answer = self.accept(invoice="1")
        self.assertFalse(self.link.is_invoice_asked)
        page = self.url_open(answer.headers["Location"]).text
        self.assertIn("o_payment_form", page)
        self.assertIn("Demo", page)

    def test_refusal_is_told_without_its_reason(self):
        action, csrf = self.get_form()
        self.machine.active = False
        answer = self.url_open(action, data={"csrf_token": csrf})
        self.assertEqual(answer.status_code, 409)
        self.assertIn("has been told and will help you", answer.text)
        self.assertNotIn("not sold any more", answer.text)
        self.assertIn("not sold any more", self.link.reason)

    def test_views_are_noted_when_somebody_sees_the_page(self):
        answer = self.make_jsonrpc_request(f"{self.url}/viewed", {})
        self.assertFalse(answer)
        self.assertEqual(self.link.view_count, 1)
        self.make_jsonrpc_request(f"{self.url}/viewed", {})
        self.make_jsonrpc_request("/buy-now/unknown/viewed", {})
        self.assertEqual(self.link.view_count, 1)

    def test_views_of_colleagues_do_not_count(self):
        self.authenticate("colleague", "colleague-password")
        self.make_jsonrpc_request(f"{self.url}/viewed", {})
        self.assertEqual(self.link.view_count, 0)

    def test_preview_is_for_those_who_may_see_the_link(self):
        preview = f"/buy-now/preview/{self.link.id}"
        self.assertIn("/web/login", self.url_open(preview, allow_redirects=False).headers["Location"])
        for user, status in ((self.colleague, 404), (self.portal, 404), (self.rep, 200)):
            self.authenticate(user.login, f"{user.login}-password")
            self.assertEqual(self.url_open(preview).status_code, status, user.login)
        page = self.url_open(preview).text
        self.assertIn("This is what the customer sees", page)
        self.assertNotIn("data-viewed-url", page)
        self.assertIn('disabled="True"', page)
        self.assertEqual(self.url_open("/buy-now/preview/999999").status_code, 404)

    def test_page_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        page = self.url_open(f"/fr{self.url}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("300,00", page.text)
        self.assertEqual(self.opener.cookies["frontend_lang"], "fr_FR", "as will be the page of the order")

    def test_bundles_show_their_price_and_what_follows(self):
        bundle = self.env["opportunity.bundle"].create(
            {
                "name": "Care",
                "recurring_plan_id": self.env.ref("crm.crm_recurring_plan_monthly").id,
                "price": 150,
                "setup_fee": 40,
                "setup_product_id": self.training.id,
                "trial_days": 30,
                "line_ids": [(0, 0, {"product_id": self.training.id}), (0, 0, {"product_id": self.machine.id})],
            }
        )
        link, token = self.send(self.create_deal(line_ids=[(0, 0, {"bundle_id": bundle.id})]))
        page = re.sub(r"<[^>]+>|\s+", " ", self.url_open(f"/buy-now/{token}").text)
        self.assertEqual(link.amount_total, link.offer["total"])
        self.assertEqual(link.offer["recurring"], [{"plan": "Monthly", "amount": 180}])
        self.assertIn("180.00", page)
        parts = [line for line in link.offer["lines"] if line["is_part"]]
        self.assertEqual([line["name"] for line in parts], ["Training", "Press"])
        self.assertNotIn("100.00", page, "the prices of its parts are not shown")
        order = link._accept()
        self.assertEqual(order.amount_total, link.amount_total)

    def test_queries_do_not_grow_with_the_offer(self):
        counts = []
        for number in (2, 60):
            lines = [(0, 0, {"product_id": self.machine.id, "quantity": count}) for count in range(1, number + 1)]
            _link, token = self.send(self.create_deal(line_ids=lines))
            self.url_open(f"/buy-now/{token}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open(f"/buy-now/{token}")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_texts_of_the_offer_are_no_markup(self):
        self.lead.line_ids[0].name = "<script>alert(1)</script>"
        _link, token = self.send(self.lead)
        page = self.url_open(f"/buy-now/{token}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;script&gt;alert(1)", page)
