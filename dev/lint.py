"""`make lint`: every check of the sources; all of them run, and all of them are reported.

A step is a function of one argument, whether to repair what can be repaired; it returns its complaints as one text,
empty when there are none.
"""

import argparse
import time

from . import house, pot
from .console import Failure, say
from .paths import ADDON
from .toolbox import addon_files, files, node_complaints, python_complaints

PRETTIER_SUFFIXES = (".cjs", ".css", ".js", ".json", ".scss", ".xml", ".yaml", ".yml")
UNMEASURED = {"tests", "migrations"}
UNASKED = (
    "consider-merging-classes-inherited",  # crm.lead is extended in one file per concern, on purpose
    "missing-readme",  # the handbook of this one addon is the README.md of the repository
)


def _ruff(fix):
    return python_complaints(
        "ruff", "check", "--no-cache", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), "."
    )


def _format(fix):
    return python_complaints(
        "ruff", "format", "--no-cache", *([] if fix else ["--check", "--output-format=concise"]), "."
    )


def _pylint(_fix):
    return python_complaints("pylint", f"--disable={','.join(UNASKED)}", ADDON)


def _oca(fix):
    return python_complaints("oca_pre_commit_hooks.cli", *(["--fix"] if fix else []), ADDON)


def _prettier(fix):
    return node_complaints("prettier", "--log-level=warn", "--write" if fix else "--check", *files(*PRETTIER_SUFFIXES))


def _eslint(fix):
    return node_complaints("eslint", "--max-warnings=0", *(["--fix"] if fix else []), ".")


def _house(_fix):
    return "\n".join(house.check(name for name in addon_files(".py") if not UNMEASURED & set(name.split("/"))))


def _po(_fix):
    """Gettext files: well formed, and the languages complete.

    po-pretty-format is left out: it wants a translation that equals its source to be empty, as if it were missing.
    """
    if not (names := addon_files(".po", ".pot")):
        return ""
    form = python_complaints("oca_pre_commit_hooks.cli_po", "--disable=po-pretty-format", *names)
    return "\n".join(filter(None, [form, pot.incomplete()]))


def _pot(fix):
    return pot.update() if fix else pot.stale()


STEPS = {
    "ruff": _ruff,
    "format": _format,
    "pylint": _pylint,
    "oca": _oca,
    "prettier": _prettier,
    "eslint": _eslint,
    "house": _house,
    "po": _po,
    "pot": _pot,
}


def _complaints(name, fix=False):
    try:
        return STEPS[name](fix)
    except Failure as failure:
        return f"{failure.reason}\n{failure.hint}".strip()


def _passes(name):
    """Run one step and report it."""
    started = time.monotonic()
    found = _complaints(name)
    say(f"{'FAILED' if found else 'ok':<6} {name:<9}{time.monotonic() - started:5.1f} s")
    for line in found.splitlines():
        say(f"    {line}")
    return not found


def main(args):
    """Run the steps; the status is 0 when all of them passed."""
    parser = argparse.ArgumentParser(prog="lint", description=__doc__.splitlines()[0])
    parser.add_argument("--fix", action="store_true", help="first repair what the tools can repair")
    parser.add_argument("--only", action="append", choices=STEPS, metavar="STEP", help=f"one of {', '.join(STEPS)}")
    options = parser.parse_args(args)
    names = options.only or STEPS
    for name in names if options.fix else ():
        _complaints(name, fix=True)
    results = [_passes(name) for name in names]
    say(f"lint: {results.count(True)} passed, {results.count(False)} failed")
    if not all(results) and not options.fix:
        say("`python3 -m dev lint --fix` repairs what the tools can repair.")
    return 0 if all(results) else 1
