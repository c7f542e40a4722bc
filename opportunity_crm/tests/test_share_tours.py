from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestShareTours(OpportunityBuilders, HttpCase):
    """Sharing, covering and explaining in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        for user, name in ((cls.rep, "Tour Rep"), (cls.colleague, "Tour Colleague"), (cls.manager, "Tour Manager")):
            user.write({"password": f"{user.login}-password", "name": name})
        cls.lead = cls.create_lead(name="Tour Turbine")

    def form_tour(self, tour, login):
        self.start_tour(f"/odoo/crm/{self.lead.id}", tour, login=login)

    def test_share(self):
        self.form_tour("opportunity_crm_share", "rep")
        share = self.lead.share_ids
        self.assertEqual((share.user_id, share.access, share.state), (self.colleague, "edit", "revoked"))

    def test_shared_with_me(self):
        self.env["opportunity.share"].with_user(self.rep).create(
            {"lead_id": self.lead.id, "user_id": self.colleague.id, "access": "edit"}
        )
        self.start_tour("/odoo/crm", "opportunity_crm_shared_with_me", login="colleague")

    def test_cover_for_me(self):
        self.start_tour("/odoo/crm", "opportunity_crm_cover_for_me", login="rep")
        self.assertEqual(self.lead.share_ids.user_id, self.colleague)

    def test_explain(self):
        self.form_tour("opportunity_crm_explain", "manager")
