"""Wall clocks and moments, over daylight saving time. Pure Python, imports nothing of Odoo.

A moment is a naive ``datetime`` in UTC, as Odoo stores it; a wall time is what the clocks of a zone show. Both
directions are monotone, so that who waits longer never runs sooner: a wall time that does not exist is the first
moment after the gap, one that exists twice is the first of the two, and the second passage of an hour that is repeated
is read as its end.
"""

from datetime import timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = timedelta(seconds=1)


@cache
def zone(*names):
    """Return the time zone of the first name that is known, UTC if none is.

    >>> zone(None, "", "Nowhere/Here", "Europe/Paris", "Asia/Tokyo")
    zoneinfo.ZoneInfo(key='Europe/Paris')
    >>> zone(False)
    zoneinfo.ZoneInfo(key='UTC')
    """
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def moment_of(wall, tz):
    """Return the first moment at which the clocks of a zone show a wall time, or have passed it.

    >>> from datetime import datetime
    >>> paris = ZoneInfo("Europe/Paris")
    >>> str(moment_of(datetime(2026, 3, 6, 8, 0), paris))
    '2026-03-06 07:00:00'

    On 29 March 2026 clocks go from 2:00 to 3:00, on 25 October back from 3:00 to 2:00:

    >>> str(moment_of(datetime(2026, 3, 29, 2, 30), paris))
    '2026-03-29 01:00:00'
    >>> str(moment_of(datetime(2026, 10, 25, 2, 30), paris))
    '2026-10-25 00:30:00'
    """
    moment = _to_utc(wall.replace(tzinfo=tz, fold=0))
    if _aware(moment, tz).replace(tzinfo=None) == wall:
        return moment
    return _transition(_to_utc(wall.replace(tzinfo=tz, fold=1)), moment, tz)


def wall_of(moment, tz):
    """Return the wall time in a zone at a moment.

    >>> from datetime import datetime
    >>> paris = ZoneInfo("Europe/Paris")
    >>> [str(wall_of(datetime(2026, 10, 25, hour, 30), paris).time()) for hour in (0, 1, 2)]
    ['02:30:00', '03:00:00', '03:30:00']
    """
    local = _aware(moment, tz)
    wall = local.replace(tzinfo=None, fold=0)
    if not local.fold:
        return wall
    first = _to_utc(local.replace(fold=0))
    return wall + (_transition(first, moment, tz) - first)


def _aware(moment, tz):
    return moment.replace(tzinfo=timezone.utc).astimezone(tz)


def _to_utc(local):
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def _transition(early, late, tz):
    """Return the moment after ``early`` and not after ``late`` at which the clocks were changed."""
    after = _aware(late, tz).utcoffset()
    while late - early > SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle == early:
            break
        if _aware(middle, tz).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late
