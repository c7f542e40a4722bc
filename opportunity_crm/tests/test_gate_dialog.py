from lxml import etree

from odoo.exceptions import AccessError

from ..exceptions import GateError
from .common import OpportunityCase


class TestGateDialog(OpportunityCase):
    """What the web client is told to resolve conditions in its dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Buyer"})

    def lead(self, **values):
        return self.create_lead(template_id=self.template.id, **values)

    def gate_of(self, lead, stage=None):
        return lead.get_gate((stage or self.second).id)["leads"][0]

    def shown_fields(self, names, user=None):
        form = self.env["crm.lead"].with_user(user or self.rep).get_gate_form(names)
        known = form["models"]["crm.lead"]["fields"]
        nodes = etree.fromstring(form["arch"]).iter("field")
        return {
            node.get("name"): node for node in nodes if node.get("invisible") != "True" and node.get("name") in known
        }

    def test_form_of_fields(self):
        nodes = self.shown_fields(["expected_revenue", "tag_ids", "partner_id", "user_id"])
        self.assertEqual(list(nodes), ["expected_revenue", "tag_ids", "partner_id", "user_id"])
        self.assertEqual(nodes["expected_revenue"].get("widget"), "monetary")
        self.assertEqual(nodes["tag_ids"].get("widget"), "many2many_tags")

    def test_form_brings_what_its_fields_need(self):
        form = self.env["crm.lead"].with_user(self.rep).get_gate_form(["expected_revenue", "user_id"])
        self.assertLessEqual({"company_currency", "team_id"}, form["models"]["crm.lead"]["fields"].keys())

    def test_form_leaves_out_what_nobody_could_fill(self):
        self.assertEqual(list(self.shown_fields(["x_gone", "order_ids", "lead_properties", "referred"])), ["referred"])

    def test_form_leaves_out_what_is_not_for_the_user(self):
        field = self.env["crm.lead"]._fields["referred"]
        self.patch(field, "groups", "sales_team.group_sale_manager")
        self.assertEqual(list(self.shown_fields(["referred", "street"])), ["street"])
        self.assertEqual(list(self.shown_fields(["referred", "street"], self.manager)), ["referred", "street"])

    def test_document_goes_to_the_contact(self):
        self.add_condition(self.template, self.first, "document")
        lead = self.lead(partner_id=self.customer.id)
        gate = self.gate_of(lead)
        self.assertEqual((gate["box_model"], gate["box_id"]), ("res.partner", self.customer.id))
        lead.partner_id = False
        gate = self.gate_of(lead)
        self.assertEqual((gate["box_model"], gate["box_id"]), ("crm.lead", lead.id))

    def test_document_goes_to_the_opportunity_of_a_protected_contact(self):
        self.add_condition(self.template, self.first, "document")
        self.env["ir.rule"].create(
            {
                "name": "Nobody edits contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.customer.id})]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        lead = self.lead(partner_id=self.customer.id)
        self.assertEqual(self.gate_of(lead)["box_model"], "crm.lead")

    def test_planned_meeting_is_told(self):
        self.add_condition(self.template, self.first, "meeting")
        lead = self.lead()
        self.assertEqual(self.gate_of(lead)["meeting_start"], "")
        self.env["calendar.event"].with_user(self.manager).create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "privacy": "private",
                "start": "2026-03-04 10:00:00",
                "stop": "2026-03-04 11:00:00",
            }
        )
        self.assertEqual(self.gate_of(lead)["meeting_start"], "2026-03-04 10:00:00")

    def test_next_stage_is_offered_only_one_at_a_time(self):
        self.template.stage_order = "one"
        lead = self.lead()
        unmet = self.gate_of(lead, self.third)["unmet"][0]
        self.assertEqual((unmet["next_stage_id"], unmet["next_stage_name"]), (self.second.id, "Second"))
        other = self.create_template("Straight on", stage_order="forward")
        lead = self.create_lead(self.manager, template_id=other.id, stage_id=self.second.id)
        self.assertNotIn("next_stage_id", self.gate_of(lead, self.first)["unmet"][0])

    def test_refusal_names_all_who_wanted_to_move(self):
        self.add_condition(self.template, self.first, "fields", ["referred"])
        held, free = self.lead(), self.lead(referred="Ann")
        untemplated = self.create_lead()
        leads = held | free | untemplated
        with self.assertRaises(GateError) as refused:
            leads.write({"stage_id": self.second.id})
        gate = refused.exception.context["opportunity_gate"]
        self.assertEqual(gate["lead_ids"], leads.ids)
        self.assertEqual([lead["id"] for lead in gate["leads"]], held.ids)

    def test_conditions_of_one_kind_can_be_told_apart(self):
        conditions = [
            self.add_condition(self.template, self.first, "fields", [name]) for name in ("referred", "date_deadline")
        ]
        unmet = self.gate_of(self.lead())["unmet"]
        self.assertEqual([found["condition_id"] for found in unmet], [condition.id for condition in conditions])

    def test_import_is_not_asked_by_the_web_client(self):
        self.add_condition(self.template, self.first, "fields", ["referred"], severity="warn")
        lead = self.lead(name="Imported")
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "warned", "model": "crm.lead", "res_id": lead.id}
        )
        leads = self.env["crm.lead"].with_user(self.rep).with_context(opportunity_gate_ask=True)
        result = leads.load(["id", "stage_id/.id"], [["__import__.warned", str(self.second.id)]])
        self.assertFalse(result["messages"])
        self.assertEqual(lead.stage_id, self.second)

    def test_help_is_offered_where_something_is_to_be_met(self):
        self.add_condition(self.template, self.first, "meeting")
        lead = self.lead()
        self.assertTrue(lead.has_exit_conditions)
        lead.action_set_lost()
        self.assertFalse(lead.has_exit_conditions)
        self.assertFalse(self.create_lead().has_exit_conditions)

    def test_help_before_winning(self):
        self.template.require_win_reason = True
        lead = self.lead()
        self.assertFalse(lead.has_exit_conditions)
        lead.stage_id = self.third
        self.assertTrue(lead.has_exit_conditions)
        self.assertEqual(
            lead.get_exit_conditions(), [{"text": "The reason for winning", "is_met": False, "is_blocking": True}]
        )
        lead.win_reason_id = self.env["opportunity.win.reason"].create({"name": "Price"})
        self.assertTrue(lead.get_exit_conditions()[0]["is_met"])

    def test_not_of_others(self):
        self.add_condition(self.template, self.first, "meeting")
        lead = self.lead().with_user(self.colleague)
        with self.assertRaises(AccessError):
            lead.get_gate(self.second.id)

    def test_lost_dialog_asks_for_a_required_reason(self):
        strict = self.create_template("Strict", require_loss_reason=True)
        lead, other = self.lead(), self.create_lead(template_id=strict.id)
        wizards = self.env["crm.lead.lost"].with_user(self.rep)
        self.assertFalse(wizards.create({"lead_ids": lead.ids}).is_reason_required)
        self.assertTrue(wizards.create({"lead_ids": (lead | other).ids}).is_reason_required)
