from datetime import date, timedelta
from random import Random

from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools.credit import Share, peak
from .common import NOW, OpportunityCase
from .common_coverage import CoverageCase

TODAY = NOW.date()
YESTERDAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 3)


class TestCreditPeak(OpportunityCase):
    """The pure sum of shares with dates, against one that looks at every day."""

    def test_examples(self):
        self.assertEqual(peak([]), (0, date.min))
        self.assertEqual(peak([Share(30), Share(20.5)], TODAY), (50.5, TODAY))
        self.assertEqual(peak([Share(60, None, TODAY), Share(60, TOMORROW, None)], TODAY), (60, TODAY))
        self.assertEqual(peak([Share(60, None, TOMORROW), Share(60, TOMORROW, None)], TODAY), (120, TOMORROW))
        self.assertEqual(peak([Share(60, None, YESTERDAY), Share(40, YESTERDAY, YESTERDAY)], TODAY), (0, TODAY))
        self.assertEqual(peak([Share(100, date.min, date.max)], TODAY), (100, TODAY))
        self.assertEqual(peak([Share(33.33), Share(33.33), Share(33.34)], TODAY)[0], 100)

    def test_against_every_day(self):
        for seed in range(300):
            random = Random(seed)
            day = [TODAY + timedelta(days=number) for number in range(-3, 12)]
            shares = []
            for _number in range(random.randrange(6)):
                first, last = sorted(random.choices(day, k=2))
                shares.append(
                    Share(
                        random.choice([0, 10, 33.33, 50]),
                        first if random.random() < 0.8 else None,
                        last if random.random() < 0.8 else None,
                    )
                )
            days = [TODAY + timedelta(days=number) for number in range(20)]
            sums = {
                one: round(sum(s.credit for s in shares if (s.date_from or one) <= one <= (s.date_to or one)), 6)
                for one in days
            }
            total, when = peak(shares, TODAY)
            with self.subTest(seed):
                self.assertEqual(total, max(sums.values()))
                self.assertEqual(sums[when], total)


