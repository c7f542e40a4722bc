from datetime import timedelta

from odoo.exceptions import UserError

from ..exceptions import GateError
from .common import NOW, OpportunityCase


class GateCase(OpportunityCase):
    def condition(self, kind, **values):
        return self.add_condition(self.template, self.first, kind, **values)

    def lead(self, **values):
        return self.create_lead(template_id=self.template.id, **values)

    def lead_in(self, stage, **values):
        """An opportunity of the rep, which a manager placed in the stage."""
        lead = self.create_lead(
            self.manager, template_id=self.template.id, stage_id=stage.id, user_id=self.rep.id, **values
        )
        return lead.with_user(self.rep)

    def refusal(self, leads, stage=None, **values):
        """Move opportunities, which must be refused; return what is not met, by name and kind."""
        stages = leads.mapped("stage_id")
        with self.assertRaises(GateError) as refused, self.cr.savepoint():
            leads.write({"stage_id": (stage or self.second).id, **values})
        self.assertEqual(leads.mapped("stage_id"), stages)
        gate = refused.exception.context["opportunity_gate"]
        return {lead["name"]: [unmet["kind"] for unmet in lead["unmet"]] for lead in gate["leads"]}

    def assertPasses(self, lead, stage=None, **values):
        lead.write({"stage_id": (stage or self.second).id, **values})
        self.assertEqual(lead.stage_id, stage or self.second)


class TestConditions(GateCase):
    """Each kind of exit condition, met and not met."""

    def test_steps(self):
        self.add_step(self.template, self.first, "Call")
        self.add_step(self.template, self.first, "Gift", required=False)
        self.condition("steps")
        lead = self.lead()
        self.assertEqual(self.refusal(lead), {"A deal": ["steps"]})
        lead.step_ids.filtered("required").action_done()
        self.assertPasses(lead)

    def test_fields(self):
        self.condition("fields", fields=["expected_revenue", "partner_id"])
        lead = self.lead(expected_revenue=5)
        gate = lead.get_gate(self.second.id)
        self.assertEqual(gate["leads"][0]["unmet"][0]["fields"], ["partner_id"])
        self.assertEqual(self.refusal(lead), {"A deal": ["fields"]})
        lead.partner_id = self.env["res.partner"].create({"name": "Buyer"})
        self.assertPasses(lead)

    def test_custom_field(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_budget",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "char",
                "field_description": "Budget Holder",
            }
        )
        self.condition("fields", fields=["x_budget"])
        lead = self.lead()
        with self.assertRaisesRegex(GateError, "Fill in: Budget Holder"):
            lead.stage_id = self.second
        with self.assertRaisesRegex(UserError, "exit conditions"):
            field.unlink()
        lead.sudo().x_budget = "Ann"
        self.assertPasses(lead)

    def test_empty_text_is_not_filled(self):
        self.condition("fields", fields=["description"])
        lead = self.lead(description="<p><br></p>")
        self.assertEqual(self.refusal(lead), {"A deal": ["fields"]})
        self.assertPasses(lead, description="<p>They need ten</p>")

    def test_domain(self):
        self.condition("domain", domain="[('expected_revenue', '>=', 1000), ('partner_id.is_company', '=', True)]")
        lead = self.lead(expected_revenue=2000)
        unmet = lead.get_gate(self.second.id)["leads"][0]["unmet"][0]
        self.assertEqual(unmet["fields"], ["expected_revenue", "partner_id"])
        self.assertEqual(self.refusal(lead), {"A deal": ["domain"]})
        lead.partner_id = self.env["res.partner"].create({"name": "Buyers", "is_company": True})
        self.assertPasses(lead)

    def test_document_on_the_opportunity_or_its_contact(self):
        self.condition("document")
        company = self.env["res.partner"].create({"name": "Buyers", "is_company": True})
        leads = self.lead(name="One") | self.lead(name="Two", partner_id=company.id) | self.lead(name="None")
        for record in (leads[0], company):
            self.env["ir.attachment"].create(
                {"name": "Offer", "res_model": record._name, "res_id": record.id, "raw": b"x"}
            )
        self.assertEqual(self.refusal(leads), {"None": ["document"]})

    def test_meeting_held(self):
        self.condition("meeting")
        lead = self.lead()
        events = self.env["calendar.event"].with_user(self.rep)
        times = {"start": NOW + timedelta(days=1), "stop": NOW + timedelta(days=1, hours=1)}
        events.create({"name": "Kick-off", "opportunity_id": lead.id, **times})
        self.assertEqual(self.refusal(lead), {"A deal": ["meeting"]}, "planned is not held")
        with self.at(NOW + timedelta(days=2)):
            self.assertPasses(lead)

    def test_meeting_that_was_an_activity(self):
        self.condition("meeting")
        lead = self.lead()
        activity = lead.activity_schedule("mail.mail_activity_data_meeting", summary="Kick-off")
        self.assertEqual(self.refusal(lead), {"A deal": ["meeting"]}, "planned is not held")
        activity.action_feedback(feedback="They liked it")
        self.assertPasses(lead)

    def test_quotations(self):
        self.condition("quotation_sent")
        self.add_condition(self.template, self.second, "quotation_accepted")
        lead = self.lead()
        partner = self.env["res.partner"].create({"name": "Buyer"})
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "opportunity_id": lead.id, "user_id": self.manager.id}
        )
        self.assertEqual(self.refusal(lead), {"A deal": ["quotation_sent"]})
        order.action_quotation_sent()
        self.assertPasses(lead)
        self.assertEqual(self.refusal(lead, self.third), {"A deal": ["quotation_accepted"]})
        order.action_confirm()
        self.assertPasses(lead, self.third)

    def test_days(self):
        self.condition("min_days", days=3)
        self.condition("max_days", days=6)
        lead = self.lead()
        with self.assertRaisesRegex(GateError, "possible from 03/05/2026"):
            lead.stage_id = self.second
        with self.at(NOW + timedelta(days=7)):
            self.assertEqual(self.refusal(lead), {"A deal": ["max_days"]})
        with self.at(NOW + timedelta(days=4)):
            self.assertPasses(lead)

    def test_message_of_the_administrator(self):
        self.condition("fields", fields=["partner_id"], message="Who buys?")
        with self.assertRaisesRegex(GateError, "- Who buys\\?"):
            self.lead().stage_id = self.second


