from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from ..models.opportunity_stage_move import MoveCause
from .common import NOW, OpportunityCase


class TestStageMove(OpportunityCase):
    """The Sales History writes itself, whichever way an opportunity moves."""

    def history(self, lead):
        """Return ``(from, to, days, direction, cause)`` of each movement, the oldest first."""
        moves = self.env["opportunity.stage.move"].search([("lead_id", "=", lead.id)], order="date, id")
        return [
            (move.from_stage_id.name, move.to_stage_id.name, move.days, move.direction, move.cause) for move in moves
        ]

    def later(self, **delta):
        return self.at(NOW + timedelta(**delta))

    def test_creation(self):
        lead = self.create_lead(template_id=self.template.id, expected_revenue=500, date_deadline="2026-05-01")
        move = lead.stage_move_ids
        self.assertEqual(self.history(lead), [(False, "First", 0, False, "user")])
        self.assertEqual(move.date, lead.create_date)
        self.assertEqual(move.moved_by_id, self.rep)
        self.assertEqual(move.owner_id, self.rep)
        self.assertEqual(move.template_id, self.template)
        self.assertEqual(move.expected_revenue, 500)
        self.assertEqual(move.date_deadline, lead.date_deadline)

    def test_days_direction_owner_and_revenue(self):
        lead = self.create_lead(template_id=self.template.id, expected_revenue=500)
        with self.later(days=2):
            lead.write({"stage_id": self.second.id, "expected_revenue": 800})
        with self.later(days=2, hours=12):
            lead.with_user(self.senior).write({"stage_id": self.first.id, "user_id": self.colleague.id})
        with self.later(days=5):
            lead.with_user(self.manager).stage_id = self.third
        self.assertEqual(
            self.history(lead),
            [
                (False, "First", 0, False, "user"),
                ("First", "Second", 2, "forward", "user"),
                ("Second", "First", 0.5, "back", "user"),
                ("First", "Third", 2.5, "skip", "user"),
            ],
        )
        moves = lead.sudo().stage_move_ids.sorted("id")
        self.assertEqual(moves.moved_by_id, self.rep | self.senior | self.manager)
        self.assertEqual([move.owner_id for move in moves], [self.rep, self.rep, self.colleague, self.colleague])
        self.assertEqual(moves.mapped("expected_revenue"), [500, 800, 800, 800])
        self.assertEqual(sum(moves.mapped("days")), 5)

    def test_created_as_won(self):
        lead = self.create_lead(template_id=self.template.id, stage_id=self.won.id)
        self.assertEqual(self.history(lead), [(False, "Done deal", 0, False, "won")])

    def test_direction_without_template_follows_the_stages_of_the_team(self):
        stages = self.env["crm.stage"].search([("template_only", "=", False), ("team_ids", "=", False)])
        lead = self.create_lead(stage_id=stages[0].id)
        lead.stage_id = stages[1]
        lead.stage_id = stages[0]
        lead.stage_id = stages[2]
        self.assertEqual([line[3] for line in self.history(lead)], [False, "forward", "back", "skip"])

    def test_no_movement_no_line(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.write({"stage_id": self.first.id, "name": "Renamed", "user_id": self.rep.id})
        self.assertEqual(len(lead.stage_move_ids), 1)

    def test_form(self):
        lead = self.create_lead(template_id=self.template.id)
        with Form(lead) as form:
            form.stage_id = self.second
        self.assertEqual(self.history(lead)[-1][1:2], ("Second",))

    def test_many_at_once(self):
        leads = self.create_lead(template_id=self.template.id) | self.create_lead(
            template_id=self.template.id, stage_id=self.second.id
        )
        leads.write({"stage_id": self.second.id})
        self.assertEqual([len(lead.stage_move_ids) for lead in leads], [2, 1], "only what really moved is history")

    def test_won(self):
        for way in (
            lambda lead: lead.action_set_won(),
            lambda lead: lead.action_set_won_rainbowman(),
            lambda lead: lead.write({"stage_id": self.won.id}),
        ):
            lead = self.create_lead(template_id=self.template.id, stage_id=self.third.id)
            way(lead)
            self.assertEqual(self.history(lead)[1:], [("Third", "Done deal", 0, "forward", "won")])

    def test_lost_and_restored(self):
        lead = self.create_lead(template_id=self.template.id)
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        with self.later(days=1):
            wizard = self.env["crm.lead.lost"].with_user(self.rep)
            wizard.create({"lead_ids": lead.ids, "lost_reason_id": reason.id}).action_lost_reason_apply()
        with self.later(days=3):
            lead.action_restore()
        self.assertEqual(
            self.history(lead)[1:], [("First", "First", 1, False, "lost"), ("First", "First", 2, False, "reopened")]
        )

    def test_lost_by_values(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.write({"active": False, "probability": 0})
        self.assertEqual(self.history(lead)[-1][4], "lost")

    def test_archive_and_back(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.action_archive()
        lead.action_unarchive()
        self.assertEqual([line[4] for line in self.history(lead)], ["user", "archived", "reopened"])

    def test_won_out_of_lost(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.action_set_lost()
        lead.action_set_won()
        self.assertEqual([line[4] for line in self.history(lead)], ["user", "lost", "won"])
        self.assertTrue(lead.active)

    def test_won_is_left(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.action_set_won()
        lead.stage_id = self.third
        self.assertEqual(self.history(lead)[-1], ("Done deal", "Third", 0, "back", "reopened"))

    def test_stage_that_becomes_won(self):
        lead = self.create_lead(stage_id=self.env["crm.stage"].create({"name": "Signed"}).id)
        lead.stage_id.sudo().is_won = True
        self.assertEqual(self.history(lead)[-1], ("Signed", "Signed", 0, False, "won"))

    def test_change_of_template_or_team_moves_too(self):
        short = self.create_template("Short", [(self.second, 40, 3), (self.won, 100, 0)])
        lead = self.create_lead(template_id=self.template.id)
        self.assertEqual(lead.date_last_stage_update, NOW)
        with self.later(days=3):
            lead.template_id = short
            self.assertEqual(self.history(lead)[-1][:3], ("First", "Second", 3))
            self.assertEqual(lead.date_last_stage_update, NOW + timedelta(days=3))
            self.assertEqual(lead.stage_move_ids.sorted("id")[-1].template_id, short)

    def test_import(self):
        leads = self.env["crm.lead"].with_user(self.rep)
        result = leads.load(
            ["id", "name", "type", "template_id", "stage_id"],
            [["__import__.deal", "Imported", "Opportunity", "Deal", "Second"]],
        )
        lead = leads.browse(result["ids"])
        leads.load(["id", "stage_id"], [["__import__.deal", "Third"]])
        leads.load(["id", "stage_id"], [["__import__.deal", "Done deal"]])
        leads.load(["id", "active"], [["__import__.deal", "False"]])
        self.assertEqual(
            self.history(lead),
            [
                (False, "Second", 0, False, "imported"),
                ("Second", "Third", 0, "forward", "imported"),
                ("Third", "Done deal", 0, "forward", "won"),
                ("Done deal", "Done deal", 0, False, "archived"),
            ],
        )

    def test_automation(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.with_user(self.env.ref("base.user_root")).stage_id = self.second
        self.assertEqual(self.history(lead)[-1][4], "automation")

    def test_cause_cannot_be_forged(self):
        lead = self.create_lead(template_id=self.template.id)
        forged = lead.with_context(opportunity_move_cause="imported", opportunity_history=True)
        forged.stage_id = self.second
        self.assertEqual(self.history(lead)[-1][4], "user")
        lead.with_context(opportunity_move_cause=MoveCause.AUTOMATION).stage_id = self.third
        self.assertEqual(self.history(lead)[-1][4], "automation")

    def test_merge(self):
        head = self.create_lead(name="Head", template_id=self.template.id, stage_id=self.second.id)
        with self.later(days=1):
            tail = self.create_lead(name="Tail")
        with self.later(days=3):
            tail.stage_id = self.env["crm.stage"].search([("template_only", "=", False)], limit=2)[1]
        with self.later(days=4):
            merged = (head | tail).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertFalse(tail.exists())
        own = merged.stage_move_ids.filtered(lambda move: not move.merged_from)
        self.assertEqual(own.sorted("id").mapped("cause"), ["user", "merged"])
        self.assertEqual(sum(own.mapped("days")), 4, "days of the merged one do not count twice")
        self.assertEqual((merged.stage_move_ids - own).mapped("merged_from"), ["Tail", "Tail"])

    def test_merge_of_leads_has_no_history(self):
        leads = self.create_lead(type="lead") | self.create_lead(type="lead")
        self.assertFalse(leads.merge_opportunity().stage_move_ids)

    def test_nobody_changes_or_deletes_history(self):
        lead = self.create_lead(template_id=self.template.id)
        move = lead.stage_move_ids
        for user in (self.rep, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                move.with_user(user).write({"days": 99})
            with self.assertRaises(UserError):
                move.with_user(user).unlink()
            with self.assertRaises(UserError):
                move.with_user(user).create({"lead_id": lead.id, "date": NOW, "cause": "won"})
        with self.assertRaises(UserError):
            move.sudo().write({"days": 99})
        with self.assertRaises(UserError):
            move.sudo().unlink()

    def test_nobody_forges_history_through_the_opportunity(self):
        lead = self.create_lead(template_id=self.template.id)
        for command in (
            Command.create({"date": NOW, "cause": "won"}),
            Command.update(lead.stage_move_ids.id, {"days": 99}),
            Command.delete(lead.stage_move_ids.id),
            Command.clear(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                lead.with_user(self.manager).write({"stage_move_ids": [command]})
        self.assertEqual(len(lead.stage_move_ids), 1)

    def test_incoming_mail_forges_no_history(self):
        """An alias creates opportunities as superuser, with values that the leader of a team may choose."""
        values = {"name": "By mail", "stage_move_ids": [(0, 0, {"date": "2020-01-01 00:00:00", "cause": "won"})]}
        leads = self.env["crm.lead"].with_user(self.env.ref("base.user_root"))
        with self.assertRaisesRegex(UserError, "cannot be made up"), self.cr.savepoint():
            leads.message_new({"email_from": "someone@example.com", "subject": "Offer"}, values)
        self.assertFalse(leads.search([("name", "=", "By mail")]))

    def test_lead_that_becomes_an_opportunity_and_back(self):
        lead = self.create_lead(type="lead")
        with self.later(days=4):
            lead.convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.stage_move_ids.date, NOW + timedelta(days=4), "its sales history begins now")
        lead.type = "lead"
        with self.later(days=6):
            lead.type = "opportunity"
        self.assertEqual(lead.stage_move_ids.sorted("id").mapped("days"), [0, 2])

    def test_history_goes_with_its_opportunity(self):
        lead = self.create_lead(template_id=self.template.id)
        move = lead.stage_move_ids
        lead.with_user(self.manager).unlink()
        self.assertFalse(move.exists())

    def test_stage_of_history_cannot_be_deleted(self):
        stage = self.env["crm.stage"].create({"name": "Passing"})
        lead = self.create_lead(stage_id=stage.id)
        lead.stage_id = self.env["crm.stage"].search([("template_only", "=", False)], limit=1)
        with self.assertRaisesRegex(UserError, "Fold them in the pipeline instead"):
            stage.with_user(self.manager).unlink()

    def test_currency_of_the_company(self):
        lead = self.create_lead()
        self.assertEqual(lead.stage_move_ids.currency_id, self.company.currency_id)
