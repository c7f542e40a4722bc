"""Whose turn it is: fair among those who are there, each time.

The car-pool problem of Fagin and Williams ("A Fair Carpool Scheduling Algorithm", 1983): every time, each of those
present is owed a share of one turn in the ratio of the weights, and the one to whom most is owed gets the turn and pays
for it. Who is absent is owed nothing meanwhile, so nobody who comes back or comes new is buried in turns.
"""

from typing import NamedTuple

DIGITS = 9  # rounding keeps equal balances equal, and with them the order of turns


class Candidate(NamedTuple):
    """Somebody who may get a turn. Equal balances are decided by the order of the candidates."""

    key: object
    weight: int = 1
    balance: float = 0.0


def next_turn(candidates):
    """Return the key of the one whose turn it is and the balances of all afterwards.

    :param candidates: list of :class:`Candidate`; those without weight get no turn
    :return: ``(key, {key: balance})``, ``(None, {})`` when there is nobody
    """
    present = [candidate for candidate in candidates if candidate.weight > 0]
    total = sum(candidate.weight for candidate in present)
    if not total:
        return None, {}
    owed = {one.key: round(one.balance + one.weight / total, DIGITS) for one in present}
    chosen = max(present, key=lambda one: owed[one.key]).key  # the first of those with the most
    owed[chosen] = round(owed[chosen] - 1, DIGITS)
    return chosen, owed


def take_turns(candidates, count):
    """Return the keys of the next turns, in order, and the balances afterwards."""
    chosen, balances = [], {}
    for _turn in range(count):
        key, after = next_turn(candidates)
        if key is None:
            break
        chosen.append(key)
        balances.update(after)
        candidates = [one._replace(balance=balances.get(one.key, one.balance)) for one in candidates]
    return chosen, balances
