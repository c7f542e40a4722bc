"""Gettext files; run with the interpreter of the lint tools, which has polib: `python -m dev.po COMMAND FILES`."""

import argparse
import re
import sys

import polib

VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")
EXPRESSION = re.compile(r"\{\{.*?\}\}")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdf]|\{\{.*?\}\}")


def normalise(pot):
    """Take out of a template what differs from one export to the next: dates and the day of the Odoo release."""
    for name in VOLATILE:
        pot.metadata.pop(name, None)
    version = pot.metadata.get("Project-Id-Version", "")
    pot.metadata["Project-Id-Version"] = re.sub(r"(Odoo Server \d+\.\d+)\S*", r"\1", version)
    pot.save(newline="\n")


def _by_source(pot):
    return {entry.msgid: entry for entry in pot}


def missing(old, new):
    """Yield one line for each term that is in one file only."""
    before, after = _by_source(old), _by_source(new)
    yield from (f"missing: {source!r}" for source in sorted(after.keys() - before.keys()))
    yield from (f"no longer used: {source!r}" for source in sorted(before.keys() - after.keys()))


def moved(old, new):
    """Yield one line for each term that is used elsewhere than the old file says."""
    before, after = _by_source(old), _by_source(new)
    for source in sorted(before.keys() & after.keys()):
        if set(before[source].occurrences) != set(after[source].occurrences):
            yield f"used elsewhere: {source!r}"


def placeholders(entry, text):
    """What code or a template fills in, sorted; a percent sign means something only in a string of the code."""
    in_code = any(where.startswith("code:") for where, _line in entry.occurrences)
    return sorted((PLACEHOLDER if in_code else EXPRESSION).findall(text))


def fault(entry):
    """What is wrong with a translated term, or None."""
    if entry.fuzzy:
        return "fuzzy"
    if not entry.translated():
        return "not translated"
    if placeholders(entry, entry.msgid) != placeholders(entry, entry.msgstr):
        return "other placeholders"
    return None


def incomplete(po):
    """Yield one line for each term without a finished translation."""
    for entry in po:
        if not entry.obsolete and (found := fault(entry)):
            yield f"{po.fpath}:{entry.linenum}: {found}: {entry.msgid!r}"


def merge(po, pot):
    """Give a translation the terms of the template; what the template no longer has is dropped."""
    po.merge(pot)
    for entry in po.obsolete_entries():
        po.remove(entry)
    order = [entry.msgid for entry in pot]
    po.sort(key=lambda entry: order.index(entry.msgid))
    po.save(newline="\n")


def _compare(old, new):
    before, after = polib.pofile(old), polib.pofile(new)
    return [*missing(before, after), *moved(before, after)]


def _complete(pot, *names):
    """Complaints about translations, which must have all terms of the template, and no others."""
    template = polib.pofile(pot)
    for name in names:
        po = polib.pofile(name)
        yield from incomplete(po)
        yield from (f"{name}: {line}" for line in missing(po, template))


def _merge(pot, *names):
    for name in names:
        merge(polib.pofile(name), polib.pofile(pot))
    return []


def _normalise(pot):
    normalise(polib.pofile(pot))
    return []


COMMANDS = {"compare": _compare, "complete": _complete, "merge": _merge, "normalise": _normalise}


def main(args):
    """Run a command and print its complaints; the status is 1 when there are some."""
    parser = argparse.ArgumentParser(prog="po", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("names", nargs="+", metavar="FILE")
    options = parser.parse_args(args)
    lines = list(COMMANDS[options.command](*options.names))
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
