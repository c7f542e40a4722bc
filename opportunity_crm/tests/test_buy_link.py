import doctest
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import OfferError
from ..models.opportunity_buy_attempt import LIMIT
from ..tools import buy_token, offer_lines
from .common import NOW, OpportunityCase
from .common_buy_link import BuyLinkBuilders


class BuyLinkCase(BuyLinkBuilders, OpportunityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shop()

    def refuse(self, link):
        """Try to accept as a request does, which goes on after the refusal; return what the customer is told."""
        try:
            order = link._accept()
        except OfferError as error:
            return str(error)
        raise self.failureException(f"{order.name} was made")


@tagged("standard", "post_install", "-at_install")
class TestBuyLinkTools(BuyLinkCase):
    def test_examples_in_the_documentation(self):
        for module in (buy_token, offer_lines):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 4)
            self.assertEqual(result.failed, 0, module.__name__)


@tagged("standard", "post_install", "-at_install")
class TestSend(BuyLinkCase):
    """Composing and sending: what is frozen, and who gets the private link."""

    def test_only_the_customers_mail_has_the_private_link(self):
        lead = self.create_deal()
        lead.message_subscribe(self.colleague.partner_id.ids)
        follower = self.env["res.partner"].create({"name": "Partner of theirs", "email": "third@other.example"})
        lead.message_subscribe(follower.ids)
        link, token = self.send(lead)
        message = lead.message_ids.filtered(lambda message: message.partner_ids == self.customer)
        self.assertIn(link.preview_url, message.body)
        mails = {mail.recipient_ids: mail.body_html for mail in message.sudo().mail_ids}
        self.assertEqual(self.find_tokens(mails.pop(self.customer)), [token])
        self.assertIn(self.colleague.partner_id, self.env["res.partner"].concat(*mails))
        for recipients, body in mails.items():
            self.assertFalse(self.find_tokens(body), recipients)
        self.assertFalse([body for body in lead.message_ids.mapped("body") if token in body])

    def test_what_is_kept_opens_nothing(self):
        link, token = self.send(self.create_deal())
        self.env.cr.execute("SELECT * FROM opportunity_buy_link WHERE id = %s", [link.id])
        kept = str(self.env.cr.dictfetchone())
        self.assertNotIn(token[12:], kept)
        self.assertEqual(len(link.token_hash), 64)
        self.assertEqual(self.env["opportunity.buy.link"]._find(token), link)
        for guess in (token[:12] + link.token_hash[:43], token[:-1] + ("a" if token[-1] != "a" else "b"), "", "ü" * 55):
            self.assertFalse(self.env["opportunity.buy.link"]._find(guess), guess)

    def test_offer_is_frozen(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        self.assertEqual(link.amount_total, 300)
        lead.line_ids[0].price_unit = 999
        self.machine.list_price = 777
        self.tax.amount = 50
        self.assertEqual((link.amount_total, link.offer["total"], link.offer["untaxed"]), (300, 300, 250))
        self.assertEqual([line["subtotal"] for line in link.offer["lines"] if line["kind"] == "product"], [200, 50])

    def test_link_works_from_when_it_is_sent(self):
        lead = self.create_deal()
        composer = self.compose(lead)
        link = composer.buy_link_id
        self.assertEqual((link.state, lead.buy_link_ids), ("draft", link.browse()))
        self.assertEqual(lead.with_user(self.rep).buy_link_to_send_id, link)
        self.assertFalse(lead.with_user(self.manager).buy_link_to_send_id, "each composes their own")
        composer.action_send_mail()
        self.assertEqual((link.state, lead.buy_link_ids), ("active", link))

    def test_expiry_is_the_end_of_a_day_where_the_sender_is(self):
        self.env.company.buy_link_days = 3
        link, _token = self.send(self.create_deal())
        self.assertEqual(link.date_expiry, datetime(2026, 3, 5, 22, 59, 59))

    def test_scheduled_message_sends_the_link_later(self):
        lead = self.create_deal()
        composer = self.compose(lead, scheduled_date="2026-03-03 10:00:00")
        composer.action_schedule_message()
        link = composer.buy_link_id.sudo()
        self.assertEqual(link.state, "draft")
        scheduled = self.env["mail.scheduled.message"].search([("res_id", "=", lead.id), ("model", "=", "crm.lead")])
        with self.at(NOW + timedelta(days=1, hours=1)):
            scheduled._post_message()
            self.assertEqual(link.state, "active")

    def test_scheduled_message_after_the_end_is_refused(self):
        lead = self.create_deal()
        composer = self.compose(lead, scheduled_date="2026-04-30 10:00:00")
        composer.action_schedule_message()
        scheduled = self.env["mail.scheduled.message"].search([("res_id", "=", lead.id), ("model", "=", "crm.lead")])
        with self.at(datetime(2026, 4, 30, 11)), self.assertRaisesRegex(UserError, "does not exist any more"):
            scheduled._post_message()

    def test_message_without_the_link_is_refused(self):
        composer = self.compose(self.create_deal())
        composer.body = "<p>Buy!</p>"
        with self.assertRaisesRegex(UserError, "no link to the offer"):
            composer.action_send_mail()
        self.assertEqual(composer.buy_link_id.state, "draft")

    def test_links_of_other_opportunities_are_not_sent(self):
        other = self.compose(self.create_deal())
        lead = self.create_deal()
        with self.assertRaisesRegex(UserError, "does not exist any more"):
            lead.message_post(body=other.body, partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment")
        self.assertEqual(other.buy_link_id.state, "draft")

    def test_clients_cannot_say_what_the_mail_has(self):
        lead = self.create_deal().with_context(opportunity_private_links={"Hello": "Bye"})
        lead.message_post(body="Hello", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment")
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.customer.ids)])
        self.assertNotIn("Bye", mails[:1].body_html)

    def test_answers_do_not_bring_the_private_link_into_the_chatter(self):
        lead = self.create_deal()
        _link, token = self.send(lead)
        lead.message_post(body=f"> http://x/fr/buy-now/{token}\nThanks!", message_type="email")
        self.assertNotIn(token, "".join(lead.message_ids.mapped("body")))
        self.assertIn("Thanks!", lead.message_ids[0].body)

    def test_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("opportunity_crm.mail_template_buy_link")
        template.with_context(lang="fr_FR").subject = "Votre offre"
        self.customer.lang = "fr_FR"
        lead = self.create_deal()
        link, _token = self.send(lead)
        self.assertEqual(link.lang, "fr_FR")
        message = lead.message_ids.filtered(lambda message: message.partner_ids == self.customer)
        self.assertEqual(message.subject, "Votre offre")
        self.assertIn("/fr/buy-now/", message.sudo().mail_ids.body_html)

    def test_what_cannot_be_offered(self):
        bare = self.env["res.partner"].create({"name": "Without address"})
        refused = (
            ("Set the contact", self.create_deal(partner_id=False)),
            ("no e-mail address", self.create_deal(partner_id=bare.id)),
            ("has no products", self.create_lead(partner_id=self.customer.id)),
        )
        for text, lead in refused:
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                lead.action_send_buy_now_link()
        lost = self.create_deal()
        lost.action_set_lost()
        with self.assertRaisesRegex(UserError, "Restore it"):
            lost.action_send_buy_now_link()
        archived = self.create_deal()
        self.machine.active = False
        with self.assertRaisesRegex(UserError, "No longer sold: Press"):
            archived.action_send_buy_now_link()
        self.machine.active = True
        with self.assertRaisesRegex(UserError, "one by one"):
            (self.create_deal() | self.create_deal()).action_send_buy_now_link()
        self.assertFalse(
            self.env["opportunity.buy.link"].search([("lead_id", "in", [lead.id for _t, lead in refused])])
        )

    def test_expired_bundle_is_not_offered_but_offers_stand(self):
        bundle = self.env["opportunity.bundle"].create(
            {
                "name": "Spring",
                "recurring_plan_id": self.env.ref("crm.crm_recurring_plan_monthly").id,
                "date_end": NOW + timedelta(days=1),
                "line_ids": [Command.create({"product_id": self.training.id})],
            }
        )
        lead = self.create_deal(line_ids=[Command.create({"bundle_id": bundle.id})])
        link, _token = self.send(lead)
        with self.at(NOW + timedelta(days=3)):
            with self.assertRaisesRegex(UserError, "was offered until"):
                lead.action_send_buy_now_link()
            self.assertEqual(link._accept().amount_total, link.amount_total)

    def test_rep_is_told_whether_the_customer_can_pay(self):
        lead = self.create_deal()
        self.assertFalse(self.compose(lead).buy_link_can_pay)
        self.set_providers("test")
        self.assertTrue(self.compose(lead).buy_link_can_pay)
        self.env.ref("payment.payment_provider_demo").is_published = False
        self.assertFalse(self.compose(lead).buy_link_can_pay, "customers are not offered what is not published")

    def test_unsent_links_are_forgotten(self):
        link = self.compose(self.create_deal()).buy_link_id
        sent, _token = self.send(self.create_deal())
        with self.at(NOW + timedelta(days=20)):
            self.env["opportunity.buy.link"]._gc_unsent()
        self.assertFalse(link.exists())
        self.assertTrue(sent.exists())


