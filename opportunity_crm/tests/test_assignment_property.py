from collections import Counter
from random import Random

from ..tools.rotation import Candidate, next_turn, take_turns
from .common import OpportunityCase

SEEDS = range(200)
ROUNDS = 300


class TestRotationProperty(OpportunityCase):
    """Whoever comes, goes and is absent: nobody is ever far from what the weights owe to them."""

    def test_equal_turns_in_order(self):
        people = [Candidate(name) for name in "abc"]
        chosen, balances = take_turns(people, 7)
        self.assertEqual("".join(chosen), "abcabca")
        self.assertAlmostEqual(sum(balances.values()), 0, 6)

    def test_nobody(self):
        self.assertEqual(next_turn([]), (None, {}))
        self.assertEqual(next_turn([Candidate("a", 0)]), (None, {}))
        self.assertEqual(take_turns([], 3), ([], {}))

    def test_ratio_is_exact_over_each_cycle(self):
        for weights in ((1, 2), (3, 1, 1), (5, 3, 2), (30, 10), (7, 0, 1)):
            people = [Candidate(number, weight) for number, weight in enumerate(weights)]
            chosen, _balances = take_turns(people, 4 * sum(weights))
            with self.subTest(weights):
                for start in range(0, len(chosen), sum(weights)):
                    counts = Counter(chosen[start : start + sum(weights)])
                    self.assertEqual([counts[number] for number in range(len(weights))], list(weights))

    def test_one_by_one_is_as_many_at_once(self):
        people = [Candidate(name, weight) for name, weight in (("a", 3), ("b", 2), ("c", 2))]
        at_once, _balances = take_turns(people, 50)
        one_by_one, balances = [], {}
        for _number in range(50):
            chosen, after = next_turn([one._replace(balance=balances.get(one.key, 0)) for one in people])
            one_by_one.append(chosen)
            balances.update(after)
        self.assertEqual(at_once, one_by_one)

    def test_fair_to_whoever_is_there(self):
        for seed in SEEDS:
            with self.subTest(seed):
                self.walk(Random(seed))

    def walk(self, random):
        weights = {name: random.choice([1, 1, 2, 3, 5]) for name in "abcdef"[: random.randrange(2, 7)]}
        present, balances = set(weights), {}
        owed, got = Counter(), Counter()
        for _round in range(ROUNDS):
            if random.random() < 0.1:
                present ^= {random.choice(list(weights))}
            people = [Candidate(name, weights[name], balances.get(name, 0.0)) for name in weights if name in present]
            chosen, after = next_turn(people)
            if not people:
                self.assertIsNone(chosen)
                continue
            self.assertIn(chosen, present)
            total = sum(weights[name] for name in present)
            for name in present:
                owed[name] += weights[name] / total
            got[chosen] += 1
            balances.update(after)
            for name in weights:
                self.assertLess(abs(owed[name] - got[name]), len(weights), "as much as is owed, within a few turns")
            self.assertAlmostEqual(sum(balances.values()), 0, 5)

    def test_who_comes_back_is_not_buried(self):
        """After a hundred turns of others a colleague gets the next ones as everybody does."""
        balances = {}
        for _number in range(100):
            _chosen, after = next_turn([Candidate(name, 1, balances.get(name, 0.0)) for name in "ab"])
            balances.update(after)
        chosen, _balances = take_turns([Candidate(name, 1, balances.get(name, 0.0)) for name in "abc"], 9)
        self.assertEqual(Counter(chosen), {"a": 3, "b": 3, "c": 3})
