import doctest
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import clock, timer
from ..tools.clock import moment_of, wall_of, zone
from ..tools.timer import Timer, Window, due, may_run, next_allowed, open_intervals

# Clocks that are changed at midnight, by half an hour, twice a year in the south, never, and over the date line.
ZONES = [
    *("Europe/Brussels", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata"),
    *("Africa/Cairo", "Pacific/Auckland", "America/St_Johns", "Asia/Beirut", "UTC"),
]
HOLIDAYS = {date(2026, 5, 1), date(2026, 12, 25), date(2027, 1, 1)}
FIRST = datetime(2026, 1, 1)

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


@st.composite
def windows(draw):
    opens = draw(st.integers(0, 1439))
    closes = draw(st.one_of(st.just(opens), st.integers(opens, 1440)))
    quiet = draw(st.one_of(st.none(), st.tuples(st.integers(0, 1439), st.integers(0, 1439))))
    days = draw(weekdays)
    return Window(days, opens, closes, bool(days & frozenset(range(5))) and draw(st.booleans()), quiet)


@st.composite
def delays(draw):
    unit = draw(st.sampled_from(["minutes", "hours", "days", "working_days", "weeks"]))
    return Timer("delay", draw(st.integers(0, 60)), unit, draw(windows()))


@tagged("standard", "post_install", "-at_install")
class TestTimer(BaseCase):
    """When steps run: R5."""

    def test_examples_in_the_documentation(self):
        for module in (clock, timer):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 6)
            self.assertEqual(result.failed, 0, module.__name__)

    def local(self, tz, *wall):
        return moment_of(datetime(*wall), ZoneInfo(tz))

    def test_examples_from_the_field(self):
        office = Window(frozenset(range(5)), 480, 480)
        brussels = "Europe/Brussels"
        for what, one, start, expected, reference in (
            (
                "three days, then a weekday at 8",
                Timer("delay", 3, "days", office),
                (2026, 3, 6, 9),
                (2026, 3, 10, 8),
                None,
            ),
            (
                "over the change of the clocks",
                Timer("delay", 1, "days", office),
                (2026, 3, 28, 9),
                (2026, 3, 30, 8),
                None,
            ),
            ("a month's end", Timer("delay", 1, "days"), (2026, 2, 28, 9), (2026, 3, 1, 9), None),
            ("a leap day", Timer("delay", 1, "days"), (2028, 2, 28, 9), (2028, 2, 29, 9), None),
            ("the turn of the year", Timer("delay", 1, "weeks"), (2026, 12, 28, 9), (2027, 1, 4, 9), None),
            (
                "two working days over Labour Day",
                Timer("delay", 2, "working_days"),
                (2026, 4, 30, 9),
                (2026, 5, 5, 9),
                None,
            ),
            ("an hour that does not exist", Timer("delay", 1, "days"), (2026, 3, 28, 2, 30), (2026, 3, 29, 3), None),
            (
                "a week before",
                Timer("before", 1, "weeks", office),
                (2026, 3, 2, 9),
                (2026, 3, 13, 8),
                date(2026, 3, 20),
            ),
            ("the day itself", Timer("after", 0, "days", office), (2026, 3, 2, 9), (2026, 3, 20, 8), date(2026, 3, 20)),
        ):
            with self.subTest(what):
                found = due(one, self.local(brussels, *start), ZoneInfo(brussels), works, reference)
                self.assertEqual(found.moment, self.local(brussels, *expected))
                self.assertFalse(found.is_past)

    def test_a_window_that_never_opens(self):
        sundays = Window(frozenset([6]), working_days_only=True)
        self.assertIsNone(next_allowed(FIRST, zone(), sundays, works))

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(moments, zones, delays())
    def test_never_before_and_never_outside_the_window(self, start, tz, one):
        found = due(one, start, tz, works).moment
        self.assertGreaterEqual(found, start)
        self.assertInside(found, tz, one.window)
        self.assertTrue(may_run(found, tz, one.window, works))

    def assertInside(self, moment, tz, window):
        """Hold that the clocks of the zone show an allowed hour, by a way of their own."""
        local = moment.replace(tzinfo=timezone.utc).astimezone(tz)
        allowed = [
            (day, opens, closes)
            for opens, closes in open_intervals(window.opens, window.closes, window.quiet)
            for day in (local.date() - timedelta(days=n) for n in (0, 1, 2))
        ]
        for day, opens, closes in allowed:
            midnight = datetime.combine(day, time())
            start, end = (moment_of(midnight + timedelta(minutes=n), tz) for n in (opens, closes))
            is_open = start == moment if opens == closes else start <= moment < end
            is_day = day.weekday() in window.weekdays and (not window.working_days_only or works(day))
            if is_open and is_day:
                return
        self.fail(f"{local} is outside of {window}")

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(moments, st.integers(0, 4000), zones, delays())
    def test_who_starts_later_never_runs_sooner(self, start, minutes, tz, one):
        later = start + timedelta(minutes=minutes)
        self.assertLessEqual(due(one, start, tz, works).moment, due(one, later, tz, works).moment)

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(moments, st.integers(0, 60), zones, delays())
    def test_a_longer_delay_never_runs_sooner(self, start, more, tz, one):
        longer = one._replace(count=one.count + more)
        self.assertLessEqual(due(one, start, tz, works).moment, due(longer, start, tz, works).moment)

    def test_two_years_in_ten_zones(self):
        """R5: on every day of two years, in every zone, a step at 8:00 on weekdays runs at 8:00 on a weekday, and one
        at any hour keeps its hour."""
        at_eight = Timer("delay", 1, "days", Window(frozenset(range(5)), 480, 480))
        for name in ZONES:
            tz = ZoneInfo(name)
            for day in range(2 * 365):
                start = FIRST + timedelta(days=day, hours=day % 24, minutes=day % 60)
                local = wall_of(due(at_eight, start, tz, works).moment, tz)
                self.assertEqual((local.hour, local.minute), (8, 0), f"{name} {start}")
                self.assertLess(local.weekday(), 5)
                before, after = wall_of(start, tz), wall_of(due(Timer("delay", 1, "days"), start, tz, works).moment, tz)
                expected = before + timedelta(days=1)
                if wall_of(moment_of(expected, tz), tz) == expected:
                    self.assertEqual(after, expected, f"{name} {start}")
                else:  # the hour does not exist on that day: the first one after the gap
                    self.assertLessEqual(after - expected, timedelta(hours=1))

    def test_wall_time_and_moment_are_inverse(self):
        for name in ZONES:
            tz = ZoneInfo(name)
            last = None
            for half_hour in range(2 * 365 * 48):
                moment = FIRST + timedelta(minutes=30 * half_hour)
                wall = wall_of(moment, tz)
                self.assertLessEqual(moment_of(wall, tz), moment + timedelta(hours=2))
                self.assertTrue(last is None or wall >= last, f"{name} {moment}")
                last = wall