class TestGate(GateCase):
    """The gate stands before every way of moving."""

    def test_all_opportunities_and_all_reasons_at_once(self):
        self.condition("fields", fields=["partner_id"])
        self.condition("min_days", days=2)
        self.add_condition(self.template, self.second, "fields", fields=["expected_revenue"])
        ready = self.lead_in(self.second, name="Ready", expected_revenue=3)
        leads = self.lead(name="One") | self.lead_in(self.second, name="Two") | ready
        self.assertEqual(self.refusal(leads, self.third), {"One": ["fields", "min_days"], "Two": ["fields"]})
        self.assertEqual(len(leads.stage_move_ids), 3, "nothing is half-written")

    def test_values_written_along_count(self):
        self.condition("fields", fields=["expected_revenue"])
        self.condition("domain", domain="[('expected_revenue', '>', 100)]")
        lead = self.lead()
        self.assertEqual(self.refusal(lead, expected_revenue=50), {"A deal": ["domain"]})
        self.assertPasses(lead, expected_revenue=500)
        self.assertEqual(lead.expected_revenue, 500)

    def test_values_taken_away_along_count(self):
        self.condition("fields", fields=["expected_revenue"])
        lead = self.lead(expected_revenue=500)
        self.assertEqual(self.refusal(lead, expected_revenue=0), {"A deal": ["fields"]})

    def test_back_and_lost_need_no_conditions(self):
        self.add_condition(self.template, self.second, "fields", fields=["partner_id"])
        lead = self.lead_in(self.second)
        lead.stage_id = self.first
        self.assertPasses(lead)
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")

    def test_won(self):
        self.condition("fields", fields=["partner_id"])
        lead = self.lead()
        for win in (lead.action_set_won, lead.action_set_won_rainbowman):
            with self.assertRaisesRegex(GateError, "can't advance to “Done deal” because:\n- Fill in: Contact"):
                win()
        self.assertEqual(lead.won_status, "pending")
        other = self.create_lead(name="Other")
        with self.assertRaises(GateError):
            (lead | other).action_set_won()
        self.assertEqual(other.won_status, "pending")

    def test_forward_only(self):
        self.template.stage_order = "forward"
        lead = self.lead()
        self.assertPasses(lead, self.third)
        with self.assertRaisesRegex(GateError, "never go back"):
            lead.stage_id = self.second

    def test_one_at_a_time(self):
        self.template.stage_order = "one"
        lead = self.lead()
        with self.assertRaisesRegex(GateError, "the next one is “Second”"):
            lead.stage_id = self.third
        with self.assertRaisesRegex(GateError, "the next one is “Second”"):
            lead.action_set_won()
        self.assertPasses(lead, self.second)
        self.assertPasses(lead, self.first)

    def test_starts_in_the_first_stage(self):
        self.condition("document")
        with self.assertRaisesRegex(UserError, "start in its first stage"):
            self.lead(stage_id=self.third.id)
        lead = self.create_lead(self.manager, template_id=self.template.id, stage_id=self.third.id)
        self.assertEqual(lead.stage_id, self.third)

    def test_no_way_around_by_another_template(self):
        self.condition("document")
        mine = self.lead_in(self.second)
        open_to_all = self.create_template("Free")
        for template in (open_to_all, self.env["opportunity.template"]):
            with self.assertRaisesRegex(UserError, "Only a sales manager can change the template"):
                mine.template_id = template
        beyond = self.create_lead(template_id=open_to_all.id, stage_id=self.third.id)
        with self.assertRaisesRegex(UserError, "Only a sales manager can change the template"):
            beyond.template_id = self.template
        with self.assertRaisesRegex(UserError, "Only a sales manager can change the template"):
            self.create_lead().write({"template_id": self.template.id, "stage_id": self.won.id})
        mine.with_user(self.manager).template_id = open_to_all
        self.assertEqual(mine.template_id, open_to_all)

    def test_no_way_around_by_naming_the_same_template(self):
        self.condition("document")
        for user in (self.rep, self.manager):
            self.assertEqual(
                self.refusal(self.lead().with_user(user), self.won, template_id=self.template.id),
                {"A deal": ["document"]},
            )

    def test_no_way_around_as_a_lead(self):
        self.condition("document")
        with self.assertRaisesRegex(UserError, "start in its first stage"):
            self.lead(type="lead", stage_id=self.won.id)
        lead = self.lead(type="lead")
        self.assertEqual(self.refusal(lead, self.won), {"A deal": ["document"]})

    def test_no_way_around_by_losing(self):
        self.condition("document")
        lead = self.lead()
        with self.assertRaises(GateError), self.cr.savepoint():
            lead.action_set_lost(stage_id=self.won.id)
        self.assertEqual((lead.stage_id, lead.active), (self.first, True))
        lead.action_set_lost(expected_revenue=7)
        self.assertEqual((lead.won_status, lead.expected_revenue), ("lost", 7))

    def test_wins_of_several_templates_are_told_at_once(self):
        self.condition("document")
        signed = self.create_stage("Signed", is_won=True)
        other = self.create_template("Other", [(self.second, 20, 0), (signed, 100, 0)])
        self.add_condition(other, self.second, "fields", fields=["partner_id"])
        leads = self.lead(name="One") | self.create_lead(name="Two", template_id=other.id)
        with self.assertRaisesRegex(
            GateError, "(?s)“One” can't advance to “Done deal”.*“Two” can't advance to “Signed”"
        ):
            leads.action_set_won()
        gate = leads.get_gate(self.won.id)
        self.assertEqual([lead["name"] for lead in gate["leads"]], ["One", "Two"])

    def test_wrong_template_can_be_corrected_at_the_start(self):
        self.condition("document")
        lead = self.lead()
        other = self.create_template("Other")
        lead.template_id = other
        lead.template_id = self.template
        self.assertEqual((lead.template_id, lead.stage_id), (self.template, self.first))

    def test_import_tells_of_each_row(self):
        self.condition("fields", fields=["partner_id"])
        self.condition("document", severity="warn")  # nobody is there to be asked
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        one, two = self.lead(name="One"), self.lead(name="Two", partner_id=buyer.id)
        rows = []
        for lead in (one, two):
            name = f"lead_{lead.id}"
            self.env["ir.model.data"].create(
                {"module": "__test__", "name": name, "model": "crm.lead", "res_id": lead.id}
            )
            rows.append([f"__test__.{name}", "Second"])
        result = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .with_context(opportunity_gate_ask=True)
            .load(["id", "stage_id"], rows)
        )
        self.assertEqual([message["rows"]["from"] for message in result["messages"]], [0])
        self.assertIn("Fill in: Contact", result["messages"][0]["message"])
        self.assertEqual(one.stage_id, self.first)

    def test_superuser_is_held_as_well(self):
        self.condition("fields", fields=["partner_id"])
        self.assertEqual(self.refusal(self.lead().sudo()), {"A deal": ["fields"]})
        self.assertEqual(self.refusal(self.lead().with_user(self.env.ref("base.user_root"))), {"A deal": ["fields"]})


