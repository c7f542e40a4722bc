"""What shares of credit with dates add up to."""

from datetime import date, timedelta
from typing import NamedTuple

FULL = 100


class Share(NamedTuple):
    """A share of the credit, in per cent, from a day to a day, both included; None has no end."""

    credit: float
    date_from: date | None = None
    date_to: date | None = None


def peak(shares, since=date.min):
    """Return the most that the shares add up to on one day, not before ``since``, and the first such day.

    :param shares: iterable of :class:`Share`
    :return: ``(per cent, day)``; the day is ``since`` where it holds from there on
    """
    changes = {since: 0.0}
    for share in shares:
        first = max(share.date_from or date.min, since)
        last = share.date_to or date.max
        if last < first:
            continue
        changes[first] = changes.get(first, 0.0) + share.credit
        if last < date.max:
            after = last + timedelta(days=1)
            changes[after] = changes.get(after, 0.0) - share.credit
    return _highest(changes)


def _highest(changes):
    total, best, when = 0.0, 0.0, min(changes)
    for day in sorted(changes):
        total = round(total + changes[day], 6)
        if total > best:
            best, when = total, day
    return best, when
