from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form

from .common import NOW, OpportunityCase


class TestTemplateLead(OpportunityCase):
    """Opportunities with a template: as a sales rep."""

    def test_first_stage_and_probability(self):
        lead = self.create_lead(template_id=self.template.id)
        self.assertEqual(lead.stage_id, self.first)
        self.assertEqual(lead.template_stage_id, self.template.stage_ids[0])
        self.assertEqual(lead.probability, 10)
        self.assertTrue(lead.is_automated_probability)

    def test_without_template_nothing_differs(self):
        lead = self.create_lead()
        self.assertFalse(lead.template_id)
        self.assertFalse(lead.stage_id.template_only)
        self.assertFalse(lead.template_stage_id)
        self.assertFalse(lead.is_over_target)
        lead.action_set_won()
        self.assertTrue(lead.stage_id.is_won)
        self.assertFalse(lead.stage_id.template_only)

    def test_new_in_the_form(self):
        action = self.template.with_user(self.rep).action_new_opportunity()
        form = Form(self.env["crm.lead"].with_user(self.rep).with_context(**action["context"]), action["view_id"][0])
        form.name = "From the chooser"
        lead = form.save()
        self.assertEqual(lead.template_id, self.template)
        self.assertEqual(lead.stage_id, self.first)

    def test_quick_create_in_a_column_of_another_pipeline(self):
        stage = self.env["crm.stage"].search([("template_only", "=", False)], limit=1)
        leads = self.env["crm.lead"].with_user(self.rep).with_context(default_stage_id=stage.id)
        lead = leads.create({"name": "Quick", "type": "opportunity", "template_id": self.template.id})
        self.assertEqual(lead.stage_id, self.first)

    def test_stage_of_another_template(self):
        stranger = self.create_stage("Stranger")
        lead = self.create_lead(template_id=self.template.id)
        with self.assertRaisesRegex(ValidationError, "has the stages First, Second, Third, Done deal"):
            lead.stage_id = stranger
        with self.assertRaisesRegex(ValidationError, "cannot be in the stage “Stranger”"):
            self.create_lead(template_id=self.template.id, stage_id=stranger.id)
        with self.assertRaisesRegex(ValidationError, "cannot be in the stage"):
            self.env["crm.lead"].with_user(self.rep).with_context(default_template_id=self.template.id).create(
                {"name": "By context", "stage_id": stranger.id}
            )

    def test_refusal_names_each_opportunity(self):
        leads = self.create_lead(name="Deal one", template_id=self.template.id)
        leads |= self.create_lead(name="Deal two", template_id=self.template.id)
        with self.assertRaises(ValidationError) as refused:
            leads.write({"stage_id": self.create_stage("Stranger").id})
        self.assertIn("Deal one", str(refused.exception))
        self.assertIn("Deal two", str(refused.exception))

    def test_import_of_a_stage_of_another_template(self):
        self.create_stage("Stranger")
        fields = ["name", "type", "template_id", "stage_id"]
        rows = [["Good", "Opportunity", "Deal", "Second"], ["Bad", "Opportunity", "Deal", "Stranger"]]
        leads = self.env["crm.lead"].with_user(self.rep)
        result = leads.load(fields, rows)
        self.assertIn("cannot be in the stage “Stranger”", result["messages"][0]["message"])
        self.assertFalse(result["ids"])
        self.assertFalse(leads.search([("name", "in", ["Good", "Bad"])]), "nothing is half imported")

    def test_template_of_another_company(self):
        self.template.company_id = self.other_company
        lead = self.create_lead()
        with self.assertRaises(UserError):
            lead.sudo().write({"template_id": self.template.id, "company_id": self.company.id})

    def test_template_that_is_not_offered(self):
        draft = self.create_template("Draft", activate=False)
        with self.assertRaisesRegex(ValidationError, "is not active"):
            self.create_lead(template_id=draft.id)
        self.template.team_ids = self.create_team("Inside Sales")
        with self.assertRaisesRegex(ValidationError, "is not offered to the team “Field Sales”"):
            self.create_lead(template_id=self.template.id, team_id=self.team.id)

    def test_archived_template_stays_on_its_opportunities(self):
        lead = self.create_lead(template_id=self.template.id)
        self.template.action_archive()
        lead.stage_id = self.second
        lead.name = "Still worked on"
        self.assertEqual(lead.template_id, self.template)
        self.assertEqual(lead.probability, 30)

    def test_team_follows_a_template_that_is_reserved(self):
        inside = self.create_team("Inside Sales", self.rep)
        self.template.team_ids = inside
        self.assertEqual(self.create_lead(template_id=self.template.id).team_id, inside)
        with Form(self.env["crm.lead"].with_user(self.rep)) as form:
            form.name = "Choose later"
            form.template_id = self.template
            self.assertEqual(form.team_id, inside)

    def test_default_of_the_team(self):
        self.team.opportunity_template_id = self.template
        lead = self.create_lead(team_id=self.team.id)
        self.assertEqual(lead.template_id, self.template)
        self.assertEqual(lead.stage_id, self.first)
        self.assertFalse(self.create_lead(team_id=self.team.id, template_id=False).template_id)
        self.assertFalse(self.create_lead(team_id=self.team.id, type="lead").template_id)

    def test_team_change_keeps_the_template_of_existing_opportunities(self):
        lead = self.create_lead(team_id=self.team.id)
        other = self.create_team("Other", self.rep, opportunity_template_id=self.template.id)
        lead.team_id = other
        self.assertFalse(lead.template_id)

    def test_converted_lead_gets_the_default_of_its_team(self):
        self.team.opportunity_template_id = self.template
        lead = self.create_lead(type="lead", team_id=self.team.id)
        lead.convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.template_id, self.template)
        self.assertEqual(lead.stage_id, self.first)
        self.assertEqual(len(lead.stage_move_ids), 1, "its history begins when it becomes an opportunity")

    def test_defaults_of_the_template(self):
        tag = self.env["crm.tag"].create({"name": "Key"})
        self.template.write({"tag_ids": tag.ids, "closing_days": 30})
        lead = self.create_lead(template_id=self.template.id)
        self.assertEqual(lead.tag_ids, tag)
        self.assertEqual(lead.date_deadline, Date.to_date("2026-04-01"))
        lead = self.create_lead(template_id=self.template.id, date_deadline="2026-12-24")
        self.assertEqual(lead.date_deadline, Date.to_date("2026-12-24"))

    def test_change_of_template(self):
        short = self.create_template("Short", [(self.second, 40, 3), (self.won, 100, 0)])
        shared = self.create_lead(template_id=self.template.id, stage_id=self.second.id)
        astray = self.create_lead(template_id=self.template.id, stage_id=self.third.id)
        (shared | astray).write({"template_id": short.id})
        self.assertEqual((shared | astray).stage_id, self.second)
        self.assertEqual((shared | astray).mapped("probability"), [40, 40])
        shared.template_id = False
        self.assertFalse(shared.stage_id.template_only, "without a template it is back in Odoo's pipeline")

    def test_duplicate_starts_again(self):
        lead = self.create_lead(template_id=self.template.id, stage_id=self.third.id)
        copy = lead.copy()
        self.assertEqual(copy.template_id, self.template)
        self.assertEqual(copy.stage_id, self.first)
        self.assertEqual(len(copy.stage_move_ids), 1)

    def test_duplicate_of_an_archived_template_begins_without(self):
        lead = self.create_lead(template_id=self.template.id)
        self.template.action_archive()
        self.assertFalse(lead.copy().template_id)


