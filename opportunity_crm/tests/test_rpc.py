from odoo.tests import HttpCase, mute_logger, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestRpc(OpportunityBuilders, HttpCase):
    """What the web client and other programs can ask for, over HTTP: refusals are readable and write nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        for user in (cls.rep, cls.manager):
            user.password = f"{user.login}-password"
        cls.first = cls.create_stage("First", sequence=901)
        cls.second = cls.create_stage("Second", sequence=902)
        cls.stranger = cls.create_stage("Stranger", sequence=903)
        cls.won = cls.create_stage("Done deal", sequence=990, is_won=True)
        cls.stages = [(cls.first, 10, 5), (cls.second, 30, 10), (cls.won, 100, 0)]
        cls.template = cls.create_template()
        cls.lead = cls.create_lead(template_id=cls.template.id)

    def call(self, user, model, method, *args, **kwargs):
        """Call a method as the web client does and return the whole answer."""
        self.authenticate(user.login, f"{user.login}-password")
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        url = f"/web/dataset/call_kw/{model}/{method}"
        return self.url_open(url, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()

    def assertRefused(self, text, user, model, method, *args, **kwargs):
        """The call is refused with an error that a person can read."""
        with mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule"):
            answer = self.call(user, model, method, *args, **kwargs)
        self.assertIn("error", answer)
        data = answer["error"]["data"]
        self.assertTrue(data["name"].startswith("odoo.exceptions."), data["debug"])
        self.assertIn(text.lower(), data["message"].lower())

    def test_stage_of_another_template(self):
        values = {"stage_id": self.stranger.id}
        self.assertRefused("has the stages First, Second", self.rep, "crm.lead", "write", self.lead.ids, values)
        self.assertRefused(
            "cannot be in the stage", self.rep, "crm.lead", "web_save", self.lead.ids, values, specification={}
        )
        self.assertRefused(
            "cannot be in the stage",
            self.rep,
            "crm.lead",
            "create",
            {"name": "By RPC", "template_id": self.template.id, **values},
        )
        self.assertEqual(self.lead.stage_id, self.first)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "By RPC")]))

    def test_stage_of_another_template_over_xmlrpc(self):
        uid = self.xmlrpc_common.authenticate(self.env.cr.dbname, "rep", "rep-password", {})
        with mute_logger("odoo.http", "odoo.service"), self.assertRaises(Exception) as refused:
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                uid,
                "rep-password",
                "crm.lead",
                "write",
                [self.lead.ids, {"stage_id": self.stranger.id}],
            )
        self.assertIn("cannot be in the stage “Stranger”", str(refused.exception))

    def test_template_that_may_not_be_chosen(self):
        abroad = self.create_template("Abroad", company_id=self.other_company.id)
        draft = self.create_template("Draft", activate=False)
        values = {"name": "By RPC", "type": "opportunity"}
        for template, text in ((abroad, "doesn't have 'read' access to"), (draft, "is not active")):
            self.assertRefused(text, self.rep, "crm.lead", "create", {**values, "template_id": template.id})
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "By RPC")]))

    def test_definitions(self):
        line = self.template.stage_ids[0]
        unused = self.create_template("Unused").stage_ids[0]
        refused = (
            ("Add stages to the template", "opportunity.template", "create", {"name": "Empty", "state": "active"}),
            ("only once in a template", "opportunity.template.stage", "copy", line.ids),
            ("cannot be negative", "opportunity.template.stage", "write", unused.ids, {"target_days": -1}),
            ("between 0 and 100", "opportunity.template.stage", "write", unused.ids, {"probability": 101}),
            ("between 0 and 100", "opportunity.template.stage", "write", unused.ids, {"probability": -1}),
            ("Archive them instead", "opportunity.template", "unlink", self.template.ids),
            ("make the next revision", "opportunity.template.stage", "unlink", line.ids),
            ("make the next revision", "opportunity.template.stage", "write", line.ids, {"target_days": 3}),
            ("part of opportunity templates", "crm.stage", "unlink", self.second.ids),
        )
        for text, model, method, *args in refused:
            with self.subTest(text=text, method=method):
                self.assertRefused(text, self.manager, model, method, *args)
        self.assertFalse(self.env["opportunity.template"].search([("name", "=", "Empty")]))

    def test_next_action_in_the_past(self):
        values = {"next_action_date": "2020-01-01", "next_action_note": "Yesterday's news"}
        self.assertRefused("cannot be in the past", self.rep, "crm.lead", "write", self.lead.ids, values)
        self.assertFalse(self.lead.activity_ids)

    def test_history_is_out_of_reach(self):
        move = self.lead.stage_move_ids
        for user in (self.rep, self.manager):
            for method, *args in (("write", move.ids, {"days": 99}), ("unlink", move.ids)):
                self.assertRefused("Sales History", user, "opportunity.stage.move", method, *args)
            forged = {"lead_id": self.lead.id, "date": "2026-01-01 00:00:00", "cause": "won"}
            self.assertRefused("Sales History", user, "opportunity.stage.move", "create", forged)
            self.assertRefused(
                "Sales History", user, "crm.lead", "write", self.lead.ids, {"stage_move_ids": [[0, 0, forged]]}
            )
        self.assertEqual(self.lead.stage_move_ids, move)

    def test_cause_and_silence_cannot_be_asked_for(self):
        context = {"opportunity_move_cause": "imported", "opportunity_history": True}
        self.call(self.rep, "crm.lead", "write", self.lead.ids, {"stage_id": self.second.id}, context=context)
        self.assertEqual(self.lead.stage_move_ids.sorted("id").mapped("cause"), ["user", "user"])
        self.assertEqual(self.lead.stage_move_ids.sorted("id")[-1].moved_by_id, self.rep)

    def test_private_methods_stay_private(self):
        for method in ("_log", "_merge_into", "_create_from_tracking"):
            self.assertRefused("", self.manager, "opportunity.stage.move", method, [])
        self.assertEqual(len(self.lead.stage_move_ids), 1)
