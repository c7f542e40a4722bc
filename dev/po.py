"""Gettext files; run with the interpreter of the lint tools, which has polib: `python -m dev.po COMMAND FILES`."""

import argparse
import re
import sys

import polib

VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")


def _key(entry):
    return entry.msgctxt or "", entry.msgid


def normalise(pot):
    """Take out of a template what differs from one export to the next: dates and the day of the Odoo release."""
    for name in VOLATILE:
        pot.metadata.pop(name, None)
    version = pot.metadata.get("Project-Id-Version", "")
    pot.metadata["Project-Id-Version"] = re.sub(r"(Odoo Server \d+\.\d+)\S*", r"\1", version)
    pot.save(newline="\n")


def differences(old, new):
    """Yield one line for each term that is in one template only, or used elsewhere."""
    before, after = ({_key(entry): entry for entry in pot} for pot in (old, new))
    yield from (f"missing: {key[1]!r}" for key in after.keys() - before.keys())
    yield from (f"no longer used: {key[1]!r}" for key in before.keys() - after.keys())
    for key in before.keys() & after.keys():
        if set(before[key].occurrences) != set(after[key].occurrences):
            yield f"used elsewhere: {key[1]!r}"


def incomplete(po):
    """Yield one line for each term without a finished translation."""
    for entry in po:
        if entry.obsolete or not entry.translated():
            yield f"{po.fpath}:{entry.linenum}: {'fuzzy' if entry.fuzzy else 'not translated'}: {entry.msgid!r}"


def merge(po, pot):
    """Give a translation the terms of the template; what the template no longer has is dropped."""
    po.merge(pot)
    for entry in po.obsolete_entries():
        po.remove(entry)
    order = {_key(entry): place for place, entry in enumerate(pot)}
    po.sort(key=lambda entry: order[_key(entry)])
    po.save(newline="\n")


def _compare(old, new):
    return sorted(differences(polib.pofile(old), polib.pofile(new)))


def _complete(pot, *names):
    """Complaints about translations, which must have all terms of the template, and no others."""
    template = polib.pofile(pot)
    for name in names:
        po = polib.pofile(name)
        yield from incomplete(po)
        yield from (f"{name}: {line}" for line in sorted(differences(po, template)) if "elsewhere" not in line)


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
