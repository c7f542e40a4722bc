"""`make test`: pytest in a fresh copy of the template, and a quick loop for one file."""

import fnmatch
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from . import databases, python, server
from .console import Failure
from .paths import ADDON_DIR, ROOT, state

HERE = Path(__file__).parent
ALLOWED = HERE / "allowed_skips.txt"
EVERYTHING = (ADDON_DIR / "tests", ROOT / "tests")
NOTHING_COLLECTED = 5


def test(arguments):
    """Run every test in a database made for this run."""
    return in_fresh_database(["-m", "not long", *arguments])


def test_long(arguments):
    """Run the tests marked long in a database made for this run."""
    status = in_fresh_database(["-m", "long", *arguments])
    return 0 if status == NOTHING_COLLECTED else status


def dbtest(arguments):
    """Run some tests in a database that stays and is only updated when the sources changed."""
    server.ensure()
    return run_pytest(databases.kept("dev"), arguments)


def in_fresh_database(arguments):
    """Clone the template, install the addon, run pytest, remove the clone."""
    server.ensure()
    sweep()
    name = databases.scratch_name("test")
    try:
        databases.clone(databases.template(), name)
        databases.install(name)
        return run_pytest(name, arguments)
    finally:
        databases.drop(name)


def sweep():
    """Remove the databases of test runs that were killed."""
    for name in databases.own():
        pid = name.rpartition("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            databases.drop(name)


def run_pytest(database, arguments):
    """Run pytest on a database; skipped tests count as failed unless they are listed."""
    report = state() / "pytest.xml"
    report.unlink(missing_ok=True)
    status = subprocess.run(
        pytest_command(database, report, arguments),
        cwd=ROOT,
        env=server.environment(),
        stdin=subprocess.DEVNULL,
    ).returncode
    if report.exists():
        check_skips(report)
    return status


def pytest_command(database, report, arguments):
    """The command line of pytest."""
    absolute = [as_path(argument) for argument in arguments]
    chosen = [] if absolute != list(arguments) else [str(path) for path in EVERYTHING if path.exists()]
    return [
        *(str(python.python()), "-m", "pytest", "-c", str(HERE / "pytest.ini"), f"--rootdir={ROOT}"),
        *("-o", f"cache_dir={state() / 'pytest'}", f"--junitxml={report}"),
        *(f"--odoo-config={server.config()}", f"--odoo-database={database}", "--odoo-http"),
        *(f"--odoo-extra=screenshots={state() / 'failed-tours'}", f"--odoo-extra=db-filter=^{database}$"),
        *absolute,
        *chosen,
    ]


def as_path(argument):
    """A path below the caller's folder made absolute, as pytest starts at the root; anything else as it is."""
    path, separator, rest = argument.partition("::")
    if argument.startswith("-") or not os.path.exists(path):
        return argument
    return os.path.abspath(path) + separator + rest


def check_skips(report):
    """Fail when a test was skipped that is not on the list."""
    surprising = [f"{name}: {reason}" for name, reason in skipped(report) if not is_allowed(name)]
    if surprising:
        reason = f"{len(surprising)} tests were skipped:\n" + "\n".join(surprising)
        raise Failure(reason, f"Make them run, or list them with a reason in {ALLOWED}.")


def skipped(report):
    """(name, reason) of the skipped tests in a report."""
    for case in ElementTree.parse(report).iter("testcase"):
        for element in case.findall("skipped"):
            yield f"{case.get('classname')}::{case.get('name')}", element.get("message", "")


def is_allowed(name):
    """Whether a test is on the list of those that may be skipped."""
    lines = [line for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    return any(fnmatch.fnmatch(name, line.split("  ")[0]) for line in lines)