class TestTemplateProbability(OpportunityCase):
    def test_follows_the_stage(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.stage_id = self.second
        self.assertEqual(lead.probability, 30)
        lead.stage_id = self.won
        self.assertEqual(lead.probability, 100)

    def test_the_user_has_the_last_word(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.probability = 77
        lead.stage_id = self.second
        self.assertEqual(lead.probability, 77)
        lead.action_set_automated_probability()
        self.assertEqual(lead.probability, 30)

    def test_holds_against_predictive_scoring(self):
        """Odoo's cron writes probabilities in SQL; those of template stages stay, others move."""
        self.env["ir.config_parameter"].sudo().set_param("crm.pls_start_date", "2020-01-01")
        past = self.create_lead(name="Past") | self.create_lead(name="Past")
        past[0].action_set_won()
        past[1].action_set_lost()
        lead = self.create_lead(template_id=self.template.id)
        own = self.create_lead(template_id=self.template.id, probability=77)
        predicted = self.create_lead()
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.assertEqual(lead.probability, 10)
        self.assertEqual(own.probability, 77)
        self.assertNotEqual(predicted.automated_probability, 0)

    def test_stage_may_leave_it_to_the_prediction(self):
        self.env["ir.config_parameter"].sudo().set_param("crm.pls_start_date", "2020-01-01")
        past = self.create_lead(name="Past") | self.create_lead(name="Past")
        past[0].action_set_won()
        past[1].action_set_lost()
        self.template.stage_ids[0].use_automated_probability = True
        lead = self.create_lead(template_id=self.template.id)
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.assertNotEqual(lead.probability, 10)

    def test_restored_follows_the_stage_again(self):
        lead = self.create_lead(template_id=self.template.id, stage_id=self.second.id)
        lead.action_set_lost()
        self.assertEqual(lead.probability, 0)
        lead.action_restore()
        self.assertEqual(lead.probability, 30)

    def test_won_button(self):
        leads = self.create_lead(template_id=self.template.id) | self.create_lead()
        leads.action_set_won()
        self.assertEqual(leads[0].stage_id, self.won)
        self.assertFalse(leads[1].stage_id.template_only)
        self.assertEqual(leads.mapped("won_status"), ["won", "won"])

    def test_won_without_a_won_stage(self):
        lead = self.create_lead(template_id=self.template.id)
        self.won.is_won = False
        with self.assertRaisesRegex(UserError, "has no won stage any more"):
            lead.action_set_won()


class TestTargetDays(OpportunityCase):
    def test_over_target(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.flush_recordset()
        for days, over in ((4, False), (6, True)):
            with self.at(NOW + timedelta(days=days)):
                lead.invalidate_recordset(["stage_days", "is_over_target"])
                self.assertEqual(lead.stage_days, days)
                self.assertEqual(lead.is_over_target, over)
                found = lead.search([("is_over_target", "=", True), ("id", "=", lead.id)])
                self.assertEqual(bool(found), over)
                others = lead.search([("is_over_target", "=", False), ("id", "=", lead.id)])
                self.assertEqual(bool(others), not over)

    def test_closed_or_untargeted_are_never_over(self):
        lost = self.create_lead(template_id=self.template.id)
        untargeted = self.create_lead(template_id=self.template.id, stage_id=self.third.id)
        lost.action_set_lost()
        with self.at(NOW + timedelta(days=400)):
            leads = (lost | untargeted).with_context(active_test=False)
            leads.invalidate_recordset()
            self.assertFalse(any(leads.mapped("is_over_target")))
            self.assertFalse(leads.search([("is_over_target", "=", True), ("id", "in", leads.ids)]))
