"""The scenarios of `make bench`: what is compared, on generated data, and which ratio has to hold.

Each module of this package may have a list `SCENARIOS`. The modules are imported twice: by the command, which runs
without Odoo and only reads what the scenarios are called, and in the processes with Odoo, which run them. So nothing
of Odoo is imported here; a function gets everything from its environment.
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import NamedTuple

STOCK = "stock"  # the database with the addon's dependencies only
ADDON = "addon"  # the same data, and the addon


class Side(NamedTuple):
    """What is measured, and in which database.

    `prepare(env)` gets a superuser's environment and returns a list of functions without arguments, the operations.
    Only they are measured, each with cold caches and with everything flushed; afterwards all is rolled back.
    `rows(env)` returns how many rows the operation is about, where the time for a thousand of them is compared.
    """

    database: str
    prepare: Callable
    rows: Callable | None = None


class Hold(NamedTuple):
    """What the second side may cost: so many times the time of the first, and so many more queries an operation."""

    time: float | None = None
    queries: int | None = None

    def __str__(self):
        time = f"≤ {self.time:g} × time" if self.time is not None else ""
        queries = f"≤ {self.queries} more queries" if self.queries is not None else ""
        return ", ".join(filter(None, [time, queries]))

    def met(self, time, queries):
        """Whether a ratio of times and a difference of queries are within it."""
        return (self.time is None or time <= self.time) and (self.queries is None or queries <= self.queries)


class Scenario(NamedTuple):
    """A comparison: its number in the list of numbers to hold, what is done, the two sides, and the hold."""

    number: str
    what: str
    stock: Side
    addon: Side
    hold: Hold


def scenarios():
    """Every scenario of this package, by number."""
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found = [scenario for module in modules for scenario in getattr(module, "SCENARIOS", [])]
    return sorted(found, key=lambda scenario: scenario.number)
