from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .test_velocity import VelocityCase

MEASURES = ["days:avg", "days_median:avg", "days_p90:avg", "target_days:avg", "over_target:sum", "conversion:avg"]


class TestMeasures(VelocityCase):
    """The numbers of groups of stays: five opportunities, computed by hand."""

    def setUp(self):
        super().setUp()
        self.leads = (
            self.deal((1, self.second), (11, self.third))
            | self.deal((2, self.second), (4, self.first))
            | self.deal((4, self.third))
            | self.deal((8, lambda lead: lead.action_set_lost()))
            | self.deal((20, lambda lead: lead.action_set_won()))
        )
        self.finished = [("lead_id", "in", self.leads.ids), ("date_end", "!=", False)]

    def test_days_conversion_skips_and_returns(self):
        with self.day(30):
            groups = self.velocity()._read_group(
                self.finished, ["stage_id"], [*MEASURES, "skips:sum", "returns:sum", "__count"]
            )
        rows = {stage: [round(value, 4) for value in values] for stage, *values in groups}
        # 1, 2, 4, 8, 20 days: the 90th percentile is 8 + 0.6 × (20 − 8); four of five went on, two by skipping
        self.assertEqual(rows[self.first], [7, 4, 15.2, 5, 2, 0.8, 2, 0, 5])
        # 10 and 2 days: the 90th percentile is 2 + 0.9 × (10 − 2); ten days are not over ten
        self.assertEqual(rows[self.second], [6, 6, 9.2, 10, 0, 0.5, 0, 1, 2])
        self.assertEqual(rows.keys(), {self.first, self.second})

    def test_median_of_everything_is_not_an_average_of_medians(self):
        [(median, p90)] = self.velocity()._read_group(self.finished, [], ["days_median:avg", "days_p90:avg"])
        self.assertEqual(median, 4, "of 1, 2, 2, 4, 8, 10, 20")
        self.assertAlmostEqual(p90, 14)

    def test_stage_to_stage(self):
        groups = self.velocity()._read_group(self.finished, ["stage_id", "next_stage_id"], ["__count"])
        counts = {(stage.name, after.name): count for stage, after, count in groups}
        self.assertEqual(
            counts,
            {
                ("First", "Second"): 2,
                ("First", "Third"): 1,
                ("First", False): 1,
                ("First", "Done deal"): 1,
                ("Second", "Third"): 1,
                ("Second", "First"): 1,
            },
        )

    def test_as_the_web_client_reads_it(self):
        velocity = self.velocity()
        pivot = velocity.formatted_read_grouping_sets(
            self.finished, [[], ["stage_id"], ["stage_id", "owner_id"]], ["days_median:avg", "conversion:avg"]
        )
        self.assertEqual([group["days_median:avg"] for group in pivot[1]], [4, 6])
        self.assertEqual(pivot[0][0]["days_median:avg"], 4)
        graph = velocity.formatted_read_group(self.finished, ["outcome"], ["days_p90:avg"])
        self.assertEqual(
            {group["outcome"]: group["days_p90:avg"] for group in graph},
            {"advanced": 8.4, "skipped": 4, "returned": 2, "lost": 8, "won": 20},
        )
        lists = velocity.web_read_group(self.finished, ["date_end:month"], ["days:avg"])
        self.assertEqual([group["__count"] for group in lists["groups"]], [7])

    def test_stages_in_the_order_of_the_template(self):
        reverse = self.create_template(
            "Reverse", [(self.third, 10, 0), (self.second, 20, 0), (self.first, 30, 0), (self.won, 100, 0)]
        )
        lead = self.deal((1, self.second), (2, self.first), (3, self.won), template_id=reverse.id)
        groups = self.velocity().formatted_read_group([("lead_id", "=", lead.id)], ["stage_id"], ["__count"])
        self.assertEqual([group["stage_id"][0] for group in groups], [self.third.id, self.second.id, self.first.id])
        backwards = self.velocity().formatted_read_group(
            [("lead_id", "=", lead.id)], ["stage_id"], ["__count"], order="stage_id desc"
        )
        self.assertEqual([group["stage_id"][0] for group in backwards], [self.third.id, self.second.id, self.first.id])

    def test_drill_down(self):
        [group] = self.velocity().formatted_read_group(
            [*self.finished, ("outcome", "=", "returned")], ["stage_id"], ["__count"]
        )
        stays = self.velocity().search([*self.finished, ("outcome", "=", "returned"), *group["__extra_domain"]])
        self.assertEqual(stays.lead_id, self.leads[1])


class TestVelocityRights(VelocityCase):
    """Whoever may not see the opportunity sees nothing of its stays."""

    def setUp(self):
        super().setUp()
        self.lead = self.deal((2, self.second), company_id=self.company.id)
        self.domain = [("lead_id", "=", self.lead.id)]

    def count(self, user):
        velocity = self.velocity(user)
        found = velocity.search_count(self.domain)
        groups = velocity._read_group(self.domain, ["stage_id"], ["days_median:avg", "__count"])
        self.assertEqual(sum(group[-1] for group in groups), found)
        self.assertEqual(len(velocity.search(self.domain)), found)
        return found

    def test_rows_and_aggregates(self):
        users = (self.rep, self.colleague, self.senior, self.manager, self.overseas)
        self.assertEqual([self.count(user) for user in users], [2, 0, 2, 2, 0])
        self.lead.sudo().write({"user_id": False, "company_id": self.company.id})
        self.assertEqual([self.count(user) for user in users], [2, 2, 2, 2, 0])

    def test_no_access_without_sales(self):
        for user in (self.employee, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.velocity(user).search_count(self.domain)
            with self.assertRaises(AccessError):
                self.velocity(user)._read_group(self.domain, [], ["days_median:avg"])

    def test_same_rights_as_the_history(self):
        history = self.lead.sudo().stage_move_ids
        stays = self.velocity().browse(history.ids)
        for user in (self.rep, self.colleague, self.senior, self.manager, self.overseas, self.employee, self.portal):
            with self.subTest(user.login):
                self.assertEqual(stays.with_user(user).has_access("read"), history.with_user(user).has_access("read"))
                self.assertFalse(stays.with_user(user).has_access("write"))
                self.assertFalse(stays.with_user(user).has_access("unlink"))

    def test_drill_down_and_export(self):
        stays = self.velocity(self.colleague).browse(self.lead.sudo().stage_move_ids.ids)
        with self.assertRaises(UserError):
            stays[0].action_open_opportunity()
        self.assertFalse(stays.read(["days"]), "for the colleague there is no such stay")
        self.colleague.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        with self.assertRaises(UserError):
            stays.export_data(["lead_id", "days"])
