from datetime import timedelta

from odoo.tools import SQL

from .common import NOW, OpportunityCase


class TestStageMovePast(OpportunityCase):
    """An opportunity that was there before the addon gets its past from Odoo's tracking."""

    def setUp(self):
        super().setUp()
        self.plain = self.env["crm.stage"].search([("template_only", "=", False), ("team_ids", "=", False)])
        self.plain_won = self.plain.filtered("is_won")[:1]

    def flush_tracking(self):
        """Write the tracking values that Odoo keeps until the transaction is committed."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def date_tracking(self, moment):
        """Odoo dates tracking values by the clock of the database; give those without a day of their own this one."""
        self.env.cr.execute(
            SQL("UPDATE mail_tracking_value SET create_date = %s WHERE create_date > %s", moment, NOW + timedelta(30))
        )

    def live(self):
        """Return an opportunity that was worked on for six days, with its tracking flushed."""
        lead = self.create_lead(stage_id=self.plain[0].id, expected_revenue=100, team_id=self.team.id)
        self.flush_tracking()
        for days, user, values in (
            (1, self.rep, {"stage_id": self.plain[1].id}),
            (2, self.senior, {"user_id": self.colleague.id, "expected_revenue": 250}),
            (3, self.senior, {"active": False, "probability": 0}),
            (4, self.senior, {"active": True}),
            (6, self.senior, {"stage_id": self.plain_won.id}),
        ):
            moment = NOW + timedelta(days=days)
            with self.at(moment):
                lead.with_user(user).write(values)
                self.flush_tracking()
            self.date_tracking(moment)
        return lead.sudo()

    def forget(self, leads):
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM opportunity_stage_move WHERE lead_id IN %s", tuple(leads.ids)))
        self.env.invalidate_all()

    def lines(self, lead):
        moves = self.env["opportunity.stage.move"].search([("lead_id", "=", lead.id)], order="date, id")
        return [
            (
                move.from_stage_id,
                move.to_stage_id,
                move.date,
                move.days,
                move.moved_by_id,
                move.owner_id,
                move.expected_revenue,
                move.direction,
                move.cause,
            )
            for move in moves
        ]

    def test_past_equals_what_was_written_at_the_time(self):
        lead = self.live()
        written = self.lines(lead)
        self.assertEqual([line[-1] for line in written], ["user", "user", "lost", "reopened", "won"])
        self.forget(lead)
        self.assertFalse(lead.stage_move_ids)
        self.env["opportunity.stage.move"]._create_from_tracking()
        self.assertEqual(self.lines(lead), written)

    def test_history_is_not_written_twice(self):
        lead = self.live()
        written = self.lines(lead)
        self.env["opportunity.stage.move"]._create_from_tracking()
        self.assertEqual(self.lines(lead), written)

    def test_lead_that_was_converted(self):
        lead = self.create_lead(type="lead", stage_id=self.plain[0].id)
        self.flush_tracking()
        for days, values in ((1, {"stage_id": self.plain[1].id}), (5, {"stage_id": self.plain[2].id})):
            if days == 5:
                with self.at(NOW + timedelta(days=3)):
                    lead.convert_opportunity(self.env["res.partner"])
            with self.at(NOW + timedelta(days=days)):
                lead.write(values)
                self.flush_tracking()
                self.date_tracking(NOW + timedelta(days=days))
        written = self.lines(lead)
        self.assertEqual([line[3] for line in written], [0, 2])
        self.forget(lead)
        self.env["opportunity.stage.move"]._create_from_tracking()
        self.assertEqual(self.lines(lead), written)

    def test_deleted_stage_and_untracked_opportunity(self):
        lead = self.create_lead(stage_id=self.plain[0].id)
        stage_lead = self.create_lead(type="lead")
        self.forget(lead | stage_lead)
        self.env["opportunity.stage.move"]._create_from_tracking()
        self.assertEqual(lead.stage_move_ids.to_stage_id, self.plain[0])
        self.assertEqual(lead.stage_move_ids.date, lead.create_date)
        self.assertFalse(stage_lead.stage_move_ids, "only opportunities have a sales history")
