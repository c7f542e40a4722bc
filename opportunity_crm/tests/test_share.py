from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import NOW
from .common_coverage import CoverageCase

YESTERDAY, TODAY, TOMORROW = date(2026, 3, 1), NOW.date(), date(2026, 3, 3)


class ShareCase(CoverageCase):
    """An opportunity of a rep, and a colleague with own documents who does not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.create_lead(cls.rep, name="Turbine")
        cls.other = cls.create_lead(cls.rep, name="Boiler")

    def share(self, user=None, leads=None, by=None, **values):
        """Share opportunities (the turbine) as somebody (its salesperson) with a user (the colleague)."""
        if not {"team_id", "coverage_group_id", "group_id"} & values.keys():
            values["user_id"] = (user or self.colleague).id
        shares = self.env["opportunity.share"].with_user(by or self.rep)
        return shares.create([{"lead_id": lead.id, **values} for lead in leads or self.lead])

    def access(self, user, lead=None):
        """Return what the user may do, after all that is cached: ``""``, ``"r"`` or ``"rw"``; search must agree."""
        mine = (lead or self.lead).with_user(user)
        letters = ("r" if mine.has_access("read") else "") + ("w" if mine.has_access("write") else "")
        found = mine.search([("id", "=", mine.id)])
        self.assertEqual(bool(found), "r" in letters, f"search and check_access disagree for {user.login}")
        return letters


class TestShareAccess(ShareCase):
    def test_without_a_share(self):
        self.assertEqual(self.access(self.colleague), "")

    def test_with_a_user_to_read(self):
        self.share()
        self.assertEqual(self.access(self.colleague), "r")
        self.assertEqual(self.access(self.colleague, self.other), "")
        with self.assertRaises(AccessError):
            self.lead.with_user(self.colleague).name = "Mine"

    def test_with_a_user_to_edit(self):
        self.share(access="edit")
        self.assertEqual(self.access(self.colleague), "rw")
        self.lead.with_user(self.colleague).write({"name": "Bigger", "expected_revenue": 9})
        with self.assertRaises(AccessError):
            self.lead.with_user(self.colleague).unlink()

    def test_with_a_team(self):
        team = self.create_team("Other", self.colleague)
        self.share(team_id=team.id)
        self.assertEqual(self.access(self.colleague), "r")
        team.crm_team_member_ids.active = False
        self.env.invalidate_all()
        self.assertEqual(self.access(self.colleague), "")

    def test_with_the_leader_of_a_team(self):
        self.share(team_id=self.create_team("Other", user_id=self.colleague.id).id)
        self.assertEqual(self.access(self.colleague), "r")

    def test_with_a_coverage_group(self):
        self.share(coverage_group_id=self.group.id)
        self.assertEqual(self.access(self.colleague), "r")
        self.group.active = False
        self.assertEqual(self.access(self.colleague), "")

    def test_with_a_user_group_and_those_that_imply_it(self):
        base = self.env["res.groups"].create({"name": "Base"})
        above = self.env["res.groups"].create({"name": "Above", "implied_ids": base.ids})
        self.share(group_id=base.id)
        self.assertEqual(self.access(self.colleague), "")
        self.colleague.group_ids += above
        self.assertEqual(self.access(self.colleague), "r")
        self.colleague.group_ids -= above
        self.assertEqual(self.access(self.colleague), "")

    def test_from_a_day_to_a_day(self):
        self.share(access="edit", date_start=TOMORROW, date_end=TOMORROW)
        self.assertEqual(self.access(self.colleague), "")
        for day, letters in ((3, "rw"), (4, "")):
            with self.at(NOW.replace(day=day)):
                self.lead.invalidate_recordset()
                self.assertEqual(self.access(self.colleague), letters)

    def test_no_time_zone_extends_a_share(self):
        self.share(date_end=TODAY)
        with self.at(NOW.replace(day=3, hour=1)):
            self.lead.invalidate_recordset()
            mine = self.lead.with_user(self.colleague).with_context(tz="Pacific/Honolulu")
            self.assertFalse(mine.has_access("read"))
            self.assertFalse(mine.search([("id", "=", mine.id)]))

    def test_revoked(self):
        share = self.share()
        share.with_user(self.rep).action_revoke()
        self.assertEqual(self.access(self.colleague), "")
        self.assertEqual((share.state, share.revoked_by_id, share.date_revoked), ("revoked", self.rep, NOW))
        self.assertEqual(self.lead.share_ids, share)

    def test_covered(self):
        self.lead.coverage_group_ids = self.group
        self.assertEqual(self.access(self.colleague), "rw")
        self.group.member_ids.filtered(lambda member: member.user_id == self.colleague).date_to = YESTERDAY
        self.assertEqual(self.access(self.colleague), "")

    def test_group_that_is_no_longer_applied(self):
        self.lead.coverage_group_ids = self.group
        self.assertEqual(self.access(self.colleague), "rw")
        self.lead.coverage_group_ids = False
        self.assertEqual(self.access(self.colleague), "")

    def test_company(self):
        """A user group knows no company; the rule on companies holds all the same."""
        group = self.env["res.groups"].create({"name": "All", "user_ids": (self.colleague | self.overseas).ids})
        self.overseas.group_ids = self.env.ref("sales_team.group_sale_salesman") | group
        self.lead.company_id = self.company
        self.share(group_id=group.id)
        self.assertEqual(self.access(self.colleague), "r")
        self.assertEqual(self.access(self.overseas), "")

    def test_people_without_sales_rights(self):
        group = self.env["res.groups"].create({"name": "All", "user_ids": (self.employee | self.portal).ids})
        self.share(group_id=group.id)
        for user in self.employee | self.portal:
            self.assertFalse(self.lead.with_user(user).has_access("read"))


class TestShareRights(ShareCase):
    def test_who_shares(self):
        self.share()
        for user in (self.colleague, self.employee):
            with self.assertRaises(AccessError):
                self.share(self.senior, by=user)
        with self.assertRefused(AccessError, "Only the salesperson"):
            self.lead.coverage_group_ids = self.group
            self.share(self.manager, by=self.colleague)
        self.share(self.manager, by=self.senior)

    def test_editor_cannot_pass_it_on(self):
        share = self.share(access="edit")
        mine = self.lead.with_user(self.colleague)
        for values in (
            {"user_id": self.colleague.id},
            {"user_id": False},
            {"coverage_group_ids": [Command.link(self.group.id)]},
            {"share_ids": [Command.create({"user_id": self.senior.id})]},
            {"share_ids": [Command.update(share.id, {"date_end": False})]},
        ):
            with self.assertRefused(AccessError, "Only its salesperson"):
                mine.write(values)
        mine.write({"user_id": self.rep.id})
        for values in ({"access": "read"}, {"active": False}, {"date_end": TOMORROW}):
            with self.assertRefused(AccessError, "Only the salesperson"):
                share.with_user(self.colleague).write(values)
        with self.assertRefused(AccessError, "Only the salesperson"):
            self.share(self.senior, by=self.colleague)

    def test_editor_cannot_take_it_by_merging(self):
        self.share(access="edit")
        mine = self.create_lead(self.colleague)
        with self.assertRefused(AccessError, "can merge it"):
            (mine | self.lead.with_user(self.colleague)).merge_opportunity()

    def test_refusal_tells_nothing(self):
        """What is refused is not created first, or its own right would let the name be read for the error."""
        values = {"lead_id": self.lead.id, "user_id": self.colleague.id, "access": "edit"}
        shares = self.env["opportunity.share"].with_user(self.colleague)
        default = shares.with_context(default_lead_id=self.lead.id)
        for model, vals_list in (
            (shares, [values]),
            (shares, [values, values]),
            (default, [{"user_id": self.colleague.id, "access": "edit"}]),
        ):
            with self.assertRaises(AccessError) as refused:
                model.create(vals_list)
            self.assertNotIn("Turbine", str(refused.exception))

    def test_dialogs_are_about_what_one_reads_and_ones_own(self):
        for model in ("opportunity.access.explanation", "opportunity.next.action"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.colleague).create({"lead_id": self.lead.id})
            dialog = self.env[model].with_user(self.rep).create({"lead_id": self.lead.id})
            self.assertRights(dialog, {self.rep: "crw", self.colleague: "", self.senior: ""})

    def test_share_is_not_given_to_another(self):
        share = self.share()
        for values in ({"lead_id": self.other.id}, {"user_id": self.senior.id}, {"granted_by_id": self.senior.id}):
            with self.assertRefused(UserError, "cannot be given to somebody else"):
                share.with_user(self.rep).write(values)
        with self.assertRaises(AccessError):
            share.with_user(self.rep).unlink()

    def test_nobody_signs_for_somebody_else(self):
        share = self.share(granted_by_id=self.manager.id, revoked_by_id=self.manager.id, active=False)
        self.assertEqual((share.granted_by_id, share.revoked_by_id.id, share.active), (self.rep, False, True))

    def test_history_stays(self):
        share = self.share(date_end=TODAY)
        with self.at(NOW.replace(day=5)), self.assertRefused(UserError, "stays as history"):
            share.invalidate_recordset()
            share.with_user(self.rep).date_end = date(2026, 4, 1)

    def test_who_reads_shares(self):
        share = self.share()
        table = {self.rep: "crw", self.colleague: "crw", self.senior: "crw", self.manager: "crw", self.employee: ""}
        self.assertRights(share, {**table, self.portal: ""})
        self.assertFalse(self.share(self.senior, leads=self.other).with_user(self.colleague).has_access("read"))

    def test_duplicate_is_not_shared(self):
        self.share(access="edit")
        copied = self.lead.with_user(self.colleague).copy({"user_id": self.colleague.id})
        self.assertFalse(copied.share_ids)


class TestShareInput(ShareCase):
    @mute_logger("odoo.sql_db")
    def test_with_nobody_or_two(self):
        for values in ({"user_id": False}, {"user_id": self.colleague.id, "team_id": self.team.id}):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                self.env["opportunity.share"].with_user(self.rep).create({"lead_id": self.lead.id, **values})

    def test_with_whom_not(self):
        with self.assertRefused(ValidationError, "internal users only"):
            self.share(self.portal)
        with self.assertRefused(ValidationError, "cannot use CRM"):
            self.share(self.employee)
        self.lead.company_id = self.company
        with self.assertRefused(UserError, "company"):
            self.share(self.overseas)

    def test_dates(self):
        with self.assertRefused(ValidationError, "in the past"):
            self.share(date_end=YESTERDAY)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.share(date_start=date(2026, 3, 9), date_end=TOMORROW)

    def test_twice(self):
        self.share(date_end=TOMORROW)
        with self.assertRefused(ValidationError, "already"):
            self.share()
        self.share(date_start=date(2026, 3, 9))


class TestShareFollower(ShareCase):
    def notices(self, user):
        return self.env["mail.message"].search([("partner_ids", "in", user.partner_id.ids)])

    def test_told_once(self):
        self.share(leads=self.lead | self.other, reason="You know Lyon", date_end=TOMORROW)
        notice = self.notices(self.colleague)
        self.assertEqual(len(notice), 1)
        for text in ("You know Lyon", "Turbine", "Boiler", "Until"):
            self.assertIn(text, notice.body)
        self.assertEqual(notice.author_id, self.rep.partner_id)

    def test_everybody_of_a_team_is_told(self):
        self.share(team_id=self.team.id)
        for user in self.colleague | self.senior:
            self.assertEqual(self.notices(user).subject, f"{self.rep.name} shared “Turbine” with you")
        self.assertFalse(self.notices(self.rep))

    def test_follows_as_long_as_it_is_shared(self):
        share = self.share()
        partner = self.colleague.partner_id
        self.assertIn(partner, self.lead.message_partner_ids)
        share.with_user(self.rep).action_revoke()
        self.assertNotIn(partner, self.lead.message_partner_ids)

    def test_who_followed_before_goes_on(self):
        self.lead.message_subscribe(self.colleague.partner_id.ids)
        self.share().with_user(self.rep).action_revoke()
        self.assertIn(self.colleague.partner_id, self.lead.message_partner_ids)

    def test_who_still_sees_it_goes_on(self):
        self.lead.coverage_group_ids = self.group
        self.share().with_user(self.rep).action_revoke()
        self.assertIn(self.colleague.partner_id, self.lead.message_partner_ids)

    def test_scheduled_action(self):
        self.share(date_end=TODAY)
        self.share(leads=self.other, date_start=TOMORROW)
        partner = self.colleague.partner_id
        self.assertNotIn(partner, self.other.message_partner_ids)
        with self.at(NOW.replace(day=3)), self.enter_registry_test_mode():
            self.env.ref("opportunity_crm.ir_cron_update_share_followers").method_direct_trigger()
        self.env.invalidate_all()
        self.assertNotIn(partner, self.lead.message_partner_ids)
        self.assertIn(partner, self.other.message_partner_ids)

    def test_no_mail_after_the_end(self):
        self.share(date_end=TODAY)
        with self.at(NOW.replace(day=3)):
            self.env.invalidate_all()
            message = self.lead.message_post(body="Secret", subtype_xmlid="mail.mt_comment")
        self.assertNotIn(self.colleague.partner_id, message.notified_partner_ids)


class TestShareLists(ShareCase):
    def test_why_it_is_in_the_list(self):
        self.share()
        self.other.coverage_group_ids = self.group
        mine, free = self.create_lead(self.colleague), self.create_lead(user_id=False)
        leads = (self.lead | self.other | mine | free).with_user(self.colleague)
        self.assertEqual(leads.mapped("access_origin"), ["shared", "covered", "mine", "unassigned"])
        self.assertEqual(
            leads.mapped("access_badge"), [f"Shared by {self.rep.name}", "Covered by Nights", False, False]
        )
        for lead, origin in zip(leads, leads.mapped("access_origin"), strict=True):
            self.assertEqual(leads.search([("access_origin", "=", origin), ("id", "in", leads.ids)]), lead)
        groups = leads._read_group([("id", "in", leads.ids)], ["access_origin"], ["id:recordset"])
        self.assertEqual(dict(groups), dict(zip(leads.mapped("access_origin"), leads, strict=True)))
        self.assertTrue(leads.fields_get(["access_origin"])["access_origin"]["groupable"])

    def test_those_who_see_all_have_no_badge(self):
        lead = self.lead.with_user(self.manager)
        self.assertEqual((lead.access_origin, lead.access_badge), ("all", False))

    def test_queries_of_a_page(self):
        leads = self.env["crm.lead"].create(
            [{"name": str(n), "type": "opportunity", "user_id": self.rep.id} for n in range(80)]
        )
        self.share(leads=leads)
        page = leads.with_user(self.colleague)
        page.check_access("read")
        self.env.invalidate_all()
        self.env.flush_all()
        with self.assertQueryCount(3):
            page.check_access("read")


class TestSatellites(ShareCase):
    def test_what_belongs_to_it_follows(self):
        self.add_step(self.template, self.second, "Call")
        self.lead.with_user(self.rep).template_id = self.template
        self.lead.with_user(self.rep).write({"stage_id": self.third.id})
        self.lead.with_user(self.rep).write({"stage_id": self.second.id})
        activity = self.lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.rep.id)
        attachment = self.env["ir.attachment"].create(
            {"name": "Offer", "raw": b"x", "res_model": "crm.lead", "res_id": self.lead.id}
        )
        message = self.lead.message_post(body="Note")
        self.lead.with_user(self.rep).activity_schedule("mail.mail_activity_data_call").action_feedback()
        self.env.flush_all()
        report = self.env["crm.activity.report"].search([("lead_id", "=", self.lead.id)])
        velocity = self.env["opportunity.stage.velocity"].search([("lead_id", "=", self.lead.id)])
        satellites = [self.lead.stage_move_ids, self.lead.step_ids, activity, attachment, message, report, velocity]
        self.assertSatellites(satellites, visible=False)
        share = self.share()
        self.assertSatellites(satellites, visible=True)
        self.assertEqual(self.lead.with_user(self.colleague).name_search("Turbine")[0][0], self.lead.id)
        share.with_user(self.rep).action_revoke()
        self.assertSatellites(satellites, visible=False)

    def assertSatellites(self, satellites, visible):
        self.env.invalidate_all()
        for records in satellites:
            self.assertTrue(records)
            mine = records.with_user(self.colleague)
            self.assertEqual(mine.has_access("read"), visible, records)
            self.assertEqual(bool(mine.search([("id", "in", records.ids)])), visible, records)

    def test_quotations_where_the_setting_says_so(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Customer"}).id,
                "opportunity_id": self.lead.id,
                "user_id": self.rep.id,
                "order_line": [Command.create({"name": "Section", "display_type": "line_section"})],
            }
        )
        self.share(access="edit")
        for records in (order, order.order_line):
            self.assertFalse(records.with_user(self.colleague).has_access("read"))
        self.env["res.config.settings"].create({"opportunity_share_quotations": True}).execute()
        for records in (order, order.order_line):
            self.assertTrue(records.with_user(self.colleague).has_access("read"))
            self.assertTrue(records.with_user(self.colleague).search([("id", "in", records.ids)]))
            self.assertFalse(records.with_user(self.colleague).has_access("write"))


class TestShareMerge(ShareCase):
    def test_shares_live_on(self):
        share, doubled = self.share(leads=self.other), self.share(self.senior, leads=self.other)
        self.share(self.senior)
        self.lead.priority = "3"
        (self.lead | self.other).with_user(self.rep).merge_opportunity()
        head = (self.lead | self.other).exists()
        self.assertIn(share, head.share_ids)
        self.assertFalse(doubled.active)
        self.assertEqual(self.access(self.colleague, head), "r")

    def merge(self, *leads):
        leads = self.env["crm.lead"].concat(*leads)
        return leads.with_user(self.rep).merge_opportunity()

    def test_same_recipient_of_several(self):
        third = self.create_lead(self.rep, name="Pump")
        self.share(leads=self.other | third)
        head = self.merge(self.lead, self.other, third)
        self.assertEqual(sorted(head.share_ids.mapped("state")), ["current", "revoked"])
        self.assertEqual(self.access(self.colleague, head), "r")

    def test_share_that_is_over_stands_in_nobodys_way(self):
        self.share(date_end=TODAY)
        with self.at(NOW.replace(day=5)):
            self.env.invalidate_all()
            self.share(leads=self.other, date_start=date(2026, 3, 4))
            head = self.merge(self.lead, self.other)
            self.assertEqual(sorted(head.share_ids.mapped("state")), ["current", "expired"])

    def test_opportunity_of_a_company_and_one_of_none(self):
        self.lead.company_id = self.company
        self.lead.priority = "3"
        self.share(leads=self.other)
        self.assertEqual(self.access(self.colleague, self.merge(self.lead, self.other)), "r")
