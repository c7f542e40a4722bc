from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import NOW
from .common_coverage import CoverageCase

TODAY = NOW.date()
YESTERDAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 3)


class TestCoverageRights(CoverageCase):
    def everyone(self, **letters):
        people = self.rep + self.senior + self.manager + self.overseas + self.employee + self.portal + self.public
        return {user: letters.get(user.login, "") for user in people}

    def test_definitions(self):
        table = self.everyone(rep="r", senior="r", manager="crwd", overseas="crwd")
        self.assertRights(self.specialist, table)
        self.assertRights(self.group, table)
        self.assertRights(self.group.member_ids, table)

    def test_group_of_a_company(self):
        self.group.company_id = self.company
        table = self.everyone(rep="r", senior="r", manager="crwd")
        self.assertRights(self.group, table)
        self.assertRights(self.group.member_ids, table)

    def test_shared_group_with_members_of_another_company(self):
        self.group.member_ids = [self.prepare_member(self.overseas, self.specialist)]
        group = self.group.with_user(self.manager)
        specification = {"user_id": {"fields": {"display_name": {}}}}
        names = [member["user_id"]["display_name"] for member in group.member_ids.web_read(specification)]
        self.assertEqual(names, group.user_ids.mapped("display_name"))

    def test_only_managers_choose_the_coverage_of_a_contact(self):
        self.rep.group_ids += self.env.ref("base.group_partner_manager")
        contact = self.env["res.partner"].create({"name": "Customer"})
        with self.assertRefused(AccessError, "Only sales administrators"):
            contact.with_user(self.rep).coverage_group_ids = self.group
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        contact.with_user(self.manager).coverage_group_ids = self.group
        with self.assertRefused(AccessError, "Only sales administrators"):
            contact.with_user(self.rep).coverage_group_ids = False
        contact.with_user(self.rep).name = "Renamed"
        self.assertEqual(contact.with_user(self.rep).coverage_group_ids, self.group)
        with self.assertRefused(AccessError, "Only sales administrators"):
            contact.with_user(self.rep).create({"name": "Other", "coverage_group_ids": self.group.ids})

    def test_people_outside_sales_use_contacts_as_before(self):
        contact = self.env["res.partner"].create({"name": "Customer", "coverage_group_ids": self.group.ids})
        self.assertNotIn("coverage_group_ids", contact.with_user(self.employee).fields_get())
        self.assertNotIn("coverage_group_ids", contact.with_user(self.employee).get_view(view_type="form")["arch"])
        with self.assertRaises(AccessError):
            contact.with_user(self.employee).read(["coverage_group_ids"])