class CreditCase(CoverageCase):
    """The specialist has 30 % and the sponsor 20 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group.member_ids[0].credit = 30
        cls.group.member_ids[1].credit = 20

    def shares(self, lead, user=None):
        """Return what the form says: ``[(name, role, credit)]``."""
        return [
            (person["name"].split(" ")[0], person["role"], person["credit"])
            for person in lead.with_user(user or self.rep).coverage_people or []
        ]


class TestCreditAddsUp(CreditCase):
    def test_a_group_alone(self):
        self.group.member_ids[0].credit = 80
        with self.assertRefused(ValidationError, "members of Nights adds up to 100.5 % on .* 0.5 % too much"):
            self.group.with_user(self.manager).member_ids[1].credit = 20.5
        with self.assertRefused(ValidationError, "130 % on .* which is 30 % too much"):
            self.group.with_user(self.manager).member_ids = [
                self.prepare_member(self.manager, self.sponsor, {"credit": 30})
            ]

    def test_nothing_is_written_where_it_does_not_add_up(self):
        members = self.group.with_user(self.manager).member_ids
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.group.with_user(self.manager).write(
                {
                    "name": "Renamed",
                    "member_ids": [
                        Command.update(members[0].id, {"credit": 60}),
                        Command.update(members[1].id, {"credit": 60}),
                    ],
                }
            )
        self.env.invalidate_all()
        self.assertEqual(self.group.name, "Nights")
        self.assertEqual(members.mapped("credit"), [30, 20])

    def test_one_after_the_other(self):
        """Who comes when another has left has that one's share."""
        self.group.member_ids[0].write({"credit": 80, "date_to": TODAY})
        later = self.prepare_member(self.manager, self.specialist, {"credit": 80, "date_from": TOMORROW})
        self.group.member_ids = [later]
        with self.assertRefused(ValidationError, "180 % on 03/03/2026"):
            self.group.member_ids[0].date_to = TOMORROW

    def test_the_past_does_not_count(self):
        self.group.member_ids[0].write({"credit": 100, "date_to": YESTERDAY})
        self.group.member_ids = [self.prepare_member(self.manager, self.specialist, {"credit": 80})]
        self.assertEqual(self.group.credit_total, 100)
        self.assertEqual(self.group.credit_rest, 0)

    def test_groups_on_an_opportunity(self):
        days = self.create_group("Days", (self.manager, self.sponsor, {"credit": 60}))
        with self.assertRefused(ValidationError, "“A deal”: .* (Days, Nights|Nights, Days) adds up to 110 %"):
            self.create_lead(coverage_group_ids=(self.group | days).ids)
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        with self.assertRefused(ValidationError, "10 % too much"):
            lead.coverage_group_ids += days
        self.assertEqual(lead.coverage_group_ids, self.group)
        days.active = False
        lead.coverage_group_ids += days

    def test_a_group_that_others_cover_with(self):
        days = self.create_group("Days", (self.manager, self.sponsor, {"credit": 40}))
        self.create_lead(coverage_group_ids=(self.group | days).ids)
        closed = self.create_lead(coverage_group_ids=(self.group | days).ids)
        closed.action_set_lost()
        member = days.member_ids.with_user(self.manager)
        member.credit = 50
        with self.assertRefused(ValidationError, "101 % on .*\n.* groups together: 1."):
            member.credit = 51
        days.active = False
        member.credit = 51
        with self.assertRefused(ValidationError, "1 % too much"):
            days.active = True

    def test_a_contact_and_its_companies(self):
        company = self.env["res.partner"].create({"name": "Customer", "coverage_group_ids": self.group.ids})
        person = self.env["res.partner"].create({"name": "Buyer", "parent_id": company.id})
        days = self.create_group("Days", (self.manager, self.sponsor, {"credit": 60}))
        with self.assertRefused(ValidationError, "110 %"):
            person.coverage_group_ids = days
        stray = self.env["res.partner"].create({"name": "Stray", "coverage_group_ids": days.ids})
        stray.parent_id = company
        lead = self.create_lead(partner_id=stray.id)
        self.assertEqual(lead.coverage_group_ids, days, "an opportunity is never lost for its groups")

    def test_group_without_members(self):
        empty = self.create_group("Empty")
        lead = self.create_lead()
        with self.assertRefused(ValidationError, "have no members and would cover nothing: Empty. Add members"):
            lead.coverage_group_ids = empty
        self.assertFalse(lead.coverage_group_ids)
        contact = self.env["res.partner"].create({"name": "Customer"})
        with self.assertRefused(ValidationError, "no members"):
            contact.coverage_group_ids = empty
        contact.coverage_group_ids = self.group
        self.group.member_ids.unlink()
        self.assertFalse(self.create_lead(partner_id=contact.id).coverage_group_ids)

    def test_merging_leaves_out_what_is_too_much(self):
        days = self.create_group("Days", (self.manager, self.sponsor, {"credit": 60}))
        leads = self.create_lead(coverage_group_ids=self.group.ids) + self.create_lead(coverage_group_ids=days.ids)
        merged = leads.with_user(self.manager).merge_opportunity()
        self.assertEqual(len(merged.coverage_group_ids), 1)

    def test_many_opportunities_are_checked_together(self):
        leads = self.env["crm.lead"].create([{"name": str(n), "type": "opportunity"} for n in range(60)])
        self.env.flush_all()

        def queries(some):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._check_credit()
            return self.cr.sql_log_count - before

        leads.coverage_group_ids = self.group
        self.assertLessEqual(queries(leads), queries(leads[:2]))


