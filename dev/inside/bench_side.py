"""One side of the benchmark: an Odoo that stays and does what it is told, one line of JSON for each answer.

A request is `{"call": [module, function, arguments]}`, which runs a function of the data, or `{"measure": what,
"side": name}`, with `"profile"` if the costs are to be broken down.
"""

import cProfile
import gc
import io
import json
import os
import pstats
import re
import statistics
import sys
import time
from pathlib import Path

import bench

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

ADDON = str(Path(bench.__file__).parents[2] / "opportunity_crm")
SHOWN = 40


def measure(env, scenario, side, profile):
    """The median time and queries of the operations of one side; everything is rolled back."""
    measured = getattr(scenario, side)
    operations = measured.prepare(env)
    share = measured.rows(env) / 1000 if measured.rows else 1
    gc.collect()
    samples = [clock(env, operation, profile) for operation in operations]
    env.cr.rollback()
    env.transaction.clear()
    seconds, queries = zip(*samples, strict=True)
    return {"seconds": statistics.median(seconds) / share, "queries": statistics.median_low(queries)}


def clock(env, operation, profile):
    """The seconds and queries of an operation that starts with cold records and ends before the commit."""
    env.invalidate_all()
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    with profile:
        operation()
        env.cr.flush()
    return time.perf_counter() - started, env.cr.sql_log_count - queries


class NoProfile:
    """What stands in for a profile when none is wanted."""

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        return None


def answer(env, request):
    """What a request is answered with."""
    if "call" in request:
        module, function, *arguments = request["call"]
        return getattr(sys.modules[f"bench.{module}"], function)(env, *arguments)
    (scenario,) = [s for s in bench.scenarios() if s.what == request["measure"]]
    if not request.get("profile"):
        return measure(env, scenario, request["side"], NoProfile())
    profile = cProfile.Profile()
    measure(env, scenario, request["side"], profile)
    return described(profile)


def described(profile):
    """The functions that cost most with all they call, first those of the addon, then all."""
    stream = io.StringIO()
    stats = pstats.Stats(profile, stream=stream).sort_stats("cumulative")
    stats.print_stats(re.escape(ADDON), SHOWN)
    stats.print_stats(SHOWN)
    return stream.getvalue()


def main():
    """Answer until there are no more requests; standard output carries nothing but answers."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    config.parse_config(sys.argv[1:], setup_logging=True)
    registry = Registry(config["db_name"][0])
    bench.scenarios()
    gc.freeze()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for line in sys.stdin:
            print(json.dumps(answer(env, json.loads(line))), file=answers, flush=True)
        cr.rollback()


if __name__ == "__main__":
    main()