class TestWarnings(GateCase):
    def setUp(self):
        super().setUp()
        self.condition("fields", fields=["partner_id"], severity="warn")

    def test_script_passes_and_the_history_says_so(self):
        lead = self.lead()
        self.assertPasses(lead)
        self.assertEqual(lead.stage_move_ids.sorted("id")[-1].passage, "Not met: Fill in: Contact")
        self.assertIn("Not met: Fill in: Contact", lead.message_ids[0].body)

    def test_person_is_asked(self):
        lead = self.lead()
        self.assertEqual(self.refusal(lead.with_context(opportunity_gate_ask=True)), {"A deal": ["fields"]})
        lead.with_context(opportunity_gate_ask=True).action_advance(self.second.id)
        self.assertEqual(lead.stage_id, self.second)

    def test_warning_does_not_soften_what_blocks(self):
        self.condition("document")
        lead = self.lead()
        self.assertEqual(self.refusal(lead), {"A deal": ["fields", "document"]})
        with self.assertRaises(GateError):
            lead.action_advance(self.second.id)

    def test_many_are_told_at_once(self):
        leads = self.env["crm.lead"].concat(*(self.lead() for _n in range(5)))
        self.env.flush_all()
        leads[0].stage_id = self.second
        before = self.env.cr.sql_log_count
        leads[1].stage_id = self.second
        self.env.flush_all()
        one = self.env.cr.sql_log_count - before
        before = self.env.cr.sql_log_count
        leads[2:].write({"stage_id": self.second.id})
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 2)
        self.assertEqual([("Not met" in lead.message_ids[0].body) for lead in leads], [True] * 5)


