"""When a step is due. Pure Python, imports nothing of Odoo."""

from datetime import timedelta


def due_moment(start, count, unit, plan_working_days):
    """Return the moment at which a step is due.

    :param datetime start: when the stage was entered, or the previous step completed
    :param int count: the delay; zero is due at once
    :param str unit: ``"hours"``, ``"days"`` or ``"working_days"``
    :param plan_working_days: a function of a number of working days and a start that returns a moment on the last of
        them, or a false value when the calendar has none; the day of the start is the first where it is a working day

    >>> from datetime import datetime
    >>> friday = datetime(2026, 3, 6, 15, 0)
    >>> str(due_moment(friday, 12, "hours", None))
    '2026-03-07 03:00:00'
    >>> str(due_moment(friday, 3, "days", None))
    '2026-03-09 15:00:00'
    >>> def weekdays(count, start):
    ...     day = start
    ...     while count > (day.weekday() < 5):
    ...         count -= day.weekday() < 5
    ...         day += timedelta(days=1)
    ...     return day
    >>> str(due_moment(friday, 1, "working_days", weekdays))
    '2026-03-09 15:00:00'

    A calendar without working days must not lose the step: calendar days count then.

    >>> str(due_moment(friday, 1, "working_days", lambda count, start: False))
    '2026-03-07 15:00:00'
    """
    if unit == "hours":
        return start + timedelta(hours=count)
    calendar_days = start + timedelta(days=count)
    if unit == "days":
        return calendar_days
    return plan_working_days(count + 1, start) or calendar_days
