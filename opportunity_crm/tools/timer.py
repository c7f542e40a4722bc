"""When a step of a follow-up sequence runs. Pure Python, imports nothing of Odoo.

Moments are naive ``datetime`` in UTC; see :mod:`clock` for how they become wall times and back. The idea of a delay
that waits at least so long and then for the next allowed moment is that of Infusionsoft's sequences: a timer says both
how long to wait and when it may run.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from .clock import moment_of, wall_of

DAY = timedelta(days=1)
MINUTES_OF_DAY = 24 * 60
EVERY_DAY = frozenset(range(7))
HORIZON = 800  # days within which a window must open
GRACE = 60  # minutes by which a step that runs at an hour may be late


class Window(NamedTuple):
    """When something may run: on which days of the week (Monday is 0), and between which minutes of the day.

    With ``opens == closes`` it runs at that minute.
    """

    weekdays: frozenset = EVERY_DAY
    opens: int = 0
    closes: int = MINUTES_OF_DAY
    working_days_only: bool = False
    quiet: tuple | None = None  # minutes from and to which nothing runs; may pass midnight


ANY_TIME = Window()


class Timer(NamedTuple):
    """When a step runs: ``timing`` is ``now``, ``delay``, ``date``, ``before`` or ``after``.

    A delay counts from the step before, ``before`` and ``after`` from a reference, a date or a moment; ``date`` is
    itself the reference. ``unit`` is ``minutes``, ``hours``, ``days``, ``working_days`` or ``weeks``.
    """

    timing: str = "now"
    count: int = 0
    unit: str = "days"
    window: Window = ANY_TIME


class Due(NamedTuple):
    """When a step runs; ``is_past`` says that the time for it has passed and that ``moment`` is the next chance."""

    moment: datetime | None
    is_past: bool = False


def due(timer, start, tz, is_working_day, reference=None):
    """Return the :class:`Due` of a step.

    :param Timer timer: when it runs
    :param datetime start: the moment from which to count; nothing runs before
    :param tzinfo tz: the zone whose clocks count
    :param is_working_day: a function of a date
    :param reference: for ``date``, ``before`` and ``after`` the date, in ``tz``, or the moment
    :return: with ``moment`` None when the window never opens within two years

    Wait three days, then until 8:00 on a weekday: started on Friday at 9:00 it runs on Tuesday at 8:00.

    >>> from zoneinfo import ZoneInfo
    >>> utc, weekday = ZoneInfo("UTC"), lambda day: day.weekday() < 5
    >>> at_eight = Window(frozenset(range(5)), 480, 480)
    >>> friday = datetime(2026, 3, 6, 9, 0)
    >>> str(due(Timer("delay", 3, "days", at_eight), friday, utc, weekday).moment)
    '2026-03-10 08:00:00'
    >>> str(due(Timer("delay", 3, "working_days"), friday, utc, weekday).moment)
    '2026-03-11 09:00:00'

    Two days before a closing date, in the morning; on that day at noon it is too late, and next is the day after:

    >>> from datetime import date
    >>> morning = Timer("before", 2, "days", Window(opens=540, closes=660))
    >>> str(due(morning, friday, utc, weekday, date(2026, 3, 10)).moment)
    '2026-03-08 09:00:00'
    >>> late = due(morning, datetime(2026, 3, 8, 12, 0), utc, weekday, date(2026, 3, 10))
    >>> str(late.moment), late.is_past
    ('2026-03-09 09:00:00', True)
    """
    if timer.timing == "now":
        return Due(next_allowed(start, tz, timer.window, is_working_day))
    if timer.timing == "delay":
        waited = shift(start, timer.count, timer.unit, tz, is_working_day)
        return Due(next_allowed(waited, tz, timer.window, is_working_day))
    return _due_by_date(timer, start, tz, is_working_day, reference)


def _due_by_date(timer, start, tz, is_working_day, reference):
    moment = reference if isinstance(reference, datetime) else moment_of(datetime.combine(reference, time()), tz)
    if timer.timing != "date":
        count = -timer.count if timer.timing == "before" else timer.count
        moment = shift(moment, count, timer.unit, tz, is_working_day)
    ideal = next_allowed(moment, tz, timer.window, is_working_day)
    if ideal is None or ideal >= start:
        return Due(ideal)
    chance = next_allowed(start, tz, timer.window, is_working_day)
    return Due(chance, chance is None or wall_of(chance, tz).date() > wall_of(ideal, tz).date())


def shift(moment, count, unit, tz, is_working_day):
    """Return the moment so many units later, or earlier when the count is negative.

    Minutes and hours pass, days are those of the calendar: the hour of the day stays, over daylight saving time. A
    working day that begins on a free day begins with the next working day.

    >>> from zoneinfo import ZoneInfo
    >>> paris, weekday = ZoneInfo("Europe/Paris"), lambda day: day.weekday() < 5
    >>> saturday = datetime(2026, 3, 28, 9, 0)  # 10:00 in Paris, the night before the clocks go forward
    >>> [str(shift(saturday, 1, unit, paris, weekday)) for unit in ("hours", "days", "weeks", "working_days")]
    ['2026-03-28 10:00:00', '2026-03-29 08:00:00', '2026-04-04 08:00:00', '2026-03-30 22:00:00']
    >>> str(shift(saturday, -2, "working_days", paris, weekday))
    '2026-03-25 23:00:00'
    """
    if unit in ("minutes", "hours"):
        return moment + timedelta(**{unit: count})
    wall = wall_of(moment, tz)
    if unit == "working_days":
        return moment_of(_shift_working_days(wall, count, is_working_day), tz)
    return moment_of(wall + count * (DAY if unit == "days" else 7 * DAY), tz)


def _shift_working_days(wall, count, is_working_day):
    step = -DAY if count < 0 else DAY
    if count and not is_working_day(wall.date()):
        wall = _roll(datetime.combine(wall.date(), time()), DAY, is_working_day)
    for _day in range(abs(count)):
        wall = _roll(wall + step, step, is_working_day)
    return wall


def _roll(wall, step, is_working_day):
    """Return the wall time on the first working day from that day on; on that day where there is none at all."""
    for days in range(HORIZON):
        if is_working_day((wall + days * step).date()):
            return wall + days * step
    return wall


def next_allowed(moment, tz, window, is_working_day):
    """Return the first moment from that one on within the window, None when it does not open within two years.

    >>> from zoneinfo import ZoneInfo
    >>> office = Window(frozenset(range(5)), 8 * 60, 18 * 60)
    >>> tokyo = ZoneInfo("Asia/Tokyo")  # nine hours ahead
    >>> [str(next_allowed(datetime(2026, 3, 6, hour, 0), tokyo, office, None)) for hour in (8, 9)]
    ['2026-03-06 08:00:00', '2026-03-08 23:00:00']
    >>> night = Window(quiet=(21 * 60, 7 * 60))
    >>> str(next_allowed(datetime(2026, 3, 6, 15, 0), tokyo, night, None))
    '2026-03-06 22:00:00'
    """
    if window == ANY_TIME:
        return moment
    first = wall_of(moment, tz).date() - DAY
    for days in range(HORIZON):
        day = first + days * DAY
        if day.weekday() in window.weekdays and (not window.working_days_only or is_working_day(day)):
            found = _first_of_day(moment, datetime.combine(day, time()), tz, window)
            if found:
                return found
    return None


def _first_of_day(moment, midnight, tz, window):
    for opens, closes in open_intervals(window.opens, window.closes, window.quiet):
        start = moment_of(midnight + timedelta(minutes=opens), tz)
        if start >= moment and opens == closes:
            return start
        end = moment_of(midnight + timedelta(minutes=closes), tz)
        if max(start, moment) < end:
            return max(start, moment)
    return None


@lru_cache(maxsize=1024)
def open_intervals(opens, closes, quiet):
    """Return the minutes of a day from and to which a window is open, the quiet hours taken out.

    A window that is quiet throughout opens for the moment at which the quiet hours end, on the next day where they
    pass midnight.

    >>> open_intervals(480, 1080, None)
    ((480, 1080),)
    >>> open_intervals(0, 1440, (1260, 420))
    ((420, 1260),)
    >>> open_intervals(480, 1080, (720, 780))
    ((480, 720), (780, 1080))
    >>> open_intervals(1320, 1320, (1260, 420))
    ((1860, 1860),)
    """
    if not quiet or quiet[0] == quiet[1]:
        return ((opens, closes),)
    silent = _quiet_intervals(*quiet)
    parts = [(opens, closes)]
    for begins, ends in silent:
        parts = [part for known in parts for part in _cut(known, begins, ends)]
    return tuple(parts) or ((_end_of_quiet(opens, silent),) * 2,)


def _quiet_intervals(begins, ends):
    if begins < ends:
        return ((begins, ends),)
    return ((begins - MINUTES_OF_DAY, ends), (begins, ends + MINUTES_OF_DAY))


def _cut(part, begins, ends):
    opens, closes = part
    if opens == closes:
        return () if begins <= opens < ends else (part,)
    before, after = (opens, min(closes, begins)), (max(opens, ends), closes)
    return tuple(one for one in (before, after) if one[0] < one[1])


def _end_of_quiet(minute, silent):
    return next(ends for begins, ends in silent if begins <= minute < ends)


def may_run(now, tz, window, is_working_day):
    """Tell whether a step may run now: within its window, or not too late for the minute at which it runs.

    >>> from zoneinfo import ZoneInfo
    >>> at_eight = Window(opens=480, closes=480)
    >>> [may_run(datetime(2026, 3, 6, 8, minute), ZoneInfo("UTC"), at_eight, None) for minute in (0, 59)]
    [True, True]
    >>> may_run(datetime(2026, 3, 6, 9, 0), ZoneInfo("UTC"), at_eight, None)
    False
    """
    if window.opens == window.closes:
        ((opens, _closes),) = open_intervals(window.opens, window.closes, window.quiet)
        window = window._replace(opens=opens, closes=opens + GRACE, quiet=None)
    return next_allowed(now, tz, window, is_working_day) == now
