"""`make bench`: the scenarios of tests/bench, each the ratio of two sides that take turns in one run.

Every database has an Odoo process of its own that stays for the whole run; this one tells them whose turn it is.
"""

import argparse
import contextlib
import importlib
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from . import cluster, databases, server
from .console import Failure, say, step, tail
from .paths import ROOT, key, locked, neutral, source_hash, state
from .testing import sweep

TESTS = ROOT / "tests"
SCRIPT = Path(__file__).parent / "inside" / "bench_side.py"
STOCK, ADDON = "stock", "addon"
HEAD = ("", "size", "what", "stock ms (min–max)", "addon ms (min–max)", "ratio (min–max)", "queries", "hold", "")


class Result(NamedTuple):
    """What a scenario gave: for each side, a list of `{"seconds", "queries"}`, in the order of the rounds."""

    scenario: tuple
    size: str
    stock: list
    addon: list

    def ratios(self):
        """The times of the second side in those of the first, turn by turn."""
        return [addon["seconds"] / stock["seconds"] for stock, addon in zip(self.stock, self.addon, strict=True)]

    def queries(self):
        """The queries of an operation on both sides."""
        return [statistics.median_low(turn["queries"] for turn in turns) for turns in (self.stock, self.addon)]

    def ok(self):
        """Whether the hold is met."""
        stock, addon = self.queries()
        return self.scenario.hold.met(statistics.median(self.ratios()), addon - stock)

    def row(self):
        """The line of the table."""
        number, what, *_sides, hold = self.scenario
        times = [spread([turn["seconds"] * 1000 for turn in turns]) for turns in (self.stock, self.addon)]
        queries = "{} → {}".format(*self.queries())
        return [number, self.size, what, *times, spread(self.ratios()), queries, str(hold), "ok" if self.ok() else "NO"]


class SideProcess:
    """An Odoo on one database that answers requests, see inside/bench_side.py."""

    def __init__(self, database):
        self.log = state() / f"bench-{database}.log"
        command = server.command("-d", database, "--no-http", "--log-level=warn")
        command[1:3] = [str(SCRIPT)]
        environment = server.environment()
        environment["PYTHONPATH"] += f":{TESTS}"
        with self.log.open("w") as stream:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": stream, "text": True}
            self.process = subprocess.Popen(command, cwd=neutral(), env=environment, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, **request):
        """Send a request and return the answer."""
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise Failure(f"{request} failed:\n{tail(self.log.read_text())}", f"The whole log is {self.log}.")
        return json.loads(answer)


def bench(arguments):
    """Run the scenarios, print the table, and fail when a hold is missed."""
    chosen = options(arguments)
    server.ensure()
    sweep()
    results = [result for size in chosen.size for result in run_size(size, chosen)]
    print(table([HEAD, *(result.row() for result in results)]))
    return 0 if all(result.ok() for result in results) else 1


def options(arguments):
    """The command line."""
    sizes = list(package().data.SIZES)
    parser = argparse.ArgumentParser(prog="python3 -m dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("--size", action="append", choices=sizes, help=f"default: {' and '.join(sizes)}")
    parser.add_argument("--only", action="append", metavar="TEXT", help="scenarios whose name contains it; repeatable")
    parser.add_argument("--repeat", type=int, default=7, help="turns of each side (default: 7, at least 3)")
    parser.add_argument("--profile", action="store_true", help="also print where the addon's side spends its time")
    chosen = parser.parse_args(arguments)
    chosen.size = chosen.size or sizes
    chosen.repeat = max(chosen.repeat, 3)
    chosen.scenarios = [scenario for scenario in package().scenarios() if wanted(scenario, chosen.only)]
    if not chosen.scenarios:
        raise Failure(f"no scenario contains {' or '.join(chosen.only)}", "Leave out --only to run them all.")
    return chosen


def wanted(scenario, texts):
    """Whether one of the texts, if there are any, is in the name of a scenario."""
    return not texts or any(text in f"{scenario.number} {scenario.what}" for text in texts)


def package():
    """The package of the scenarios, with its data."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    importlib.import_module("bench.data")
    return sys.modules["bench"]


def run_size(size, chosen):
    """Yield the results of the chosen scenarios at one size."""
    with contextlib.ExitStack() as stack:
        sides = {kind: stack.enter_context(side(kind, size)) for kind in (STOCK, ADDON)}
        for scenario in chosen.scenarios:
            yield run_scenario(scenario, size, sides, chosen)


@contextlib.contextmanager
def side(kind, size):
    """A process on a copy of the generated database, which is gone afterwards."""
    name = databases.scratch_name(f"bench_{kind}_{size.lower()}")
    try:
        databases.clone(generated(kind, size), name)
        with SideProcess(name) as process:
            yield process
    finally:
        databases.drop(name)


def run_scenario(scenario, size, sides, chosen):
    """Let the sides take turns; the first turn of each only warms up."""
    turns = {"stock": [], "addon": []}
    with step(f"{scenario.number} {size}: {scenario.what}"):
        for _round in range(chosen.repeat + 1):
            for name, done in turns.items():
                done.append(sides[getattr(scenario, name).database].ask(measure=scenario.what, side=name))
    if chosen.profile:
        say(sides[scenario.addon.database].ask(measure=scenario.what, side="addon", profile=True))
    return Result(scenario, size, *(done[1:] for done in turns.values()))


def generated(kind, size):
    """The name of a database with generated data, built when what it is made of has changed."""
    parts = [databases.template(), (TESTS / "bench" / "data.py").read_text()]
    if kind == ADDON:
        parts.append(source_hash())
    name = f"{databases.prefix()}bench_{key(*parts)}_{kind}_{size.lower()}"
    with locked(f"bench-{kind}"):
        if name not in cluster.names():
            drop_older(kind, size)
            build(name, kind, size)
    return name


def drop_older(kind, size):
    """Drop what was generated from other sources, or not to the end."""
    ending = f"_{kind}_{size.lower()}"
    for name in databases.own():
        if "_bench_" in name and name.removesuffix("_part").endswith(ending):
            databases.drop(name)


def build(name, kind, size):
    """Generate a database: data on the dependencies, or the addon installed on that data."""
    scratch = f"{name}_part"
    databases.clone(generated_before(kind, size), scratch)
    if kind == ADDON:
        databases.install(scratch, strict=False)
    request = ["data", "fill_addon"] if kind == ADDON else ["data", "fill_stock", size]
    with step(f"generate data of size {size} ({kind})"), SideProcess(scratch) as process:
        process.ask(call=request)
    cluster.sql("VACUUM ANALYZE", scratch)
    cluster.sql(f'ALTER DATABASE "{scratch}" RENAME TO "{name}"')
    if server.filestore(scratch).exists():
        server.filestore(scratch).rename(server.filestore(name))


def generated_before(kind, size):
    """The database that one of this kind starts from."""
    return generated(STOCK, size) if kind == ADDON else databases.template()


def spread(values):
    """Median, minimum and maximum as text."""
    return f"{number(statistics.median(values))} ({number(min(values))}–{number(max(values))})"


def number(value):
    """A number with about three digits."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(rows):
    """Rows as lines with columns of equal width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "-|-".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
