from odoo.exceptions import UserError

from ..exceptions import GateError
from .common import OpportunityCase


class TestOutcome(OpportunityCase):
    """Reasons for winning and losing, required by the template or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.env["opportunity.win.reason"].create({"name": "Price"})
        cls.too_late = cls.env["crm.lost.reason"].create({"name": "Too late"})

    def last_move(self, lead):
        return lead.stage_move_ids.sorted("id")[-1]

    def test_win_reason_is_asked_for(self):
        self.template.require_win_reason = True
        lead = self.create_lead(template_id=self.template.id)
        for win in (lead.action_set_won, lambda: lead.write({"stage_id": self.won.id})):
            with self.assertRaisesRegex(GateError, "Say why it is won") as refused, self.cr.savepoint():
                win()
        unmet = refused.exception.context["opportunity_gate"]["leads"][0]["unmet"]
        self.assertEqual(unmet[0]["fields"], ["win_reason_id"])
        lead.win_reason_id = self.price
        lead.action_set_won()
        self.assertEqual((self.last_move(lead).cause, self.last_move(lead).win_reason_id), ("won", self.price))

    def test_win_reason_written_along(self):
        self.template.require_win_reason = True
        lead = self.create_lead(template_id=self.template.id)
        lead.write({"stage_id": self.won.id, "win_reason_id": self.price.id})
        self.assertEqual(self.last_move(lead).win_reason_id, self.price)

    def test_win_reason_is_forgotten_when_reopened(self):
        lead = self.create_lead(template_id=self.template.id, win_reason_id=self.price.id)
        lead.action_set_won()
        lead.stage_id = self.second
        self.assertFalse(lead.win_reason_id)
        self.assertEqual(lead.stage_move_ids.win_reason_id, self.price, "the history keeps it")

    def test_win_reason_is_optional_otherwise(self):
        leads = self.create_lead(template_id=self.template.id) | self.create_lead()
        leads.action_set_won()
        self.assertEqual(leads.mapped("won_status"), ["won", "won"])

    def test_loss_reason_is_asked_for(self):
        self.template.require_loss_reason = True
        lead = self.create_lead(template_id=self.template.id)
        for lose in (lead.action_set_lost, lambda: lead.write({"active": False, "probability": 0})):
            with self.assertRaisesRegex(UserError, "Their template asks for a reason: A deal"), self.cr.savepoint():
                lose()
        self.assertEqual((lead.active, lead.won_status, len(lead.stage_move_ids)), (True, "pending", 1))
        lead.action_set_lost(lost_reason_id=self.too_late.id)
        self.assertEqual((self.last_move(lead).cause, self.last_move(lead).lost_reason_id), ("lost", self.too_late))

    def test_stock_wizard_loses_with_a_reason(self):
        self.template.require_loss_reason = True
        lead = self.create_lead(template_id=self.template.id)
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.rep)
            .create({"lead_ids": lead.ids, "lost_reason_id": self.too_late.id})
        )
        wizard.action_lost_reason_apply()
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id, self.too_late)

    def test_loss_of_many_names_those_without(self):
        self.template.require_loss_reason = True
        strict = self.create_lead(name="Strict", template_id=self.template.id)
        free = self.create_lead(name="Free")
        with self.assertRaisesRegex(UserError, "reason: Strict$"), self.cr.savepoint():
            (strict | free).action_set_lost()
        self.assertEqual((strict | free).mapped("active"), [True, True])

    def test_reason_in_use_stays(self):
        self.create_lead(win_reason_id=self.price.id)
        with self.assertRaisesRegex(UserError, "Archive them instead"):
            self.price.with_user(self.manager).unlink()
        self.price.with_user(self.manager).active = False
        self.assertFalse(self.price.active)

    def test_rights(self):
        nobody = dict.fromkeys((self.employee, self.portal, self.public), "")
        self.assertRights(self.price, {**nobody, self.rep: "r", self.senior: "r", self.manager: "crwd"})

    def test_opportunities_of_a_reason(self):
        lead = self.create_lead(win_reason_id=self.price.id)
        lead.action_set_won()
        self.assertEqual(self.price.with_user(self.rep).lead_count, 1)
        self.assertEqual(self.price.with_user(self.colleague).lead_count, 0)
        action = self.price.action_view_opportunities()
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), lead)
