from datetime import timedelta

from odoo.exceptions import UserError

from .common import NOW
from .common_followup import FollowupCase


class TestSequenceRevision(FollowupCase):
    """A live sequence is edited in a copy that says what happens to those in it."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "0")
        later = {"timing": "delay", "delay_count": 2}
        self.sequence = self.create_sequence({"name": "One"}, {"name": "Two", **later}, {"name": "Three", **later})
        leads = [self.create_lead(partner_id=self.customer.id) for _n in range(4)]
        self.ahead = self.start(self.sequence, *leads[:3])
        self.run_engine(NOW)
        self.run_engine(NOW + timedelta(days=2))
        self.assertEqual(set(self.ahead.current_id.mapped("name")), {"Three"})
        self.behind = self.start(self.sequence, leads[3])
        self.run_engine(NOW)
        self.assertEqual(self.behind.current_id.name, "Two")
        action = self.sequence.with_user(self.manager).action_edit()
        self.edition = self.env["opportunity.sequence"].browse(action["res_id"]).with_user(self.manager)

    def step(self, name, sequence=None):
        return (sequence or self.edition).step_ids.filtered(lambda step: step.name == name)

    def test_steps_of_a_live_sequence_do_not_change_behind_anybodys_back(self):
        step = self.step("Two", self.sequence).with_user(self.manager)
        step.name = "Second"
        for attempt in (
            lambda: step.write({"delay_count": 9}),
            lambda: step.unlink(),
            lambda: step.create({"name": "New", "kind": "note", "sequence_id": self.sequence.id}),
            lambda: self.sequence.with_user(self.manager).write({"step_ids": [(2, step.id, 0)]}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_a_new_step(self):
        self.edition.write(
            {"step_ids": [(0, 0, {"name": "Between", "kind": "note", "timing": "delay", "sequence": 1})]}
        )
        self.step("Three").sequence = 5
        self.assertIn("4 opportunities are in the sequence.", self.edition.publication_text)
        self.assertIn("“Between” is new: 3 get it next, 1 later, 0 are past it.", self.edition.publication_text)
        self.publish()
        self.assertEqual(set(self.ahead.current_id.mapped("name")), {"Between"})
        self.assertEqual(self.behind.current_id.name, "Two")
        self.assertEqual(self.ahead[0].date_next, NOW + timedelta(days=3))

    def test_a_removed_step(self):
        self.step("Three").unlink()
        self.assertIn("“Three” goes: 3 that wait for it go on.", self.edition.publication_text)
        self.publish()
        self.assertEqual(set(self.ahead.mapped("state")), {"completed"})
        self.assertEqual(self.behind.state, "active")

    def test_another_time(self):
        self.step("Three").delay_count = 7
        self.assertIn("“Three” gets another time: 3 that wait for it", self.edition.publication_text)
        self.publish()
        self.assertEqual(set(self.ahead.mapped("date_next")), {NOW + timedelta(days=9)})
        self.assertEqual(self.behind.date_next, NOW + timedelta(days=2))

    def test_steps_in_another_order_are_not_repeated(self):
        self.step("One").sequence = 9
        self.publish()
        self.run_engine(NOW + timedelta(days=9))
        self.run_engine(NOW + timedelta(days=19))
        done = self.behind.step_ids.filtered(lambda row: row.state == "done")
        self.assertEqual(done.mapped("name"), ["One", "Two", "Three"])
        self.assertEqual(self.behind.state, "completed")

    def publish(self):
        action = self.edition.action_publish()
        dialog = (
            self.env["opportunity.sequence.publish"]
            .with_user(self.manager)
            .create({"edition_id": action["context"]["default_edition_id"]})
        )
        dialog.action_publish()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.sequence.revision, 2)
        self.assertFalse(self.sequence.edition_ids)
