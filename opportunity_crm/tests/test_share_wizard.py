from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError

from .common import NOW
from .test_share import TODAY, TOMORROW, ShareCase


class TestShareWizard(ShareCase):
    def wizard(self, leads, by=None, **values):
        return self.env["opportunity.share.wizard"].with_user(by or self.rep).create({"lead_ids": leads.ids, **values})

    def test_share_many_with_many(self):
        wizard = self.wizard(
            self.lead | self.other,
            user_ids=(self.colleague | self.senior).ids,
            team_ids=self.team.ids,
            coverage_group_ids=self.group.ids,
            group_ids=self.env.ref("sales_team.group_sale_manager").ids,
            access="edit",
            date_end=TOMORROW,
            reason="Fair",
        )
        result = wizard.action_share()
        self.assertEqual(len(self.lead.share_ids), 5)
        self.assertEqual(len(self.other.share_ids), 5)
        share = self.lead.share_ids.filtered(lambda share: share.user_id == self.colleague)
        self.assertEqual((share.access, share.date_end, share.reason), ("edit", TOMORROW, "Fair"))
        self.assertIn("10", result["params"]["message"])

    def test_what_others_sell_is_left_out(self):
        strange = self.create_lead(self.senior)
        strange.coverage_group_ids = self.create_group("Covers", (self.rep, self.specialist))
        wizard = self.wizard(self.lead | strange, user_ids=self.colleague.ids)
        self.assertIn("1 of the 2 opportunities", wizard.left_out)
        wizard.action_share()
        self.assertFalse(strange.share_ids)
        with self.assertRefused(UserError, "none of these is"):
            self.wizard(strange, user_ids=self.colleague.ids).action_share()

    def test_nobody(self):
        with self.assertRefused(ValidationError, "With whom"):
            self.wizard(self.lead).action_share()

    def test_not_twice(self):
        self.share(access="edit")
        result = self.wizard(self.lead, user_ids=self.colleague.ids).action_share()
        self.assertEqual(len(self.lead.share_ids), 1)
        self.assertIn("1 were there already", result["params"]["message"])

    def test_more_replaces_less(self):
        less = self.share(date_end=TOMORROW)
        self.wizard(self.lead, user_ids=self.colleague.ids, access="edit").action_share()
        self.assertEqual(less.state, "revoked")
        self.assertEqual(self.access(self.colleague), "rw")

    def test_action_of_the_list(self):
        action = self.env.ref("opportunity_crm.crm_lead_action_share").with_user(self.rep)
        opened = action.with_context(active_model="crm.lead", active_ids=self.lead.ids).run()
        self.assertEqual(opened["context"]["default_lead_ids"], self.lead.ids)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.colleague).action_share()


class TestCoverForMe(ShareCase):
    def wizard(self, by=None, **values):
        values = {"user_id": self.colleague.id, "date_start": TOMORROW, "date_end": date(2026, 3, 9), **values}
        return self.env["opportunity.cover.for.me"].with_user(by or self.rep).create(values)

    def test_all_open_opportunities(self):
        lost = self.create_lead()
        lost.action_set_lost()
        wizard = self.wizard()
        self.assertEqual(wizard.lead_ids, self.lead | self.other)
        wizard.action_cover()
        self.assertFalse(lost.with_context(active_test=False).share_ids)
        for day, letters in ((2, ""), (3, "rw"), (9, "rw"), (10, "")):
            with self.at(NOW.replace(day=day)):
                self.env.invalidate_all()
                self.assertEqual(self.access(self.colleague), letters)
                self.assertEqual(self.access(self.colleague, self.other), letters)

    def test_not_twice(self):
        self.share(access="edit")
        self.wizard().action_cover()
        self.assertEqual(len(self.lead.share_ids), 1)
        self.assertEqual(len(self.other.share_ids), 1)

    def test_for_somebody_who_is_ill(self):
        self.wizard(by=self.senior, owner_id=self.rep.id).action_cover()
        self.assertEqual(self.lead.share_ids.user_id, self.colleague)
        with self.assertRefused(AccessError, "your own"):
            self.wizard(by=self.colleague, owner_id=self.rep.id, user_id=self.senior.id).action_cover()

    def test_incomplete(self):
        for values, message in (
            ({"user_id": False}, "Who covers"),
            ({"user_id": self.rep.id}, "Who covers"),
            ({"date_end": False}, "Until when"),
        ):
            with self.assertRefused(ValidationError, message):
                self.wizard(**values).action_cover()
        with self.assertRefused(UserError, "no open opportunities"):
            self.wizard(by=self.colleague, user_id=self.rep.id).action_cover()


