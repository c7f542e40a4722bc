from datetime import date, timedelta

from .common import NOW, OpportunityCase


class VelocityCase(OpportunityCase):
    """Opportunities that move on given days after the first."""

    def day(self, number):
        return self.at(NOW + timedelta(days=number))

    def travel(self, lead, *path):
        """Move the opportunity; ``path`` is pairs of a day and what to do then: a stage, or a function."""
        for number, step in path:
            with self.day(number):
                if callable(step):
                    step(lead)
                else:
                    lead.stage_id = step
        return lead

    def deal(self, *path, **values):
        return self.travel(self.create_lead(**{"template_id": self.template.id, **values}), *path)

    def velocity(self, user=None):
        return self.env["opportunity.stage.velocity"].with_user(user or self.manager)

    def stays(self, lead, *names, on=100):
        """Return the values of the stays, the oldest first, as they are on that day."""
        self.env.invalidate_all()
        with self.day(on):
            stays = self.velocity().search([("lead_id", "=", lead.id)], order="date_start, id")
            return [tuple(stay[name] for name in names) for stay in stays]


class TestStays(VelocityCase):
    """What is a stay, how long it took and how it ended."""

    def story(self, lead, on=100):
        return [
            (stage.name, after.name, round(days, 4), outcome)
            for stage, after, days, outcome in self.stays(lead, "stage_id", "next_stage_id", "days", "outcome", on=on)
        ]

    def test_forward_to_won(self):
        lead = self.deal((2, self.second), (5, self.third), (5.5, lambda lead: lead.action_set_won()))
        self.assertEqual(
            self.story(lead),
            [
                ("First", "Second", 2, "advanced"),
                ("Second", "Third", 3, "advanced"),
                ("Third", "Done deal", 0.5, "won"),
            ],
            "a won opportunity stays nowhere",
        )

    def test_still_there(self):
        lead = self.deal((2, self.second))
        self.assertEqual(self.story(lead, on=3)[1:], [("Second", False, 1, "open")])
        self.assertEqual(self.story(lead, on=9)[1:], [("Second", False, 7, "open")])
        self.assertEqual(self.stays(lead, "date_end")[1:], [(False,)])

    def test_skip_and_return(self):
        lead = self.deal((1, self.third), (4, self.first))
        self.assertEqual(
            self.story(lead, on=6),
            [("First", "Third", 1, "skipped"), ("Third", "First", 3, "returned"), ("First", False, 2, "open")],
        )
        self.assertEqual(self.stays(lead, "skips", "returns", "conversion"), [(1, 0, 1), (0, 1, 0), (0, 0, 0)])

    def test_won_from_the_first_stage_skips(self):
        lead = self.deal((3, lambda lead: lead.action_set_won()))
        self.assertEqual(self.story(lead), [("First", "Done deal", 3, "won")])
        self.assertEqual(self.stays(lead, "skips", "returns", "conversion"), [(1, 0, 1)])

    def test_lost_is_no_stay(self):
        lead = self.deal((2, self.second), (5, lambda lead: lead.action_set_lost()))
        self.assertEqual(
            self.story(lead), [("First", "Second", 2, "advanced"), ("Second", False, 3, "lost")], "and does not grow"
        )
        self.travel(lead, (9, lambda lead: lead.action_restore()), (10, self.third))
        self.assertEqual(
            self.story(lead, on=14)[1:],
            [("Second", False, 3, "lost"), ("Second", "Third", 1, "advanced"), ("Third", False, 4, "open")],
        )

    def test_moved_while_lost(self):
        lead = self.deal((2, lambda lead: lead.action_set_lost()), (3, self.second), (4, self.third))
        self.assertEqual(self.story(lead), [("First", False, 2, "lost")])
        self.travel(lead, (6, lambda lead: lead.action_restore()))
        self.assertEqual(self.story(lead, on=7)[1:], [("Third", False, 1, "open")])

    def test_archived_and_back(self):
        lead = self.deal((2, lambda lead: lead.action_archive()), (5, lambda lead: lead.action_unarchive()))
        self.assertEqual(self.story(lead, on=6), [("First", False, 2, "archived"), ("First", False, 1, "open")])
        self.assertEqual(self.stays(lead, "conversion"), [(0,), (0,)])

    def test_won_is_left(self):
        lead = self.deal((1, lambda lead: lead.action_set_won()), (5, self.second))
        self.assertEqual(self.story(lead, on=7), [("First", "Done deal", 1, "won"), ("Second", False, 2, "open")])
        self.travel(lead, (8, lambda lead: lead.action_set_won()), (9, lambda lead: lead.action_archive()))
        self.assertEqual(self.story(lead)[1:], [("Second", "Done deal", 3, "won")])

    def test_created_closed(self):
        self.assertFalse(self.story(self.deal(stage_id=self.won.id)))
        lead = self.deal(active=False, probability=0)
        self.assertFalse(self.story(lead))
        self.travel(lead, (4, lambda lead: lead.action_restore()))
        self.assertEqual(self.story(lead, on=6), [("First", False, 2, "open")])

    def test_change_of_owner_is_no_stay(self):
        lead = self.deal((2, lambda lead: lead.with_user(self.manager).write({"user_id": self.colleague.id})))
        self.travel(lead.with_user(self.colleague), (5, self.second))
        self.assertEqual(self.story(lead, on=6), [("First", "Second", 5, "advanced"), ("Second", False, 1, "open")])
        self.assertEqual(self.stays(lead, "owner_id"), [(self.rep,), (self.colleague,)])

    def test_change_of_template(self):
        short = self.create_template("Short", [(self.second, 40, 3), (self.won, 100, 0)])
        lead = self.deal((3, lambda lead: lead.write({"template_id": short.id})))
        self.assertEqual(self.story(lead, on=4), [("First", "Second", 3, "moved"), ("Second", False, 1, "open")])
        self.assertEqual(self.stays(lead, "template_id"), [(self.template,), (short,)])

    def test_change_of_template_of_a_won_opportunity(self):
        fresh = self.create_template("Fresh", [(self.third, 40, 3), (self.create_stage("Yes", is_won=True), 100, 0)])
        lead = self.deal((1, lambda lead: lead.action_set_won()))
        self.travel(lead, (3, lambda lead: lead.write({"template_id": fresh.id})))
        self.assertEqual(lead.won_status, "pending")
        self.assertEqual(self.story(lead, on=5)[1:], [("Third", False, 2, "open")])

    def test_import(self):
        leads = self.env["crm.lead"].with_user(self.rep)
        columns = ["id", "name", "type", "template_id", "stage_id"]
        leads.load(columns, [["__import__.deal", "Imported", "Opportunity", "Deal", "Second"]])
        with self.day(2):
            leads.load(["id", "stage_id"], [["__import__.deal", "Done deal"]])
        self.assertEqual(self.story(self.env.ref("__import__.deal")), [("Second", "Done deal", 2, "won")])
        leads.load(columns, [["__import__.old", "Imported", "Opportunity", "Deal", "Done deal"]])
        self.assertFalse(self.story(self.env.ref("__import__.old")))

    def test_import_wins_a_lost_one(self):
        fresh = self.create_template("Fresh", [(self.third, 40, 3), (self.create_stage("Yes", is_won=True), 100, 0)])
        lead = self.deal((1, lambda lead: lead.action_set_lost()))
        leads = lead.browse().with_context(active_test=False)
        with self.day(2):
            leads.load([".id", "stage_id"], [[str(lead.id), "Done deal"]])
        self.travel(lead, (3, lambda lead: lead.write({"template_id": fresh.id})))
        self.assertEqual(lead.won_status, "pending")
        self.assertEqual(self.story(lead, on=5), [("First", False, 1, "lost"), ("Third", False, 2, "open")])

    def test_merge(self):
        head = self.deal(stage_id=self.second.id)
        tail = self.deal((1, self.second), (2, self.first))
        with self.day(4):
            (head | tail).merge_opportunity()
        self.travel(head, (6, self.third))
        self.assertEqual(
            self.story(head, on=7), [("Second", "Third", 6, "advanced"), ("Third", False, 1, "open")], "own moves only"
        )

    def test_merge_of_a_lost_one_does_not_reopen(self):
        head = self.deal((1, lambda lead: lead.action_set_lost()), probability=80)
        tail = self.deal((1, lambda lead: lead.action_set_lost()))
        with self.day(4):
            merged = (head | tail).merge_opportunity()
        self.assertFalse(merged.active)
        self.assertEqual(self.story(merged), [("First", False, 1, "lost")])

    def test_stage_without_won_mark_in_the_database(self):
        self.cr.execute("UPDATE crm_stage SET is_won = NULL WHERE id = %s", [self.first.id])
        self.assertEqual(self.story(self.deal(), on=1), [("First", False, 1, "open")])

    def test_lead_is_no_opportunity(self):
        lead = self.deal()
        lead.type = "lead"
        self.assertFalse(self.story(lead))

    def test_target(self):
        late = self.deal((6, self.second), (15, self.third))
        self.assertEqual(
            self.stays(late, "target_days", "over_target"),
            [(5, 1), (10, 0), (0, 0)],
            "five days, ten days and no target",
        )
        self.assertEqual(self.stays(self.create_lead(), "target_days", "over_target"), [(0, 0)])

    def publish_next(self):
        """Publish a revision of the template that gives the first stage fifty days."""
        self.create_lead(template_id=self.template.id)
        template = self.template.with_user(self.manager)
        newer = template.browse(template.action_edit()["res_id"])
        newer.stage_ids[0].target_days = 50
        newer._publish()
        return newer.with_user(self.env.user)

    def test_revision(self):
        older = self.deal((6, self.second))
        self.assertEqual(self.stays(older, "template_id"), [(self.template,)] * 2)
        newer = self.publish_next()
        lead = self.deal((6, lambda lead: lead.action_set_won()), template_id=newer.id)
        names = ("template_id", "revision", "target_days", "over_target")
        self.assertEqual(self.stays(older, *names)[0], (newer, 1, 5, 1))
        self.assertEqual(self.stays(lead, *names), [(newer, 2, 50, 0)])
        groups = self.velocity()._read_group(
            [("lead_id", "in", (older | lead).ids), ("stage_id", "=", self.first.id)],
            ["template_id", "revision"],
            ["__count", "over_target:sum"],
        )
        self.assertEqual(groups, [(newer, 1, 1, 1), (newer, 2, 1, 0)])
        self.assertEqual(groups[0][0].display_name, "Deal", "and not the name of one of its revisions")

    def test_migration_to_the_next_revision(self):
        lead, moved = self.deal((1, self.second)), self.deal((1, self.second))
        newer = self.publish_next()
        self.travel(lead, (3, lambda lead: lead._change_template(newer, [(lead, self.second)])), (6, self.third))
        self.assertEqual(self.story(lead)[1], ("Second", "Third", 5, "advanced"), "one stay in the same stage")
        self.travel(moved, (3, lambda lead: lead._change_template(newer, [(lead, self.first)])))
        self.assertEqual(self.story(moved)[1], ("Second", "First", 2, "moved"), "nobody went back")
        self.assertEqual(self.stays(moved, "returns", "conversion")[1], (0, 0))
        self.assertEqual(self.stays(moved, "revision"), [(1,), (1,), (2,)])

    def test_slippage(self):
        lead = self.deal(
            (1, lambda lead: lead.write({"date_deadline": date(2026, 5, 11)})),
            (2, self.second),
            (3, lambda lead: lead.write({"date_deadline": date(2026, 5, 9)})),
            (4, self.third),
            (5, lambda lead: lead.write({"date_deadline": date(2026, 6, 9)})),
            date_deadline="2026-05-01",
        )
        self.assertEqual(self.stays(lead, "slippage_days"), [(10,), (-2,), (31,)])
        unknown = self.deal((2, self.second), date_deadline=False)
        groups = self.velocity()._read_group(
            [("lead_id", "in", (lead | unknown).ids)], ["lead_id"], ["slippage_days:avg"]
        )
        self.assertEqual(groups, [(lead, 13), (unknown, False)], "where a date is missing, nothing slips")

    def test_value_team_and_status(self):
        lead = self.deal((2, self.second), expected_revenue=500, team_id=self.team.id)
        with self.day(3):
            lead.expected_revenue = 900
            lead.action_set_won()
        names = ("expected_revenue", "currency_id", "team_id", "won_status", "date_closed")
        currency = self.company.currency_id
        self.assertEqual(
            self.stays(lead, *names), [(500, currency, self.team, "won", lead.date_closed)] * 2, "at the beginning"
        )

    def test_open_the_opportunity(self):
        lead = self.deal()
        action = self.velocity(self.rep).search([("lead_id", "=", lead.id)]).action_open_opportunity()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
