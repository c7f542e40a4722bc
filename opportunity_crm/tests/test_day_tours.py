from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_buy_link import BuyLinkBuilders
from .common_followup import FollowupBuilders
from .common_labels import ADDRESS


class DayBuilders(FollowupBuilders, BuyLinkBuilders):
    """A team with deals in every state that a day or a week begins with."""

    @classmethod
    def create_day(cls):
        cls.create_people()
        for user, name in ((cls.rep, "Day Rep"), (cls.colleague, "Day Colleague"), (cls.manager, "Day Manager")):
            user.write({"password": f"{user.login}-password", "name": name})
        cls.create_shop()
        cls.customer.write({"country_id": cls.env.ref("base.be").id, **ADDRESS})
        cls.create_process()
        cls.sequence = cls.create_sequence({"name": "Call them", "kind": "activity"}, name="Day Sequence")
        letter = {"name": "Day Letter", "subject": "Hello", "body": "<p>Dear {{contact.name}}</p>"}
        cls.env["opportunity.letter.template"].create(letter)
        cls.create_deals()

    @classmethod
    def create_process(cls):
        opened, offered, won = (
            cls.create_stage(f"Day {name}", sequence=number, is_won=name == "Won")
            for number, name in ((901, "Open"), (902, "Offer"), (990, "Won"))
        )
        cls.template = cls.create_template("Day Process", [(opened, 10, 5), (offered, 50, 0), (won, 100, 0)])
        cls.add_step(cls.template, opened, "Measure the hall")
        cls.add_step(cls.template, opened, "Ask for the budget")
        cls.add_condition(cls.template, opened, "steps")
        cls.add_condition(cls.template, opened, "fields", ["referred"])

    @classmethod
    def create_deals(cls):
        today = fields.Date.today()
        deal = {"template_id": cls.template.id, "partner_id": cls.customer.id}
        cls.deal = cls.create_lead(name="Day Deal", **deal)
        overdue = {"summary": "Call about the press", "user_id": cls.rep.id, "date_deadline": today - timedelta(2)}
        cls.deal.activity_schedule("mail.mail_activity_data_call", **overdue)
        later = {"next_action_date": today + timedelta(9), "next_action_note": "Meet"}
        cls.create_lead(name="Later Deal", partner_id=cls.customer.id, **later)
        cls.idle = cls.create_lead(name="Idle Deal", partner_id=cls.customer.id)
        cls.slow = cls.create_lead(name="Slow Deal", **deal, **later, expected_revenue=5000)
        cls.managers = cls.create_lead(user=cls.manager, name="Own Deal", partner_id=cls.customer.id)

    @classmethod
    def let_time_pass(cls):
        """The slow deal entered its stage weeks ago, and a step of its follow-up failed."""
        now = fields.Datetime.now()
        cls.env.flush_all()
        cls.slow.sudo().date_last_stage_update = now - timedelta(20)
        enrollment = {"lead_id": cls.slow.id, "sequence_id": cls.sequence.id, "date_start": now}
        row = {"step_id": cls.sequence.step_ids.id, "state": "failed", "date_planned": now, "date_due": now}
        cls.env["opportunity.enrollment"].create({**enrollment, "step_ids": [(0, 0, row)]})
        cls.env.flush_all()


@tagged("standard", "post_install", "-at_install")
class TestDayTours(DayBuilders, HttpCase):
    """A rep's day and a manager's Monday, at the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_day()
        cls.let_time_pass()

    def test_day_of_a_rep(self):
        self.start_tour("/odoo/crm", "opportunity_crm_rep_day", login="rep", timeout=180)
        deal = self.deal
        self.assertEqual((deal.won_status, deal.referred, deal.expected_revenue), ("won", "Ann", 100))
        self.assertEqual(deal.next_action_note, "Send the offer")
        self.assertEqual(deal.step_ids.mapped("state"), ["done", "done"])
        self.assertEqual(deal.share_ids.user_id, self.colleague)
        self.assertEqual(deal.letter_ids.state, "printed")
        self.assertEqual(deal.enrollment_ids.state, "stopped")
        self.assertEqual(len(deal.buy_link_ids), 1)

    def test_monday_of_a_manager(self):
        self.start_tour("/odoo/crm", "opportunity_crm_manager_monday", login="manager", timeout=180)
        self.assertIn("They sign on Friday", self.slow.stage_move_ids[0].passage)
        self.assertEqual(self.managers.share_ids.user_id, self.colleague)


@tagged("standard", "post_install", "-at_install")
class TestDayMobileTours(DayBuilders, HttpCase):
    """A rep's day on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_day()

    def test_day_of_a_rep_on_a_phone(self):
        self.start_tour("/odoo/crm", "opportunity_crm_rep_day_phone", login="rep", timeout=180)
        self.assertEqual((self.deal.referred, self.deal.expected_revenue), ("Ann", 100))
        self.assertEqual(self.deal.share_ids.user_id, self.colleague)
        self.assertEqual(len(self.deal.buy_link_ids), 1)