class TestOverride(GateCase):
    def setUp(self):
        super().setUp()
        self.condition("fields", fields=["partner_id"])

    def test_manager_with_a_reason(self):
        lead = self.lead()
        lead.with_user(self.manager).action_advance(self.second.id, "The board has agreed")
        self.assertEqual(lead.stage_id, self.second)
        move = lead.stage_move_ids.sorted("id")[-1]
        self.assertEqual(move.passage, "The board has agreed (not met: Fill in: Contact)")
        self.assertEqual(move.moved_by_id, self.manager)
        self.assertIn("The board has agreed", lead.message_ids[0].body)

    def test_manager_wins_with_a_reason(self):
        lead = self.lead()
        lead.with_user(self.manager).action_advance(self.won.id, "Signed on paper")
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.stage_move_ids.sorted("id")[-1].cause, "won")

    def test_manager_gives_a_reason(self):
        with self.assertRaisesRegex(UserError, "give a reason"):
            self.lead().with_user(self.manager).action_advance(self.second.id, " ")

    def test_manager_is_held_without(self):
        self.assertEqual(self.refusal(self.lead().with_user(self.manager)), {"A deal": ["fields"]})
        self.assertTrue(self.lead().with_user(self.manager).get_gate(self.second.id)["can_override"])

    def test_reason_left_out_over_xml_rpc(self):
        lead = self.lead()
        with self.assertRaises(GateError):
            lead.with_user(self.manager).action_advance(self.second.id, False)

    def test_others_cannot(self):
        lead = self.lead()
        for user in (self.rep, self.senior):
            with self.assertRaisesRegex(UserError, "Only a sales manager can override"):
                lead.with_user(user).action_advance(self.second.id, "Please")
            self.assertFalse(lead.with_user(user).get_gate(self.second.id)["can_override"])
        with self.assertRaises(UserError):
            lead.with_user(self.colleague).action_advance(self.second.id)
        self.assertEqual(lead.stage_id, self.first)

    def test_pass_cannot_be_forged(self):
        lead = self.lead().with_context(opportunity_gate_pass=["The board"], opportunity_history=True)
        self.assertEqual(self.refusal(lead), {"A deal": ["fields"]})


