from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


class TimelineTourBuilders(OpportunityBuilders):
    """A deal of the rep, and another one of the same customer that a colleague works on and shares."""

    @classmethod
    def create_deals(cls):
        cls.create_people()
        for user, name in ((cls.rep, "Tour Rep"), (cls.colleague, "Tour Colleague")):
            user.write({"password": f"{user.login}-password", "name": name})
        customer = cls.env["res.partner"].create({"name": "Tour Customer", "email": "buyer@example.com"})
        cls.lead = cls.create_lead(name="Tour Deal", partner_id=customer.id)
        other = cls.create_lead(user=cls.colleague, name="Tour Other", partner_id=customer.id)
        other.message_post(body="Of the other", message_type="comment", subtype_xmlid="mail.mt_note")
        cls.env["opportunity.share"].with_user(cls.colleague).create(
            {"lead_id": other.id, "user_id": cls.rep.id, "access": "read"}
        )


@tagged("standard", "post_install", "-at_install")
class TestTimelineTours(TimelineTourBuilders, HttpCase):
    """The Tasks tab in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_deals()

    def test_rep_works_in_the_tasks_tab(self):
        self.start_tour(f"/odoo/crm/{self.lead.id}", "opportunity_crm_timeline", login="rep")
        self.assertEqual(self.lead.calendar_event_ids.name, "Tour Demo")
        [done] = self.lead.with_context(active_test=False).activity_ids.filtered(lambda one: not one.active)
        self.assertEqual(done.feedback, "They have enough")


@tagged("standard", "post_install", "-at_install")
class TestTimelineMobileTours(TimelineTourBuilders, HttpCase):
    """The Tasks tab on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_deals()

    def test_rep_adds_a_task_on_a_phone(self):
        self.start_tour(f"/odoo/crm/{self.lead.id}", "opportunity_crm_timeline_mobile", login="rep")
        self.assertEqual(self.lead.activity_ids.summary, "Call from the train")
