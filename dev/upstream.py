"""`make test-upstream`: Odoo's own CRM tests with the addon installed, against what they do without it."""

import re
from pathlib import Path

from . import databases, server
from .console import Failure, run_logged, step, tail
from .paths import neutral, state
from .testing import sweep

HERE = Path(__file__).parent
TAGS = "/crm,/sale_crm"
AT_LEAST = 140
FAILED = re.compile(r"^\d{4}-.* ERROR \S+ \S+: (?:FAIL|ERROR): (?:Subtest )?(\w+(?:\.\w+)?)", re.M)
SKIPPED = re.compile(r"^\d{4}-.* INFO \S+ \S+: skipped (\S+) : (.*)", re.M)
TOTAL = re.compile(r"failed, \d+ error\(s\) of (\d+) tests")


def main(arguments):
    """Run the tests and compare; `--stock` leaves the addon out, to see the baseline."""
    server.ensure()
    sweep()
    name = databases.scratch_name("upstream")
    try:
        databases.clone(databases.template(), name)
        if "--stock" not in arguments:
            databases.install(name)
        return compare(run_suite(name))
    finally:
        databases.drop(name)


def run_suite(database):
    """Run Odoo's tests on a database and return the log."""
    log = state() / "upstream.log"
    command = server.command("-d", database, f"--test-tags={TAGS}", "--stop-after-init", "--max-cron-threads=0")
    command[1:3] = [str(HERE / "inside" / "upstream_suite.py")]
    command.append(f"--http-port={server.free_port()}")
    with step(f"Odoo's own tests {TAGS} (three minutes)"):
        run_logged(command, log, cwd=neutral(), env=server.environment())
    return log


def compare(log):
    """Print the counts; fail unless enough tests ran and exactly the known ones failed."""
    text = log.read_text(errors="replace")
    total = int((TOTAL.findall(text) or ["0"])[-1])
    if total < AT_LEAST:
        reason = f"only {total} tests ran, at least {AT_LEAST} were expected:\n{tail(text)}"
        raise Failure(reason, f"The whole log is {log}.")
    failed, known, skipped = set(FAILED.findall(text)), baseline(), SKIPPED.findall(text)
    print(f"upstream: {total} tests, {len(failed)} failed ({len(known)} known), {len(skipped)} skipped", flush=True)
    for name in sorted(known - failed):
        print(f"upstream: {name} is known to fail and passed")
    surprises = sorted(failed - known) + [f"{name} was skipped: {reason}" for name, reason in skipped]
    if surprises:
        raise Failure("not as with Odoo alone:\n" + "\n".join(surprises), f"The whole log is {log}.")
    return 0


def baseline():
    """The tests that fail with Odoo alone."""
    lines = (HERE / "upstream_baseline.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}