class TestCoverageDefinition(CoverageCase):
    def test_role_name_once(self):
        with self.assertRefused(ValidationError, "already a role of this name: night  SPECIALIST"):
            self.env["opportunity.coverage.role"].create({"name": "night  SPECIALIST"})
        self.sponsor.active = False
        with self.assertRefused(ValidationError, "restore it"):
            self.specialist.name = "Night Sponsor"
        self.assertEqual(self.specialist.copy().name, "Night Specialist (copy)")

    def test_role_in_use_stays(self):
        self.group.company_id = self.company
        role = self.specialist.with_user(self.overseas)
        with self.assertRefused(UserError, "cannot be deleted: Night Specialist. Archive them"):
            role.unlink()
        role.action_archive()
        self.group.member_ids.unlink()
        role.unlink()
        self.assertFalse(role.exists())

    def test_group_takes_its_members_and_not_its_opportunities(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        members = self.group.member_ids
        self.group.with_user(self.manager).unlink()
        self.assertFalse(members.exists())
        self.assertTrue(lead.exists())
        self.assertFalse(lead.coverage_group_ids)

    def test_duplicate_of_a_group(self):
        copied = self.group.copy()
        self.assertEqual(copied.name, "Nights (copy)")
        self.assertEqual(copied.member_ids.user_id, self.group.member_ids.user_id)

    def test_members_are_internal_users(self):
        for user in (self.portal, self.public):
            with self.assertRefused(ValidationError, "Only internal users"):
                self.group.member_ids = [self.prepare_member(user, self.specialist)]

    @mute_logger("odoo.sql_db")
    def test_credit_and_dates(self):
        for values in ({"credit": -1}, {"date_from": TOMORROW, "date_to": TODAY}):
            with self.subTest(values), self.assertRaises(CheckViolation):
                self.group.member_ids[0].write(values)
        self.group.member_ids[0].write({"credit": 100, "date_from": TODAY, "date_to": TODAY})
        self.assertEqual(self.group.member_ids[0].credit, 100)

    def test_once_per_role_at_a_time(self):
        def join(date_from=False, date_to=False, role=self.specialist):
            values = {"date_from": date_from, "date_to": date_to}
            self.group.member_ids = [self.prepare_member(self.colleague, role, values)]

        join(role=self.sponsor)
        for dates in ((), (TODAY,), (False, TODAY), (TODAY, TODAY)):
            with self.subTest(dates), self.assertRefused(ValidationError, "twice at the same time"):
                join(*dates)
        self.group.member_ids[0].date_to = TODAY
        join(TOMORROW)
        with self.assertRefused(ValidationError, "colleague .* has the role “Night Specialist” twice"):
            self.group.member_ids[0].date_to = TOMORROW

    def test_members_may_use_the_company(self):
        self.group.member_ids = [self.prepare_member(self.overseas, self.specialist)]
        with self.assertRefused(UserError, "company inconsistencies"):
            self.group.company_id = self.company
        self.group.member_ids.filtered(lambda member: member.user_id == self.overseas).unlink()
        self.group.company_id = self.company
        with self.assertRefused(UserError, "company inconsistencies"):
            self.group.member_ids = [self.prepare_member(self.overseas, self.specialist)]

    def test_role_is_held(self):
        """A role is held while somebody current has it, whatever the one who asks may see."""
        role = self.specialist.with_user(self.overseas)
        self.group.company_id = self.company
        member = self.group.member_ids[0]
        self.assertTrue(role.is_held)
        self.assertEqual(role._get_holders(), self.colleague)
        self.assertEqual((role | self.sponsor)._get_holders(), self.colleague | self.senior)
        for record, values in (
            (self.group, {"active": False}),
            (self.colleague, {"active": False}),
            (member, {"date_to": YESTERDAY}),
            (member, {"date_from": TOMORROW}),
        ):
            undo = {name: record[name] for name in values}
            record.write(values)
            with self.subTest(record=record, values=values):
                self.assertFalse(role.is_held)
                self.assertFalse(role._get_holders())
                self.assertEqual(self.group.user_ids, self.senior if record != self.group else self.env["res.users"])
            record.write(undo)
        self.assertTrue(role.is_held)

    def test_opportunities_of_a_group(self):
        self.create_lead(coverage_group_ids=self.group.ids)
        self.create_lead(user=self.colleague, coverage_group_ids=self.group.ids)
        self.create_lead(coverage_group_ids=self.group.ids, type="lead")
        self.create_lead()
        for user, count in ((self.rep, 1), (self.senior, 2)):
            group = self.group.with_user(user)
            action = group.action_view_opportunities()
            self.assertEqual(group.lead_count, count)
            self.assertEqual(self.env["crm.lead"].with_user(user).search_count(action["domain"]), count)
        self.group.active = False
        self.assertEqual(self.group.with_user(self.senior).lead_count, 2)


class TestRoleUsers(CoverageCase):
    def test_holder(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        roles = self.specialist | self.sponsor
        self.assertEqual(
            lead._get_role_users(roles),
            {(lead.id, self.specialist.id): self.colleague, (lead.id, self.sponsor.id): self.senior},
        )
        self.assertEqual(self.create_lead()._get_role_users(roles), {})
        self.assertEqual(lead._get_role_users(roles.browse()), {})
        self.assertEqual(lead.browse()._get_role_users(roles), {})

    def test_first_member(self):
        first = self.create_group("Days", (self.manager, self.specialist, {"sequence": 5}))
        lead = self.create_lead(coverage_group_ids=(self.group | first).ids)
        self.assertEqual(self.holder(lead), self.manager)
        first.member_ids.sequence = 10
        self.assertEqual(self.holder(lead), self.colleague)
        self.group.member_ids[0].sequence = 11
        self.assertEqual(self.holder(lead), self.manager)

    def test_dates(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        member = self.group.member_ids[0]
        for date_from, date_to, covers in (
            (TODAY, TODAY, True),
            (YESTERDAY, False, True),
            (False, TOMORROW, True),
            (False, YESTERDAY, False),
            (TOMORROW, False, False),
        ):
            member.write({"date_from": date_from, "date_to": date_to})
            with self.subTest(date_from=date_from, date_to=date_to):
                self.assertEqual(bool(self.holder(lead)), covers)
                self.assertEqual(member.is_current, covers)

    def test_next_in_line_when_the_first_is_not_there(self):
        self.group.member_ids = [self.prepare_member(self.manager, self.specialist, {"sequence": 20})]
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.group.member_ids[0].date_to = YESTERDAY
        self.assertEqual(self.holder(lead), self.manager)
        self.group.member_ids[0].date_to = False
        self.colleague.active = False
        self.assertEqual(self.holder(lead), self.manager)

    def test_archived_group_and_former_colleagues_cover_nothing(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.group.active = False
        self.assertIsNone(self.holder(lead))
        self.group.active = True
        self.assertEqual(self.holder(lead), self.colleague)
        self.colleague.group_ids = self.env.ref("base.group_portal")
        self.assertIsNone(self.holder(lead))

    def test_company_of_the_opportunity(self):
        self.group.member_ids = [self.prepare_member(self.overseas, self.specialist, {"sequence": 1})]
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        lead.company_id = self.company
        self.assertEqual(self.holder(lead), self.colleague)
        lead.sudo().write({"user_id": False, "team_id": False, "company_id": False})
        self.assertEqual(self.holder(lead.sudo()), self.overseas)

    def test_group_of_another_company(self):
        self.colleague.company_ids += self.other_company
        self.senior.company_ids += self.other_company
        self.group.company_id = self.other_company
        with self.assertRefused(UserError, "company inconsistencies"):
            self.create_lead(user=self.colleague, coverage_group_ids=self.group.ids, company_id=self.company.id)
        lead = self.create_lead(user=self.overseas, coverage_group_ids=self.group.ids)
        self.assertEqual(lead.company_id, self.other_company)
        self.assertEqual(self.holder(lead), self.colleague)
        # a new salesperson takes the opportunity along to another company
        lead = lead.with_user(self.env.user)
        lead.write({"user_id": self.rep.id, "team_id": self.team.id})
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual(lead.coverage_group_ids, self.group)
        self.assertIsNone(self.holder(lead))

    def test_asked_by_somebody_who_may_not_read_the_holder(self):
        self.group.member_ids = [self.prepare_member(self.overseas, self.specialist, {"sequence": 1})]
        self.overseas.company_ids += self.company
        lead = self.create_lead(coverage_group_ids=self.group.ids).with_user(self.employee)
        self.assertEqual(self.holder(lead), self.overseas)

    def test_hundred_opportunities_in_one_query(self):
        other = self.create_group("Days", (self.manager, self.specialist))
        leads = self.env["crm.lead"].with_user(self.rep)
        for group in (self.group, other):
            leads += leads.create(
                [{"name": str(n), "user_id": self.rep.id, "coverage_group_ids": group.ids} for n in range(50)]
            )
        roles = self.specialist | self.sponsor
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            holders = leads._get_role_users(roles)
        self.assertEqual(len(holders), 150)
        self.assertEqual(holders[leads[0].id, self.sponsor.id], self.senior)
        self.assertEqual(holders[leads[99].id, self.specialist.id], self.manager)
