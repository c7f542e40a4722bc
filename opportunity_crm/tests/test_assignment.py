from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import NOW
from .common_coverage import CoverageCase


class AssignmentCase(CoverageCase):
    """A template whose opportunities go to the four of the sales team by turns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rotation = cls.create_rotation(team_id=cls.team.id)
        cls.template.assignment_id = cls.rotation
        cls.members = {member.user_id: member for member in cls.team.crm_team_member_ids}

    @classmethod
    def create_rotation(cls, **values):
        return cls.env["opportunity.assignment"].create({"name": "Turns", **values})

    def create_rotation_of_group(self, *members, **values):
        group = self.create_group("Queue", *members)
        self.template.assignment_id = self.create_rotation(source="group", group_id=group.id, **values)
        return self.template.assignment_id

    def create_new(self, count=1, user=None, **values):
        """Create opportunities of the template with no word about who is to have them."""
        values = {"name": "New", "type": "opportunity", "template_id": self.template.id, **values}
        return self.env["crm.lead"].with_user(user or self.manager).create([dict(values) for _number in range(count)])

    def takers(self, count, **values):
        return "".join(lead.user_id.login[0] for lead in self.create_new(count, **values))


class TestTurns(AssignmentCase):
    def test_in_order_and_over_again(self):
        self.assertEqual(self.takers(6), "rcsmrc")
        self.assertEqual(self.takers(1), "s")
        self.assertEqual(self.rotation.turn_count, 7)
        self.assertEqual(self.rotation.next_user_id, self.manager)
        counts = {turn.user_id: turn.count for turn in self.rotation.turn_ids}
        self.assertEqual(counts, {self.rep: 2, self.colleague: 2, self.senior: 2, self.manager: 1})

    def test_what_the_opportunity_has(self):
        lead = self.create_new()
        self.assertEqual((lead.user_id, lead.team_id, lead.template_id), (self.rep, self.team, self.template))
        self.assertEqual(lead.assignment_id, self.rotation)
        self.assertEqual(lead.stage_move_ids.owner_id, self.rep, "in the history from the beginning")

    def test_given_wins(self):
        self.assertEqual(self.takers(2, user_id=self.senior.id), "ss")
        lead = self.env["crm.lead"].with_user(self.manager).with_context(default_user_id=self.senior.id)
        self.assertEqual(lead.create({"name": "New", "template_id": self.template.id}).user_id, self.senior)
        self.assertFalse(self.rotation.turn_count)
        self.assertFalse(self.create_new(user_id=self.senior.id).assignment_id)

    def test_nobody_is_as_good_as_not_given(self):
        self.assertEqual(self.takers(1, user_id=False), "r")

    def test_import(self):
        fields = ["name", "type", "template_id", "user_id"]
        rows = [["One", "Opportunity", "Deal", "senior"], ["Two", "Opportunity", "Deal", ""]]
        rows[0][3] = self.senior.name
        result = self.env["crm.lead"].with_user(self.manager).load(fields, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).user_id, self.senior | self.rep)

    def test_leads_and_other_templates_take_no_turn(self):
        self.create_new(type="lead", template_id=False)
        other = self.create_template("Other")
        self.create_new(template_id=other.id)
        self.create_new(template_id=False)
        self.assertFalse(self.rotation.turn_count)

    def test_whoever_sees_own_documents_only_keeps_what_they_create(self):
        lead = self.create_new(user=self.colleague)
        self.assertEqual(lead.user_id, self.colleague)
        self.assertFalse(self.create_new(user=self.colleague, user_id=False).user_id)
        self.assertFalse(self.rotation.turn_count)
        self.assertEqual(self.create_new(user=self.senior).user_id, self.rep)

    def test_default_template_of_the_team(self):
        self.team.opportunity_template_id = self.template
        for values in ({"team_id": self.team.id}, {}):
            lead = self.env["crm.lead"].with_user(self.manager).create({"name": "New", "type": "opportunity", **values})
            self.assertEqual(lead.template_id, self.template)
            self.assertTrue(lead.assignment_id)
        self.assertEqual(self.rotation.turn_count, 2)

    def test_copy_keeps_the_salesperson(self):
        lead = self.create_new()
        self.assertEqual(lead.copy().user_id, self.rep)
        self.assertFalse(lead.copy().assignment_id)
        self.assertEqual(self.rotation.turn_count, 1)

    def test_rolled_back_turn_was_never_taken(self):
        self.create_new()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.create_new()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self.takers(1), "c")
        self.assertEqual(self.rotation.turn_count, 2)

    def test_archived_rotation_assigns_nothing(self):
        self.rotation.active = False
        self.assertEqual(self.takers(1), "m")
        self.rotation.active = True
        self.assertEqual(self.takers(1), "r")

    def test_shared_by_two_templates(self):
        other = self.create_template("Other", assignment_id=self.rotation.id)
        vals_list = [
            {"name": "New", "type": "opportunity", "template_id": template.id}
            for template in (self.template, other, self.template)
        ]
        leads = self.env["crm.lead"].with_user(self.manager).create(vals_list)
        self.assertEqual(leads.mapped("user_id.login"), ["rep", "colleague", "senior"])

    def test_next_revision_goes_on(self):
        self.create_new(2)
        self.template.action_edit()
        draft = self.template.revision_ids - self.template
        draft.closing_days = 9
        draft._publish()
        self.assertEqual(self.takers(1, template_id=draft.id), "s")

    def test_rotation_can_be_chosen_while_the_template_is_in_use(self):
        self.create_new()
        self.template.with_user(self.manager).assignment_id = False
        self.assertEqual(self.takers(1), "m")


class TestWhoTakesTurns(AssignmentCase):
    def obstacles(self, rotation=None):
        people = (rotation or self.rotation)._get_participants(self.company)
        return {one.user.login: one.obstacle for one in people if one.obstacle}

    def test_capacity_of_the_team(self):
        self.rotation.mode = "ratio"
        for user, capacity in ((self.rep, 20), (self.colleague, 10), (self.senior, 0), (self.manager, 10)):
            self.members[user].assignment_max = capacity
        self.assertEqual(sorted(self.takers(8)), sorted("rrrrccmm"))
        self.assertEqual(self.obstacles(), {"senior": "No weight"})

    def test_absent_paused_archived(self):
        resource = self.env["resource.resource"].create({"name": "rep", "user_id": self.rep.id})
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "date_from": NOW - timedelta(days=1),
                "date_to": NOW + timedelta(days=1),
            }
        )
        self.members[self.colleague].assignment_optout = True
        self.senior.active = False
        self.assertEqual(self.takers(3), "mmm")
        self.assertEqual(self.obstacles()["colleague"], "Assignment paused")
        self.assertEqual(self.obstacles()["senior"], "Archived")
        self.assertRegex(self.obstacles()["rep"], "Absent until 3/3/26")
        with self.at(NOW + timedelta(days=2)):
            self.assertEqual(sorted(self.takers(2)), ["m", "r"], "nothing to catch up on")
        leave.time_type = "other"
        self.assertNotIn("rep", self.obstacles())

    def test_holiday_of_all_is_nobodys_absence(self):
        self.env["resource.resource"].create({"name": "rep", "user_id": self.rep.id})
        self.env["resource.calendar.leaves"].create(
            {"name": "New Year", "date_from": NOW - timedelta(days=1), "date_to": NOW + timedelta(days=1)}
        )
        self.assertEqual(self.takers(1), "r")

    def test_members_of_a_group(self):
        rotation = self.create_rotation_of_group(
            (self.senior, self.specialist),
            (self.manager, self.sponsor, {"date_to": "2026-03-01"}),
            (self.colleague, self.sponsor, {"is_turn_paused": True}),
            (self.rep, self.sponsor),
        )
        self.assertEqual(self.takers(4), "srsr")
        self.assertEqual(
            self.obstacles(rotation), {"manager": "Covers nothing today", "colleague": "Assignment paused"}
        )
        rotation.role_ids = self.specialist
        self.assertEqual(self.takers(2), "ss")
        rotation.group_id.active = False
        self.assertFalse(self.create_new().user_id)

    def test_weights_of_a_group_and_two_roles(self):
        rotation = self.create_rotation_of_group(
            (self.senior, self.specialist, {"turn_weight": 2}),
            (self.senior, self.sponsor, {"turn_weight": 1}),
            (self.rep, self.sponsor, {"turn_weight": 1}),
            mode="ratio",
        )
        self.assertEqual(sorted(self.takers(8)), sorted("ssssssrr"))
        rotation.mode = "equal"
        self.assertEqual(sorted(self.takers(4)), sorted("ssrr"))

    def test_nobody_is_there(self):
        self.team.crm_team_member_ids.assignment_optout = True
        lead = self.create_new()
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_id)
        self.assertFalse(self.rotation.next_user_id)

    def test_company_of_the_opportunity(self):
        rotation = self.create_rotation_of_group((self.overseas, self.sponsor), (self.senior, self.sponsor))
        self.assertEqual(self.takers(2), "ss")
        self.assertEqual(self.obstacles(rotation), {"overseas": f"Not in the company {self.company.name}"})
        lead = self.create_new(user=self.overseas)
        self.assertEqual((lead.user_id, lead.company_id), (self.overseas, self.other_company))

    def test_many_in_constant_queries(self):
        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["crm.lead"].with_user(self.manager)._assign_by_turn(
                [{"name": "New", "type": "opportunity", "template_id": self.template.id} for _number in range(count)]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(4)
        self.assertLessEqual(queries(200), queries(4))

    def test_no_rotation_costs_no_query(self):
        self.template.assignment_id = False
        leads = self.env["crm.lead"].with_user(self.manager)
        leads._assign_by_turn([{"name": "New"}])
        with self.assertQueryCount(0):
            leads._assign_by_turn([{"name": "New"}] * 50)


class TestTurnsElsewhere(AssignmentCase):
    """Other ways in which opportunities come."""

    def test_mail_gateway(self):
        self.team.opportunity_template_id = self.template
        leads = self.env["crm.lead"].sudo()
        message = {"subject": "Offer, please", "from": "buyer@example.com", "email_from": "buyer@example.com"}
        lead = leads.message_new(message, {"team_id": self.team.id, "type": "opportunity"})
        self.assertEqual((lead.user_id, lead.assignment_id), (self.rep, self.rotation))

    def test_converted_lead(self):
        self.team.opportunity_template_id = self.template
        vals = {"name": "Lead", "type": "lead", "user_id": False, "team_id": self.team.id}
        leads = self.env["crm.lead"].with_user(self.manager).create([vals] * 3)
        leads[0].convert_opportunity(False)
        self.assertEqual((leads[0].user_id, leads[0].template_id), (self.rep, self.template))
        leads[1].convert_opportunity(False, user_ids=self.senior.ids)
        self.assertEqual(leads[1].user_id, self.senior)
        leads[2].with_user(self.colleague).convert_opportunity(False)
        self.assertFalse(leads[2].user_id)

    def test_odoos_own_assignment_leaves_them_alone(self):
        self.env["ir.config_parameter"].sudo().set_param("crm.lead.auto.assignment", True)
        self.team.assignment_optout = False
        lead = self.create_new()
        before = lead.user_id
        self.team._action_assign_leads(force_quota=True)
        self.assertEqual(lead.user_id, before)

    def test_form(self):
        with Form(self.env["crm.lead"].with_user(self.manager), "crm.crm_lead_view_form") as form:
            form.name = "Deal"
            self.assertEqual(form.user_id, self.manager)
            form.template_id = self.template
            self.assertFalse(form.user_id)
            self.assertRegex(form.turn_notice, "By turn: rep .* is next")
        self.assertEqual(form.record.user_id, self.rep)
        with Form(self.env["crm.lead"].with_user(self.manager), "crm.crm_lead_view_form") as form:
            form.name = "Deal"
            form.template_id = self.template
            form.user_id = self.senior
            self.assertFalse(form.turn_notice)
        self.assertEqual(form.record.user_id, self.senior)
        with Form(self.env["crm.lead"].with_user(self.manager), "crm.crm_lead_view_form") as form:
            form.name = "Deal"
            form.template_id = self.template
            form.template_id = self.env["opportunity.template"]
            self.assertEqual(form.user_id, self.manager)

    def test_form_of_whoever_sees_own_documents_only(self):
        with Form(self.env["crm.lead"].with_user(self.colleague), "crm.crm_lead_view_form") as form:
            form.name = "Deal"
            form.template_id = self.template
            self.assertEqual(form.user_id, self.colleague)
            self.assertFalse(form.turn_notice)

    def test_mass_assignment(self):
        self.template.assignment_id = False
        waiting = self.create_new(3, user_id=False)
        given = self.create_new(user_id=self.senior.id)
        self.template.assignment_id = self.rotation
        action = (waiting | given).with_user(self.manager).action_assign_by_turn()
        self.assertEqual(waiting.mapped("user_id.login"), ["rep", "colleague", "senior"])
        self.assertEqual(given.user_id, self.senior)
        self.assertIn("rep", action["params"]["message"])
        with self.assertRefused(UserError, "None of these opportunities is open, has no salesperson"):
            waiting.with_user(self.manager).action_assign_by_turn()
        with self.assertRefused(AccessError, "see all opportunities"):
            self.create_lead().action_assign_by_turn()

    def test_mass_assignment_when_some_are_left(self):
        self.template.assignment_id = False
        waiting = self.create_new(2, user_id=False)
        self.template.assignment_id = self.rotation
        self.team.crm_team_member_ids.assignment_optout = True
        action = waiting.with_user(self.manager).action_assign_by_turn()
        self.assertFalse(waiting.user_id)
        self.assertEqual(action["params"]["type"], "warning")


class TestRotationDefinition(AssignmentCase):
    def test_somebody_must_take_turns(self):
        manager = self.env["opportunity.assignment"].with_user(self.manager)
        with self.assertRefused(ValidationError, "Choose a sales team or a coverage group for “Turns”"):
            manager.create({"name": "Turns"})
        empty = self.create_group("Empty")
        with self.assertRefused(ValidationError, "“Empty” has nobody who could take turns"):
            manager.create({"name": "Turns", "source": "group", "group_id": empty.id})
        with self.assertRefused(ValidationError, "“Nights” has nobody"):
            manager.create(
                {
                    "name": "Turns",
                    "source": "group",
                    "group_id": self.group.id,
                    "role_ids": self.env["opportunity.coverage.role"].create({"name": "Unheld"}).ids,
                }
            )

    def test_in_use_it_stays(self):
        with self.assertRefused(UserError, "These templates assign their opportunities by turns: Deal. Archive"):
            self.rotation.with_user(self.manager).unlink()
        self.template.assignment_id = False
        self.rotation.with_user(self.manager).unlink()

    def test_role_of_a_rotation_stays(self):
        rotation = self.create_rotation(source="group", group_id=self.group.id, role_ids=self.specialist.ids)
        self.group.member_ids.unlink()
        with self.assertRefused(UserError, "refer to these roles.*: Night Specialist"):
            self.specialist.with_user(self.manager).unlink()
        rotation.unlink()
        self.specialist.with_user(self.manager).unlink()

    def test_rights(self):
        people = self.rep + self.senior + self.manager + self.overseas + self.employee + self.portal + self.public
        table = dict.fromkeys(people, "") | {self.rep: "r", self.senior: "r"}
        self.assertRights(self.rotation, table | {self.manager: "crwd", self.overseas: "crwd"})
        self.create_new()
        turns = self.rotation.turn_ids
        self.assertRights(turns, dict.fromkeys(people, "") | {self.manager: "r", self.overseas: "r"})
        self.rotation.company_id = self.company
        self.assertRights(self.rotation, table | {self.manager: "crwd"})
        with self.assertRaises(AccessError):
            turns[0].with_user(self.manager).balance = 5

    def test_company(self):
        self.rotation.company_id = self.company
        with self.assertRefused(UserError, "company inconsistencies"):
            self.template.company_id = self.other_company
            self.template.flush_recordset()

    def test_copy_starts_from_nothing(self):
        self.create_new(3)
        copied = self.rotation.copy()
        self.assertEqual((copied.name, copied.turn_count), ("Turns (copy)", 0))
        self.assertFalse(copied.turn_ids)

    def test_who_takes_turns_is_shown(self):
        self.create_new()
        self.members[self.senior].assignment_optout = True
        people = self.rotation.with_user(self.manager).people
        self.assertEqual(
            [(person["name"].split(" ")[0], person["role"], person["count"]) for person in people],
            [("rep", "", 1), ("colleague", "Next", 0), ("senior", "Assignment paused", 0), ("manager", "", 0)],
        )
        self.assertEqual(self.template.with_user(self.rep).assignment_next_id, self.colleague)

    def test_who_has_left_the_team(self):
        self.members[self.rep].unlink()
        self.assertEqual(self.takers(1), "c")
