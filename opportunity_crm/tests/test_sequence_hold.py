from odoo.exceptions import AccessError, UserError

from .common import NOW
from .common_followup import FollowupCase


class TestSequenceHold(FollowupCase):
    """A copy of the database follows nobody up, until an administrator says that it is the live one."""

    def setUp(self):
        super().setUp()
        sequence = self.create_sequence({"kind": "email"}, {})
        self.run_ = self.start(sequence, self.create_lead(partner_id=self.customer.id))
        self.run_engine(NOW)
        self.row = self.run_.step_ids[0]
        self.env["ir.config_parameter"].set_param("database.uuid", "as Odoo gives one to a copy")

    def test_no_step_runs_in_a_copy(self):
        with self.enter_registry_test_mode():
            self.env.ref("opportunity_crm.ir_cron_run_followups").method_direct_trigger()
        self.assertEqual(self.states(self.run_), ["done", "due"])
        with self.assertRaisesRegex(UserError, "is a copy"):
            self.run_.with_user(self.rep).run_now()

    def test_no_queued_email_leaves_a_copy(self):
        self.row.mail_id.send()
        self.assertEqual((self.row.delivery, self.row.mail_id.state), ("queued", "outgoing"))

    def test_nothing_starts_by_a_filter_in_a_copy(self):
        sequence = self.create_sequence({}, start_on="domain", start_domain="[('name', '=', 'New')]")
        self.create_lead(name="New")
        self.env["opportunity.sequence"]._cron_start_by_domain()
        self.assertFalse(sequence.enrollment_ids)

    def test_it_is_said_where_people_look(self):
        self.assertIn("is a copy", self.run_.lead_id.with_user(self.rep).get_followup()["hold"])
        self.assertIn("is a copy", self.run_.sequence_id.with_user(self.rep).hold_reason)
        self.assertTrue(self.env["res.config.settings"].create({}).opportunity_is_copy)

    def test_an_administrator_says_that_it_is_the_live_one(self):
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                self.engine.with_user(user).declare_live()
        self.env["res.config.settings"].create({}).action_declare_live()
        self.assertFalse(self.run_.lead_id.get_followup()["hold"])
        self.run_.with_user(self.rep).run_now()
        self.assertEqual(self.states(self.run_), ["done", "done"])

    def test_another_database_of_postgresql_is_a_copy(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("opportunity_crm.followup_home", False)
        self.engine._settle()
        self.assertFalse(self.engine._get_hold_reason())
        home = parameters.get_param("opportunity_crm.followup_home")
        uuid, cluster, oid = home.split("/")
        for other in (f"{uuid}/{cluster}/{int(oid) + 1}", f"{uuid}/1/{oid}"):
            parameters.set_param("opportunity_crm.followup_home", other)
            self.assertIn("is a copy", self.engine._get_hold_reason())
