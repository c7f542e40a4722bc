from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestGateTours(OpportunityBuilders, HttpCase):
    """Gates, steps and reasons in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.manager.write({"password": "manager-password"})
        cls.customer = cls.env["res.partner"].create({"name": "Tour Customer"})
        cls.open = cls.create_stage("Tour Open", sequence=901)
        cls.offer = cls.create_stage("Tour Offer", sequence=902)
        cls.won = cls.create_stage("Tour Won", sequence=990, is_won=True)
        cls.stages = [(cls.open, 10, 0), (cls.offer, 50, 0), (cls.won, 100, 0)]
        cls.template = cls.create_template("Tour Process", require_win_reason=True, require_loss_reason=True)
        cls.add_step(cls.template, cls.open, "Call the buyer", note="<p>Ask for the <b>budget</b>.</p>")
        cls.add_step(cls.template, cls.open, "Send the form", skippable=True)
        cls.add_condition(cls.template, cls.open, "steps")
        cls.add_condition(cls.template, cls.open, "fields", ["expected_revenue", "referred"])
        cls.add_condition(cls.template, cls.open, "document")
        cls.add_condition(
            cls.template,
            cls.open,
            "domain",
            domain="[('priority', '=', '3')]",
            severity="warn",
            message="Rate it first",
        )

    def lead(self, name, **values):
        return self.create_lead(name=name, template_id=self.template.id, partner_id=self.customer.id, **values)

    def form_tour(self, lead, tour, login="rep"):
        self.start_tour(f"/odoo/crm/{lead.id}", tour, login=login)
        lead.invalidate_recordset()

    def test_kanban(self):
        lead = self.lead("Kanban Deal")
        self.start_tour("/odoo/opportunity-new", "opportunity_crm_gate_kanban", login="rep")
        self.assertEqual(lead.stage_id, self.offer)
        self.assertEqual(lead.step_ids.mapped("state"), ["done", "skipped"])
        self.assertEqual(lead.step_ids[1].skip_reason, "They know us")
        self.assertEqual((lead.expected_revenue, lead.referred), (5000, "Ann"))
        document = self.env["ir.attachment"].search([("name", "=", "contract.txt")])
        self.assertEqual((document.res_model, document.res_id), ("res.partner", self.customer.id))
        self.assertEqual(document.box_lead_id.id, lead.id)
        self.assertEqual(lead.stage_move_ids[0].passage, "Not met: Rate it first")

    def test_form(self):
        self.env["ir.attachment"].create(
            {"name": "brief.txt", "raw": b"Brief", "res_model": "res.partner", "res_id": self.customer.id}
        )
        lead = self.lead("Form Deal", priority="3")
        self.form_tour(lead, "opportunity_crm_gate_form")
        self.assertEqual(lead.stage_id, self.offer)
        self.assertEqual((lead.name, lead.expected_revenue), ("Form Deal, unsaved", 7000))
        self.assertFalse(lead.stage_move_ids[0].passage)

    def test_override(self):
        lead = self.lead("Override Deal")
        self.form_tour(lead, "opportunity_crm_gate_override", login="manager")
        self.assertEqual(lead.stage_id, self.offer)
        self.assertIn("A friend of the house (not met: Steps to do: ", lead.stage_move_ids[0].passage)
        self.assertEqual(lead.stage_move_ids[0].moved_by_id, self.manager)
        self.assertIn("A friend of the house", "".join(lead.message_ids.mapped("body")))

    def test_won(self):
        self.env["opportunity.win.reason"].create({"name": "Tour Service"})
        lead = self.lead("Won Deal")
        lead.with_user(self.manager).action_advance(self.offer.id, reason="Set up")
        self.form_tour(lead, "opportunity_crm_gate_won")
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.stage_move_ids[0].win_reason_id.name, "Tour Service")

    def test_lost(self):
        self.env["crm.lost.reason"].create({"name": "Tour Too Late"})
        lead = self.lead("Lost Deal")
        self.form_tour(lead, "opportunity_crm_gate_lost")
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id.name, "Tour Too Late")