class TestWhatItTakes(GateCase):
    """The “?” beside the stage."""

    def test_conditions_before_trying(self):
        self.condition("fields", fields=["partner_id"], sequence=1)
        self.condition("document", severity="warn", sequence=2)
        lead = self.lead(partner_id=self.env["res.partner"].create({"name": "Buyer"}).id)
        self.assertEqual(
            lead.get_exit_conditions(),
            [
                {"text": "Filled in: Contact", "is_met": True, "is_blocking": True},
                {"text": "A document is in the file box", "is_met": False, "is_blocking": False},
            ],
        )

    def test_order_is_told(self):
        self.template.stage_order = "one"
        self.assertEqual(
            [told["text"] for told in self.lead().get_exit_conditions()], ["Stages are passed one at a time"]
        )

    def test_nothing_without_template(self):
        self.assertEqual(self.create_lead().get_exit_conditions(), [])

    def test_not_of_others(self):
        self.condition("document")
        lead = self.lead()
        for method, *args in (("get_exit_conditions",), ("get_gate", self.second.id)):
            with self.assertRaises(UserError):
                getattr(lead.with_user(self.colleague), method)(*args)


class TestConditionDefinition(GateCase):
    """What cannot be checked is refused where it is defined; what breaks later holds nobody back silently."""

    def test_domain_that_does_not_evaluate(self):
        for domain in ("[('no_such_field', '=', 1)]", "[('name', '=', ", "[('name', '~~', 1)]", "user.id", "1/0", "[]"):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.condition("domain", domain=domain)
        self.assertFalse(self.template.stage_ids.condition_ids)

    def test_domain_opens_no_door(self):
        for domain in ("user.env", "env['res.users']", "().__class__", "[('id', 'in', self.env)]"):
            with self.assertRaisesRegex(UserError, "cannot be evaluated"), self.cr.savepoint():
                self.condition("domain", domain=domain)

    def test_fields_are_chosen_and_can_be_filled(self):
        with self.assertRaisesRegex(UserError, "Choose the fields"):
            self.condition("fields")
        with self.assertRaisesRegex(UserError, "Choose other fields"):
            self.condition("fields", fields=["stage_move_ids"])

    def test_impossible_days(self):
        self.condition("min_days", days=10)
        with self.assertRaisesRegex(UserError, "No opportunity could leave"):
            self.condition("max_days", days=5)
        with self.assertRaisesRegex(UserError, "How many days"):
            self.condition("min_days", days=0)

    def test_won_stage_has_no_exit(self):
        with self.assertRaisesRegex(UserError, "Nobody advances from a won stage"):
            self.add_condition(self.template, self.won, "document")

    def test_broken_condition_says_so_and_lets_pass(self):
        condition = self.condition("domain", domain="[('expected_revenue', '>', 1)]")
        fields = self.condition("fields", fields=["partner_id"])
        lead = self.lead()
        self.env.flush_all()
        # a field that a module took along when it was uninstalled
        self.env.cr.execute(
            "UPDATE opportunity_template_condition SET domain = %s WHERE id = %s",
            ("[('x_gone', '=', 1)]", condition.id),
        )
        self.env.cr.execute(
            "UPDATE opportunity_template_condition SET field_names = 'x_gone' WHERE id = %s", (fields.id,)
        )
        self.env.invalidate_all()
        told = lead.get_exit_conditions()
        self.assertEqual([condition["is_met"] for condition in told], [False, False])
        self.assertPasses(lead)
        self.assertIn("cannot be checked any more", lead.stage_move_ids.sorted("id")[-1].passage)

    def test_rights(self):
        condition = self.condition("document")
        nobody = dict.fromkeys((self.employee, self.portal, self.public), "")
        self.assertRights(condition, {**nobody, self.rep: "r", self.senior: "r", self.manager: "crwd"})

    def test_only_the_text_is_corrected_in_use(self):
        condition = self.condition("document").with_user(self.manager)
        self.lead()
        condition.message = "The signed offer"
        with self.assertRaisesRegex(UserError, "make the next revision"):
            condition.severity = "warn"
        with self.assertRaisesRegex(UserError, "make the next revision"):
            self.template.with_user(self.manager).stage_order = "one"
        self.assertEqual(condition.summary, "The signed offer")
