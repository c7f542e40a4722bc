from .common import OpportunityCase

ONE_MOVE = 40
MORE_FOR_A_HUNDRED = 2  # 200 activities, a hundred an insertion and an update


class TestPerformance(OpportunityCase):
    """Queries stay the same, however many records are handled at once."""

    def queries(self, function):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def create_many(self, count, **values):
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)
        return leads.create(
            [
                {"name": f"Deal {n}", "type": "opportunity", "user_id": self.rep.id, "team_id": self.team.id, **values}
                for n in range(count)
            ]
        )

    def test_create_from_template(self):
        self.template.write({"closing_days": 30, "tag_ids": self.env["crm.tag"].create({"name": "Key"}).ids})
        self.create_many(1, template_id=self.template.id)
        few = self.queries(lambda: self.create_many(2, template_id=self.template.id))
        many = self.queries(lambda: self.create_many(60, template_id=self.template.id))
        self.assertLessEqual(many, few)

    def test_move(self):
        leads = self.create_many(100, template_id=self.template.id)
        self.env.invalidate_all()
        one = self.queries(lambda: leads[0].write({"stage_id": self.second.id}))
        self.env.invalidate_all()
        hundred = self.queries(lambda: leads[1:].write({"stage_id": self.second.id}))
        self.assertLessEqual(hundred, one + 1)

    def test_move_costs_two_queries(self):
        """The last dates and the insertion of the new lines."""
        leads = self.create_many(20, template_id=self.template.id)
        leads.mapped("template_id.stage_ids.stage_id.name")
        leads._hold_history().write({"stage_id": self.second.id})
        self.env.flush_all()
        held = self.queries(lambda: leads._hold_history().write({"stage_id": self.third.id}))
        logged = self.queries(lambda: leads.write({"stage_id": self.second.id}))
        self.assertLessEqual(logged, held + 2)

    def test_gate_of_every_condition(self):
        """Each condition is looked up once, for one opportunity or a hundred."""
        self.add_step(self.template, self.first, "Call", required=False)
        for kind, values in (
            ("steps", {}),
            ("fields", {"fields": ["name"]}),
            ("domain", {"domain": "[('expected_revenue', '>=', 0)]"}),
            ("document", {"severity": "warn"}),
            ("meeting", {"severity": "warn"}),
            ("quotation_sent", {"severity": "warn"}),
            ("quotation_accepted", {"severity": "warn"}),
            ("max_days", {"days": 9}),
        ):
            self.add_condition(self.template, self.first, kind, **values)
        leads = self.create_many(100, template_id=self.template.id)
        leads[0].get_gate(self.second.id)
        self.env.invalidate_all()
        one = self.queries(lambda: leads[0].get_gate(self.second.id))
        self.env.invalidate_all()
        hundred = self.queries(lambda: leads.get_gate(self.second.id))
        self.assertLessEqual(hundred, one)

    def test_move_through_a_gate_to_steps(self):
        """With gates and steps a move costs a fixed number of queries, but for Odoo's hundred rows an insertion."""
        self.add_step(self.template, self.first, "Call", required=False)
        self.add_condition(self.template, self.first, "steps")
        self.add_condition(self.template, self.first, "fields", fields=["name"])
        for name in ("Demo", "Offer"):
            self.add_step(self.template, self.second, name)
        leads = self.create_many(102, template_id=self.template.id)
        for stage in (self.second, self.first):  # so that what is cached across transactions, as rules are, is there
            self.env.flush_all()
            self.env.invalidate_all()
            leads[0].write({"stage_id": stage.id})
        for moved, queries in ((leads[1], ONE_MOVE), (leads[2:], ONE_MOVE + MORE_FOR_A_HUNDRED)):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(queries):
                moved.write({"stage_id": self.second.id})
                self.env.flush_all()

    def test_list_of_next_actions(self):
        leads = self.create_many(40)
        for lead in leads[:20]:
            lead.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        specification = {"next_action_date": {}, "next_action_note": {}, "is_next_action_missing": {}}
        self.env.invalidate_all()
        few = self.queries(lambda: leads[:2].web_read(specification))
        self.env.invalidate_all()
        many = self.queries(lambda: leads.web_read(specification))
        self.assertLessEqual(many, few)