class TestAccessExplanation(ShareCase):
    def explain(self, user, lead=None):
        return (lead or self.lead)._explain_access(user)

    def assertExplained(self, user, texts, can_read=True, can_edit=True, lead=None):
        found = self.explain(user, lead)
        self.assertEqual((found["can_read"], found["can_edit"]), (can_read, can_edit))
        lines = [reason["text"] for reason in found["reasons"]] + found["refusals"]
        self.assertEqual(len(lines), len(texts), lines)
        for line, text in zip(lines, texts, strict=True):
            self.assertIn(text, line)

    def test_owner_unassigned_all(self):
        self.assertExplained(self.rep, ["is the salesperson"])
        self.assertExplained(self.senior, ["sees all documents"])
        self.assertExplained(self.colleague, ["no salesperson"], lead=self.create_lead(user_id=False))

    def test_share_and_coverage(self):
        self.share(date_end=TOMORROW, reason="Lyon")
        self.assertExplained(self.colleague, ["Lyon"], can_edit=False)
        self.assertIn("03/03/2026", self.explain(self.colleague)["reasons"][0]["text"])
        self.group.member_ids[0].date_to = TOMORROW
        self.lead.coverage_group_ids = self.group
        self.assertExplained(self.colleague, ["as Night Specialist in Nights, until 03/03/2026", "Lyon"])

    def test_why_not(self):
        self.assertExplained(self.colleague, [f"not {self.colleague.name}", "No share"], False, False)
        self.assertExplained(self.employee, ["no rights in Sales"], False, False)
        self.lead.company_id = self.company
        self.assertExplained(self.overseas, ["works in Overseas"], False, False)
        self.colleague.active = False
        self.assertExplained(self.colleague, ["is archived"], False, False)

    def test_what_was(self):
        self.share(date_end=TODAY)
        self.share(self.colleague, date_start=date(2026, 4, 1))
        self.share(coverage_group_id=self.group.id).with_user(self.rep).action_revoke()
        self.lead.coverage_group_ids = self.group
        self.group.member_ids[0].date_to = TODAY
        with self.at(NOW.replace(day=3)):
            self.env.invalidate_all()
            found = self.explain(self.colleague)
            self.assertFalse(found["can_read"])
            text = "\n".join(found["refusals"])
            for part in ("ended on 03/02/2026", "begins on 04/01/2026", "but not today"):
                self.assertIn(part, text)

    def test_rule_of_somebody_else(self):
        self.env["ir.rule"].create(
            {
                "name": "Turbines for all",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', '=', 'Turbine')]",
                "groups": self.env.ref("sales_team.group_sale_salesman").ids,
            }
        )
        self.assertExplained(self.colleague, ["“Turbines for all”"])

    def test_who_asks_about_whom(self):
        wizards = self.env["opportunity.access.explanation"]
        mine = wizards.with_user(self.rep).create({"lead_id": self.lead.id})
        self.assertIn("You can see and edit", mine.explanation)
        theirs = wizards.with_user(self.manager).create({"lead_id": self.lead.id, "user_id": self.colleague.id})
        self.assertIn("cannot see", theirs.explanation)
        with self.assertRefused(AccessError, "Only sales managers"):
            wizards.with_user(self.senior).create({"lead_id": self.lead.id, "user_id": self.rep.id}).read(
                ["explanation"]
            )
        with self.assertRaises(AccessError):
            wizards.with_user(self.colleague).create({"lead_id": self.lead.id}).read(["explanation"])
        with self.assertRaises(AccessError):
            self.lead.with_user(self.colleague).action_explain_access()
        self.assertEqual(
            self.lead.with_user(self.rep).action_explain_access()["res_model"], "opportunity.access.explanation"
        )
