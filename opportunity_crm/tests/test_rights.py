from odoo.exceptions import AccessError

from .common import OpportunityCase


class TestRights(OpportunityCase):
    def everyone(self, **letters):
        """A truth table in which whoever is not named may do nothing."""
        people = (
            self.rep,
            self.colleague,
            self.senior,
            self.manager,
            self.overseas,
            self.employee,
            self.portal,
            self.public,
        )
        return {user: letters.get(user.login, "") for user in people}

    def test_shared_template(self):
        table = self.everyone(rep="r", colleague="r", senior="r", manager="crwd", overseas="crwd")
        self.assertRights(self.template, table)
        self.assertRights(self.template.stage_ids, table)

    def test_template_of_a_company(self):
        self.template.company_id = self.company
        table = self.everyone(rep="r", colleague="r", senior="r", manager="crwd")
        self.assertRights(self.template, table)
        self.assertRights(self.template.stage_ids, table)

    def test_history_follows_the_opportunity(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.sudo().company_id = self.company
        self.assertRights(lead.sudo().stage_move_ids, self.everyone(rep="r", senior="r", manager="r"))
        lead.sudo().user_id = False
        lead.sudo().company_id = self.company
        self.assertRights(lead.sudo().stage_move_ids, self.everyone(rep="r", colleague="r", senior="r", manager="r"))

    def test_history_of_archived_opportunities(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.action_set_lost()
        found = self.env["opportunity.stage.move"].with_user(self.rep).search([("lead_id", "=", lead.id)])
        self.assertEqual(len(found), 2)
        hidden = self.env["opportunity.stage.move"].with_user(self.colleague).search([("lead_id", "=", lead.id)])
        self.assertFalse(hidden)

    def test_history_of_others_leaks_nowhere(self):
        lead = self.create_lead(user=self.colleague, template_id=self.template.id)
        moves = self.env["opportunity.stage.move"].with_user(self.rep)
        self.assertFalse(moves.search_count([("lead_id", "=", lead.id)]))
        self.assertFalse(moves._read_group([("lead_id", "=", lead.id)], ["to_stage_id"]))
        self.rep.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            moves.browse(lead.sudo().stage_move_ids.ids).export_data(["lead_id", "date"])

    def test_reps_define_nothing(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.rep).action_draft()
        with self.assertRaises(AccessError):
            self.template.stage_ids[0].with_user(self.rep).probability = 1
        with self.assertRaises(AccessError):
            self.template.with_user(self.senior).copy()
        with self.assertRaises(AccessError):
            self.team.with_user(self.rep).opportunity_template_id = self.template

    def test_chooser_offers_what_the_person_may_use(self):
        action = self.env.ref("opportunity_crm.opportunity_template_action_choose")
        inside = self.create_team("Inside Sales", self.colleague)
        reserved = self.create_template("Reserved", team_ids=inside.ids)
        draft = self.create_template("Draft", activate=False)
        abroad = self.create_template("Abroad", company_id=self.other_company.id)

        def offered(user):
            domain = [
                term if isinstance(term, str) else tuple(user.id if part == "uid" else part for part in term)
                for term in eval(action.domain, {"uid": "uid"})
            ]
            return self.env["opportunity.template"].with_user(user).search(domain)

        self.assertIn(self.template, offered(self.rep))
        self.assertNotIn(reserved, offered(self.rep))
        self.assertIn(reserved, offered(self.colleague))
        self.assertNotIn(draft, offered(self.manager))
        self.assertNotIn(abroad, offered(self.rep))

    def test_rep_works_a_template_from_start_to_end(self):
        """Nothing on the way needs more than the rights of a sales rep."""
        lead = self.create_lead(template_id=self.template.id)
        for stage in (self.second, self.third, self.won):
            lead.stage_id = stage
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(len(lead.stage_move_ids), 4)