class TestCreditOnTheForm(CreditCase):
    def test_people(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.assertEqual(
            self.shares(lead),
            [("rep", "Salesperson", 50), ("colleague", "Night Specialist", 30), ("senior", "Night Sponsor", 20)],
        )
        lead.user_id = False
        self.assertEqual(self.shares(lead, self.senior)[0], ("Nobody", "Salesperson", 50))
        self.assertFalse(self.create_lead().coverage_people)

    def test_who_covers_nothing_is_not_there(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.group.member_ids[0].date_to = YESTERDAY
        self.assertEqual(self.shares(lead), [("rep", "Salesperson", 80), ("senior", "Night Sponsor", 20)])
        self.senior.active = False
        self.assertEqual(self.shares(lead), [])
        self.senior.active = True
        self.group.active = False
        self.assertEqual(self.shares(lead), [])

    def test_company_of_the_opportunity(self):
        self.group.member_ids = [self.prepare_member(self.overseas, self.specialist, {"credit": 10})]
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.assertNotIn("overseas", [name for name, *_share in self.shares(lead)])


class TestCreditWhenClosed(CreditCase):
    """What was true when an opportunity was closed stays."""

    def kept(self, lead):
        return {share.user_id: share.credit for share in lead.sudo().credit_ids}

    def test_won_lost_and_opened_again(self):
        for close in (lambda lead: lead.action_set_won(), lambda lead: lead.action_set_lost()):
            lead = self.create_lead(coverage_group_ids=self.group.ids, template_id=self.template.id)
            self.assertFalse(self.kept(lead))
            close(lead)
            self.assertEqual(self.kept(lead), {self.colleague: 30, self.senior: 20})
            if lead.won_status == "won":
                lead.stage_id = self.first
            else:
                lead.action_restore()
            self.assertFalse(self.kept(lead))

    def test_created_and_imported_as_won(self):
        values = {"coverage_group_ids": self.group.ids, "template_id": self.template.id, "stage_id": self.won.id}
        lead = self.create_lead(user=self.manager, **values)
        self.assertEqual(self.kept(lead), {self.colleague: 30, self.senior: 20})

    def test_later_changes_of_the_group_change_nothing(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        lead.action_set_won()
        before = self.shares(lead)
        self.group.member_ids[0].credit = 70
        self.group.member_ids[1].unlink()
        self.colleague.active = False
        self.assertEqual(self.shares(lead), before)
        self.group.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.shares(lead), before)

    def test_other_groups_of_a_closed_opportunity(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        lead.action_set_won()
        lead.coverage_group_ids = self.create_group("Days", (self.manager, self.sponsor, {"credit": 60}))
        self.assertEqual(self.kept(lead), {self.manager: 60})
        lead.coverage_group_ids = False
        self.assertFalse(self.kept(lead))

    def test_who_covered_it_on_that_day(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        self.group.member_ids[0].date_to = TODAY
        with self.at(NOW + timedelta(days=1)):
            other = self.create_lead(coverage_group_ids=self.group.ids)
            (lead | other).action_set_won()
        self.assertEqual(self.kept(lead), {self.senior: 20})
        self.assertEqual(self.kept(other), {self.senior: 20})

    def test_role_of_a_closed_opportunity_stays(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        lead.action_set_won()
        self.group.member_ids.unlink()
        with self.assertRefused(Exception, "refer to these roles, which therefore cannot be deleted: Night Specialist"):
            self.specialist.with_user(self.manager).unlink()

    def test_rights(self):
        lead = self.create_lead(coverage_group_ids=self.group.ids)
        lead.action_set_won()
        people = self.rep + self.senior + self.manager + self.overseas + self.employee + self.portal
        self.assertRights(
            lead.sudo().credit_ids, {user: "r" if user in self.senior + self.manager else "" for user in people}
        )

    def test_many_are_closed_together(self):
        def close(count):
            leads = self.env["crm.lead"].create(
                [{"name": str(n), "type": "opportunity", "coverage_group_ids": self.group.ids} for n in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            leads.mapped("won_status")
            before = self.cr.sql_log_count
            leads.active = False
            leads._settle_credits()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        close(2)
        self.assertLessEqual(close(50), close(2) + 2)
