from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import NamedTuple

from odoo import models
from odoo.exceptions import ValidationError

from ..tools.movement import direction
from .common import NOW, OpportunityCase

SEEDS = range(10)
STEPS = 30
MERGES = (5, 10)
DAY = timedelta(days=1)


class Seen(NamedTuple):
    """How an opportunity stood from a moment on, as anybody could see it."""

    moment: object
    stage: models.BaseModel
    outcome: str
    noted: bool  # the history has a line about it, moved or not

    def same(self, other):
        return not other.noted and (self.stage, self.outcome) == (other.stage, other.outcome)


class TestHistoryProperty(OpportunityCase):
    """Whatever happens to an opportunity, its history is one unbroken chain, and its days add up to its life."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_template = cls.create_template(
            "Other", [(cls.third, 10, 5), (cls.first, 30, 10), (cls.create_stage("Yes", is_won=True), 100, 0)]
        )

    def begin(self, seed):
        """Set the clock back and create the opportunity that walks."""
        self.random = Random(seed)
        self.moment = NOW
        self.seen = defaultdict(list)
        self.lead = self.appear()

    def now(self):
        """The clock stands still at the present moment of the walk."""
        return self.at(self.moment)

    def wait(self):
        """Let some time pass, at times none at all."""
        self.moment += timedelta(seconds=self.random.choice([0, 1, self.random.randrange(20 * 86400)]))

    def appear(self):
        with self.now():
            lead = self.create_lead(user=self.senior, template_id=self.random.choice([self.template.id, False]))
        self.look(lead)
        return lead

    def look(self, lead, noted=False):
        """Note how an opportunity stands now."""
        outcome = lead.won_status if lead.active or lead.won_status == "lost" else "archived"
        self.seen[lead.id].append(Seen(self.moment, lead.stage_id, outcome, noted))

    def step(self, lead):
        """Do something with an opportunity, or be refused: Odoo wants a won one moved before it is lost."""
        deed = self.random.choice(
            [self.go] * 5
            + [self.come_in, self.lose, self.restore, self.win, self.archive, self.unarchive]
            + [self.change_template, self.migrate, self.hand_over, self.edit]
        )
        with self.now(), suppress(ValidationError), self.cr.savepoint():
            deed(lead)
        self.look(lead)

    def stages_for(self, lead):
        return lead.template_id._get_stages() or self.env["crm.stage"].search([("template_only", "=", False)])

    def go(self, lead):
        lead.stage_id = self.random.choice(self.stages_for(lead))

    def come_in(self, lead):
        stage = self.random.choice(self.stages_for(lead))
        leads = lead.browse().with_context(active_test=False)
        result = leads.load([".id", "stage_id/.id"], [[str(lead.id), str(stage.id)]])
        self.assertEqual(result["ids"], lead.ids, result["messages"])

    def lose(self, lead):
        lead.action_set_lost()

    def restore(self, lead):
        if not lead.active:
            lead.action_restore()

    def win(self, lead):
        lead.action_set_won()

    def archive(self, lead):
        lead.action_archive()

    def unarchive(self, lead):
        lead.action_unarchive()

    def change_template(self, lead):
        lead.template_id = self.random.choice([self.template.id, self.other_template.id, False])

    def migrate(self, lead):
        if lead.filtered_domain(lead._get_domain_migratable()):
            template = self.random.choice(self.template | self.other_template)
            lead._change_template(template, [(lead, self.random.choice(template._get_stages()))])
            self.look(lead, noted=True)

    def hand_over(self, lead):
        lead.user_id = self.random.choice(self.senior | self.rep | self.colleague)

    def edit(self, lead):
        lead.write({"expected_revenue": self.random.randrange(1000), "probability": self.random.randrange(1, 99)})

    def merge(self):
        """Let another opportunity appear and walk, and become one with it, whichever of the two stays."""
        other = self.appear()
        for _number in range(3):
            self.wait()
            self.step(other)
        self.wait()
        with self.now():
            self.lead = (self.lead | other).merge_opportunity()
        self.look(self.lead, noted=True)

    def walk(self, seed):
        self.begin(seed)
        for number in range(1, STEPS + 1):
            self.wait()
            if number in MERGES:
                self.merge()
            else:
                self.step(self.lead)
        self.wait()

    def own_moves(self):
        return self.lead.sudo().stage_move_ids.filtered(lambda move: not move.merged_from).sorted(lambda move: move.id)

    def test_history_is_what_was_seen(self):
        causes = set()
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.walk(seed)
                self.assertHistorySeen()
                self.assertChain()
                self.assertDirections()
                self.assertDays()
                causes |= set(self.own_moves().mapped("cause"))
        self.assertEqual(causes, {"user", "won", "lost", "archived", "reopened", "merged", "imported", "migrated"})

    def assertHistorySeen(self):
        """There is one line for each change that was seen, and no other."""
        seen = self.seen[self.lead.id]
        changes = seen[:1] + [after for before, after in pairwise(seen) if not before.same(after)]
        self.assertEqual(
            [(move.date, move.to_stage_id) for move in self.own_moves()],
            [(change.moment, change.stage) for change in changes],
        )

    def assertChain(self):
        """Each movement begins where and when the one before ended."""
        moves = self.own_moves()
        self.assertFalse(moves[0].from_stage_id)
        self.assertEqual(moves[0].date, self.lead.create_date)
        for before, after in pairwise(moves):
            self.assertEqual(after.from_stage_id, before.to_stage_id)
            self.assertAlmostEqual(after.days, (after.date - before.date) / DAY, delta=0.0001)
        self.assertEqual(moves[-1].to_stage_id, self.lead.stage_id)
        life = (moves[-1].date - self.lead.create_date) / DAY
        self.assertAlmostEqual(sum(moves.mapped("days")), life, delta=0.0001 * len(moves))

    def assertDirections(self):
        """No movement between two stages of a template is without its direction, and no other has one."""
        for move in self.own_moves().filtered("template_id"):
            path = move.template_id._get_stages().ids
            origin = move.from_stage_id.id or None
            self.assertEqual(move.direction or None, direction(path, origin, move.to_stage_id.id), move.cause)

    def assertDays(self):
        """The days in each stage are those in which the open opportunity was seen there; the rest it was closed."""
        spent, closed = defaultdict(float), 0
        seen = self.seen[self.lead.id]
        for before, after in pairwise([*seen, seen[-1]._replace(moment=self.moment)]):
            days = (after.moment - before.moment) / DAY
            if before.outcome == "pending":
                spent[before.stage] += days
            else:
                closed += days
        with self.now():
            groups = self.env["opportunity.stage.velocity"]._read_group(
                [("lead_id", "=", self.lead.id)], ["stage_id"], ["days:sum"]
            )
        for stage, days in groups:
            self.assertAlmostEqual(days, spent.pop(stage), places=6, msg=stage.name)
        self.assertAlmostEqual(sum(spent.values()), 0, places=6)
        life = (self.moment - self.lead.create_date) / DAY
        self.assertAlmostEqual(sum(days for _stage, days in groups) + closed, life, places=6)
