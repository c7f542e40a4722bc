"""The periods of what is sold by the month, quarter or year. Pure Python, imports nothing of Odoo."""

from calendar import monthrange
from datetime import date, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Period(NamedTuple):
    """What one payment is for; both days belong to it."""

    start: date
    end: date


def add_months(day, months):
    """Return the same day some months later, or the last day of a month that is too short for it.

    >>> str(add_months(date(2026, 1, 31), 1)), str(add_months(date(2026, 1, 31), 2))
    ('2026-02-28', '2026-03-31')
    >>> str(add_months(date(2024, 2, 29), 12)), str(add_months(date(2024, 2, 29), 48))
    ('2025-02-28', '2028-02-29')
    >>> str(add_months(date(2026, 11, 30), 3))
    '2027-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_period_from(first_day, months, day, term_months=0):
    """Return the first period that starts on a day or later; None when there is none.

    Every start is counted from the first day, so that a short month shortens no later one.

    :param date first_day: when the first period starts
    :param int months: the length of a period; without a length nothing is repeated
    :param date day: the earliest start that is wanted
    :param int term_months: no period starts after so many months from the first day; zero: without end

    >>> tell = lambda *arguments: " to ".join(map(str, first_period_from(*arguments) or ["never"]))
    >>> tell(date(2026, 1, 31), 1, date(2026, 2, 1))
    '2026-02-28 to 2026-03-30'
    >>> tell(date(2026, 1, 31), 1, date(2026, 3, 1))
    '2026-03-31 to 2026-04-29'
    >>> tell(date(2026, 1, 31), 1, date(2025, 6, 1))
    '2026-01-31 to 2026-02-27'
    >>> tell(date(2026, 5, 15), 3, date(2026, 5, 16))
    '2026-08-15 to 2026-11-14'
    >>> tell(date(2026, 5, 15), 3, date(2026, 8, 15))
    '2026-08-15 to 2026-11-14'
    >>> tell(date(2026, 5, 15), 1, date(2027, 5, 14), 12), tell(date(2026, 5, 15), 1, date(2027, 4, 15), 12)
    ('never', '2027-04-15 to 2027-05-14')
    >>> tell(date(2026, 5, 15), 0, date(2026, 6, 1))
    'never'
    """
    if months <= 0:
        return None
    apart = (day.year - first_day.year) * 12 + day.month - first_day.month
    number = max(0, apart // months)
    if add_months(first_day, number * months) < day:
        number += 1
    if term_months and number * months >= term_months:
        return None
    start, following = (add_months(first_day, count * months) for count in (number, number + 1))
    return Period(start, following - timedelta(days=1))


def due_periods(first_day, months, day, today, term_months=0):
    """Return all periods that start between two days, both included: the ones that are missed, after a break.

    >>> [str(period.start) for period in due_periods(date(2026, 1, 31), 1, date(2026, 2, 28), date(2026, 4, 30))]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    >>> due_periods(date(2026, 1, 31), 1, date(2026, 5, 31), date(2026, 5, 30))
    []
    >>> len(due_periods(date(2026, 1, 1), 1, date(2026, 1, 2), date(2030, 1, 1), 6))
    5
    """
    periods = []
    while (period := first_period_from(first_day, months, day, term_months)) and period.start <= today:
        periods.append(period)
        day = period.start + timedelta(days=1)
    return periods


def local_day(moment, time_zone):
    """Return which day it is somewhere at a moment.

    :param datetime moment: in UTC, without a time zone, as Odoo stores it
    :param str time_zone: the name of a time zone; UTC counts where it is empty or unknown

    >>> from datetime import datetime
    >>> late = datetime(2026, 1, 31, 23, 30)
    >>> [str(local_day(late, zone)) for zone in ("Europe/Brussels", "America/New_York", None, "Nowhere/Land")]
    ['2026-02-01', '2026-01-31', '2026-01-31', '2026-01-31']
    """
    try:
        zone = ZoneInfo(time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = timezone.utc
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
