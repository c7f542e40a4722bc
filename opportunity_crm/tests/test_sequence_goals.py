from datetime import timedelta

from odoo.tools import mute_logger

from .common import NOW
from .common_followup import FollowupCase

REPLY = """From: Ann Customer <ann@example.com>
To: {to}
Subject: Re: About A deal
Message-Id: <reply-{number}@example.com>
In-Reply-To: {message_id}
References: {message_id}
{more}
Yes please
"""


class TestSequenceGoals(FollowupCase):
    """What happens outside finds the enrolment and ends it; where the sequence does not say so, it goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].create({"name": "example.com"})
        goals = dict.fromkeys(
            ("ends_on_reply", "ends_on_meeting", "ends_on_won", "ends_on_lost", "ends_on_order"), False
        )
        goals |= {"ends_on_unsubscribed": False, "ends_on_bounced": False}
        later = {"timing": "delay", "delay_count": 30}
        cls.deaf = cls.create_sequence({"kind": "email"}, later, name="Deaf", **goals)
        cls.keen = cls.create_sequence(
            {"kind": "email"},
            later,
            name="Keen",
            ends_on_click=True,
            ends_on_owner=True,
            ends_on_stage=True,
            goal_stage_ids=cls.second.ids,
        )

    def setUp(self):
        super().setUp()
        self.lead = self.create_lead(partner_id=self.customer.id, template_id=self.template.id)
        self.enrollment = self.start(self.keen, self.lead)
        self.other = self.start(self.deaf, self.lead)
        self.run_engine(NOW)

    def assertEnded(self, reason):
        self.env.invalidate_all()
        self.assertEqual((self.enrollment.state, self.enrollment.end_reason), ("stopped", reason))
        self.assertEqual(self.states(self.enrollment)[-1], "canceled")
        self.assertEqual(self.other.state, "active")
        self.assertIn("Sequence “Keen” stopped", "".join(self.lead.sudo().message_ids.mapped("body")))

    def receive(self, number=1, more=""):
        message = self.enrollment.step_ids.message_id
        text = REPLY.format(to="leo.rep@example.com", number=number, message_id=message.message_id, more=more)
        self.env["mail.thread"].message_process("crm.lead", text, thread_id=self.lead.id)

    def test_reply(self):
        self.receive()
        self.assertEnded("reply")
        self.assertEqual(self.enrollment.step_ids[0].date_replied, NOW)

    def test_out_of_office_is_no_reply(self):
        self.receive(more="Auto-Submitted: auto-replied\n")
        self.assertEqual(self.enrollment.state, "active")

    def test_a_colleague_is_no_reply(self):
        self.lead.message_post(body="What about this?", message_type="comment")
        self.assertEqual(self.enrollment.state, "active")

    def test_meeting(self):
        self.env["calendar.event"].with_user(self.rep).create(
            {"name": "Demo", "start": NOW, "stop": NOW + timedelta(hours=1), "opportunity_id": self.lead.id}
        )
        self.assertEnded("meeting")

    def test_stage(self):
        self.lead.with_user(self.rep).stage_id = self.second
        self.assertEnded("stage")

    def test_won(self):
        self.lead.with_user(self.rep).action_set_won()
        self.assertEnded("won")

    def test_lost(self):
        self.lead.with_user(self.rep).action_set_lost()
        self.assertEnded("lost")

    def test_owner(self):
        self.lead.user_id = self.colleague
        self.assertEnded("owner")

    def test_order(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "opportunity_id": self.lead.id})
        order.action_confirm()
        self.assertEnded("order")

    def test_blacklist(self):
        self.env["mail.blacklist"]._add("ann@example.com")
        self.assertEnded("unsubscribed")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_bounce(self):
        self.enrollment.step_ids[0].delivery = "sent"
        self.lead._message_receive_bounce("ann@example.com", self.customer)
        self.assertEnded("bounced")
        self.assertEqual(self.enrollment.step_ids[0].delivery, "bounced")

    def test_click(self):
        link = '<p><a href="https://www.example.com/offer?a=1&amp;b=2">Offer</a></p>'
        self.mail_template.body_html = link
        lead = self.create_lead(partner_id=self.customer.id)
        enrollment = self.start(self.keen, lead)
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "0")
        self.run_engine(NOW)
        body = enrollment.step_ids[0].mail_id.body_html
        self.assertNotIn("example.com/offer", body)
        code = self.env["link.tracker.code"].search([("enrollment_step_id", "=", enrollment.step_ids[0].id)])
        self.assertIn(f"/r/{code.code}", body)
        self.assertEqual(code.link_id.url, "https://www.example.com/offer?a=1&b=2")
        self.env["link.tracker.click"].sudo().add_click(code.code, ip="1.2.3.4")
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "click"))
        self.assertEqual(enrollment.step_ids[0].date_clicked, NOW)
        self.assertEqual(self.enrollment.state, "active")

    def test_a_mail_that_has_not_left_is_taken_back(self):
        self.lead.with_user(self.rep).action_set_lost()
        self.assertEqual(self.enrollment.step_ids[0].delivery, "held")
        self.assertEqual(self.enrollment.step_ids[0].mail_id.state, "cancel")
        self.assertEqual(self.other.step_ids[0].mail_id.state, "outgoing")