@tagged("standard", "post_install", "-at_install")
class TestAccept(BuyLinkCase):
    """Accepting: one order, as it was offered."""

    def test_order_is_what_was_offered(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        lead.line_ids.unlink()
        self.machine.list_price = 777
        order = link._accept()
        self.assertEqual((order.amount_total, order.partner_id, order.opportunity_id), (300, self.customer, lead))
        self.assertEqual(order.order_line.mapped("price_unit"), [100, 50])
        self.assertEqual((order.state, link.state, link.order_id), ("sent", "accepted", order))
        self.assertEqual(link._accept(), order)
        self.assertEqual(lead.order_ids, order)

    def test_two_links_one_order(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        other, _token = self.send(lead)
        order = link._accept()
        self.assertEqual((other.state, other.reason), ("revoked", "Another offer of the opportunity was accepted."))
        self.refuse(other)
        self.assertEqual(lead.order_ids, order)

    def test_open_quotation_becomes_what_was_accepted(self):
        lead = self.create_deal()
        lead.action_create_order()
        order = lead.order_ids
        lead.line_ids[0].price_unit = 80
        link, _token = self.send(lead)
        lead.line_ids[0].price_unit = 999
        order.order_line = [Command.create({"product_id": self.training.id, "price_unit": 5})]
        self.assertEqual(link._accept(), order)
        self.assertEqual((order.amount_total, link.amount_total, lead.order_ids), (252, 252, order))
        self.assertEqual(order.order_line.mapped("price_unit"), [80, 50])

    def test_quotation_of_the_offer_is_reused_as_it_is(self):
        lead = self.create_deal()
        lead.action_create_order()
        lines = lead.order_ids.order_line
        link, _token = self.send(lead)
        self.assertEqual(link._accept().order_line, lines)

    def test_signed_quotation_stays(self):
        lead = self.create_deal()
        lead.action_create_order()
        order = lead.order_ids
        order.signature = "R0lGODlhAQABAAAAACwAAAAAAQABAAAC"
        lead.line_ids[0].price_unit = 80
        link, _token = self.send(lead)
        self.refuse(link)
        self.assertIn("signed or paid", link.reason)
        self.assertEqual(order.amount_total, 300)

    def test_what_the_customer_has_to_do(self):
        company = self.env.company
        company.portal_confirmation_sign = True
        cases = (
            ("disabled", True, False, (True, False)),
            ("disabled", False, False, (True, False)),  # nothing else would confirm the order
            ("disabled", True, True, (False, False)),
            ("test", True, False, (True, True)),
            ("test", False, False, (False, True)),
            ("test", False, True, (False, True)),  # who can pay is not invoiced instead
        )
        for provider, sign, invoice, expected in cases:
            with self.subTest(provider=provider, sign=sign, invoice=invoice):
                self.set_providers(provider)
                company.portal_confirmation_sign = sign
                link, _token = self.send(self.create_deal())
                order = link._accept(wants_invoice=invoice)
                self.assertEqual((order.require_signature, order.require_payment), expected)
                self.assertEqual(link.is_invoice_asked, invoice and provider == "disabled")

    def test_free_offer_is_signed(self):
        self.set_providers("test")
        (self.machine | self.training).list_price = 0
        link, _token = self.send(self.create_deal())
        order = link._accept()
        self.assertEqual((order.require_signature, order.require_payment), (True, False))

    def test_customer_who_asks_for_an_invoice(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        order = link._accept(wants_invoice=True)
        self.assertEqual(lead.activity_ids.summary, f"Confirm {order.name} and invoice it")
        self.assertEqual(lead.activity_ids.user_id, self.rep)
        self.assertIn("asks to be invoiced", lead.message_ids[0].body + lead.message_ids[1].body)

    def test_rep_is_told(self):
        lead = self.create_deal()
        link, _token = self.send(lead, user=self.manager)
        order = link._accept()
        message = lead.message_ids[0]
        self.assertIn("was accepted", message.body)
        self.assertIn(order.name, message.body)
        self.assertEqual((message.author_id, message.notified_partner_ids), (self.customer, self.rep.partner_id))

    def test_what_cannot_be_accepted(self):
        revoked, _token = self.send(self.create_deal())
        revoked.with_user(self.rep).action_revoke()
        lost, _token = self.send(self.create_deal())
        lost.lead_id.action_set_lost()
        archived, _token = self.send(self.create_deal())
        archived.lead_id.active = False
        expired, _token = self.send(self.create_deal())
        for link in revoked | lost | archived:
            self.refuse(link)
        with self.at(NOW + timedelta(days=15)):
            self.refuse(expired)
        self.assertFalse((revoked | lost | archived | expired).lead_id.with_context(active_test=False).order_ids)
        lost.lead_id.action_restore()
        self.assertTrue(lost._accept())

    def test_archived_product_is_refused_and_told_once(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        self.machine.active = False
        for _twice in range(2):
            self.assertNotIn("Press", self.refuse(link))
        told = lead.message_ids.filtered(lambda message: "Press" in message.body and "could not accept" in message.body)
        self.assertEqual(len(told), 1)
        self.assertIn("not sold any more", link.reason)
        self.assertFalse(lead.order_ids)
        self.machine.active = True
        self.assertTrue(link._accept())

    def test_other_total_is_refused(self):
        link, _token = self.send(self.create_deal())
        self.tax.amount = 50
        self.refuse(link)
        self.assertIn("375", link.reason)
        self.assertFalse(link.lead_id.order_ids)

    def test_what_does_not_matter_may_be_deleted_meanwhile(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        tag = self.env["crm.tag"].create({"name": "Fair"})
        lead = self.create_deal(campaign_id=campaign.id, tag_ids=tag.ids)
        link, _token = self.send(lead)
        self.assertEqual(link.offer["order"]["campaign_id"], campaign.id)
        campaign.unlink()
        tag.unlink()
        order = link._accept()
        self.assertFalse(order.campaign_id or order.tag_ids)

    def test_deleted_tax_is_refused(self):
        link, _token = self.send(self.create_deal())
        (self.machine | self.training).taxes_id = False
        link.lead_id.line_ids.unlink()
        self.tax.unlink()
        self.refuse(link)
        self.assertIn("250", link.reason)
        self.assertFalse(link.lead_id.order_ids)

    def test_views_do_not_flood(self):
        lead = self.create_deal()
        link, _token = self.send(lead)
        before = lead.message_ids
        moments = [0, 1, 29, 61, 180, 26 * 60, 27 * 60]  # minutes
        for minutes in moments:
            with self.at(NOW + timedelta(minutes=minutes)):
                link._record_view()
        self.assertEqual(link.view_count, 5)
        told = lead.message_ids - before
        self.assertEqual(len(told), 2, "one a day")
        self.assertEqual(told.notified_partner_ids, self.rep.partner_id)
        self.assertEqual(len(told.filtered("notified_partner_ids")), 1, "the first one is told")

    def test_merged_opportunities(self):
        first, second = self.create_deal(), self.create_deal()
        link, _token = self.send(second)
        head = (first | second)._merge_opportunity(auto_unlink=True)
        self.assertEqual((link.lead_id, link.state), (head, "active"))
        self.assertEqual(link._accept().opportunity_id, head)

    def test_deleted_opportunity(self):
        link, token = self.send(self.create_deal())
        link.lead_id.unlink()
        self.assertFalse(self.env["opportunity.buy.link"]._find(token))

    def test_other_company(self):
        (self.machine | self.training).taxes_id = False
        self.manager.company_ids += self.other_company
        manager = self.manager.with_context(allowed_company_ids=self.other_company.ids)
        lead = self.create_deal(user=manager, company_id=self.other_company.id, team_id=False)
        link, _token = self.send(lead.with_context(allowed_company_ids=self.other_company.ids), user=self.manager)
        order = link.with_context(allowed_company_ids=self.company.ids)._accept()
        self.assertEqual((link.company_id, order.company_id), (self.other_company, self.other_company))

    def test_attempts_are_limited_per_address(self):
        attempts = self.env["opportunity.buy.attempt"]
        for number in range(LIMIT):
            self.assertFalse(attempts._is_exhausted("2001:db8::1"), number)
            attempts._record(f"2001:db8::{number:x}")
        self.assertTrue(attempts._is_exhausted("2001:db8::ffff"), "the same network")
        self.assertFalse(attempts._is_exhausted("2001:db8:0:1::1"))
        self.assertFalse(attempts._is_exhausted("192.0.2.1"))
        self.assertFalse(attempts.search([("visitor", "like", "2001")]), "addresses are not kept")
        with self.at(NOW + timedelta(minutes=11)):
            self.assertFalse(attempts._is_exhausted("2001:db8::1"))


@tagged("standard", "post_install", "-at_install")
class TestBuyLinkRights(BuyLinkCase):
    """Who may see, revoke and prolong links, and that nobody reads or makes the secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls.create_deal()

    def setUp(self):
        super().setUp()
        self.link, self.token = self.send(self.deal)

    def test_truth_table(self):
        table = {
            self.rep: "rw",
            self.colleague: "",
            self.senior: "rw",
            self.manager: "rw",
            self.overseas: "",
            self.employee: "",
            self.portal: "",
            self.public: "",
        }
        self.assertRights(self.link, table)

    def test_secret_is_out_of_reach(self):
        for user in (self.rep, self.manager, self.env.ref("base.user_admin")):
            links = self.link.with_user(user)
            for name in ("token_hash", "token_selector"):
                with self.assertRaises(AccessError):
                    links.read([name])
                with self.assertRaises(AccessError):
                    links.search([(name, "!=", False)])
                with self.assertRaises(UserError):
                    links.export_data([name])
                with self.assertRaises(AccessError):
                    links._read_group([], [name])
        with self.assertRaises(AccessError):
            self.link.with_user(self.rep).read(["offer"])

    def test_composer_does_not_tell_of_links_of_others(self):
        composers = self.env["mail.compose.message"].with_user(self.colleague)
        lead = self.create_deal(user=self.colleague)
        with self.assertRaises(AccessError):
            composers.create({"buy_link_id": self.link.id, "model": "crm.lead", "res_ids": str(lead.ids)})
        for name in ("buy_link_amount", "buy_link_date_expiry", "buy_link_can_pay"):
            with self.assertRaises(AccessError):
                _told = composers.new({"buy_link_id": self.link.id})[name]

    def test_only_the_validity_can_be_changed(self):
        link = self.link.with_user(self.manager)
        forged = ({"date_accepted": NOW}, {"token_hash": "x"}, {"lead_id": self.create_deal().id}, {"amount_total": 1})
        for values in forged:
            with self.assertRaises(AccessError):
                link.write(values)
            with self.assertRaises(AccessError):
                link.lead_id.write({"buy_link_ids": [Command.update(link.id, values)]})
        with self.assertRaises(AccessError):
            link.copy()
        with self.assertRaises(AccessError):
            link.unlink()
        with self.assertRaisesRegex(UserError, "date to come"):
            link.date_expiry = NOW - timedelta(days=1)
        self.link.with_user(self.rep).date_expiry = NOW + timedelta(days=60)
        with self.at(NOW + timedelta(days=59)):
            self.assertEqual(self.link.state, "active")
        self.link._accept()
        with self.assertRaisesRegex(UserError, "active or expired"):
            link.date_expiry = NOW + timedelta(days=70)

    def test_expired_links_can_be_prolonged(self):
        with self.at(NOW + timedelta(days=20)):
            self.link.invalidate_recordset()
            self.assertEqual(self.link.state, "expired")
            self.link.with_user(self.rep).date_expiry = NOW + timedelta(days=30)
            self.assertEqual(self.link.state, "active")

    def test_revoking(self):
        with self.assertRaises(AccessError):
            self.link.with_user(self.colleague).action_revoke()
        self.assertEqual(self.link.state, "active")
        self.link.with_user(self.rep).action_revoke()
        self.assertEqual((self.link.state, self.link.revoked_by_id), ("revoked", self.rep))
        self.assertIn(self.rep.name, self.link.reason)

    def test_accepted_links_stay_accepted(self):
        self.link._accept()
        self.link.with_user(self.rep).action_revoke()
        self.assertEqual(self.link.state, "accepted")

    def test_sending_takes_the_right_to_edit(self):
        with self.assertRaises(AccessError):
            self.deal.with_user(self.colleague).action_send_buy_now_link()

    def test_states_are_searched_as_they_are_shown(self):
        links = {"active": self.link}
        for state in ("accepted", "revoked", "expired"):
            links[state], _token = self.send(self.create_deal())
        links["accepted"]._accept()
        links["revoked"].action_revoke()
        links["expired"].date_expiry = NOW
        links["draft"] = self.compose(self.create_deal()).buy_link_id.sudo()
        everything = self.link.concat(*links.values())
        for state, link in links.items():
            self.assertEqual(link.state, state)
            mine = everything.search([("state", "=", state), ("id", "in", everything.ids)])
            self.assertEqual(mine, link)
            self.assertEqual(
                everything.search([("state", "!=", state), ("id", "in", everything.ids)]),
                everything.sorted("id", reverse=True) - link,
            )
            self.assertTrue(link.reason or state == "accepted", state)
