"""Months, quarters and years, and the ones before them. Pure Python, imports nothing of Odoo."""

from datetime import date
from typing import NamedTuple

from .periods import add_months

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Span(NamedTuple):
    """Some whole months: from a first day until before another one."""

    start: date
    stop: date

    @property
    def length(self):
        """How many months it has."""
        return (self.stop.year - self.start.year) * 12 + self.stop.month - self.start.month

    def before(self):
        """Return the span of the same length that ends where this one starts.

        >>> before = span_of("quarter", date(2026, 2, 3)).before()
        >>> str(before.start), str(before.stop)
        ('2025-10-01', '2026-01-01')
        """
        return Span(add_months(self.start, -self.length), self.start)

    def months(self):
        """Return each of its months as a span.

        >>> [str(month.start) for month in span_of("quarter", date(2026, 12, 31)).months()]
        ['2026-10-01', '2026-11-01', '2026-12-01']
        """
        firsts = [add_months(self.start, number) for number in range(self.length + 1)]
        return [Span(*pair) for pair in zip(firsts, firsts[1:], strict=False)]


def span_of(kind, day):
    """Return the calendar month, quarter or year of a day.

    >>> [str(span_of(kind, date(2026, 5, 31)).start) for kind in MONTHS]
    ['2026-05-01', '2026-04-01', '2026-01-01']
    >>> str(span_of("year", date(2026, 5, 31)).stop)
    '2027-01-01'
    """
    length = MONTHS[kind]
    start = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Span(start, add_months(start, length))
