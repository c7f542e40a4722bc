"""`make pot`: the template of all translatable terms, exported by Odoo itself, and the translations made from it."""

import argparse
import os
import shutil

from . import databases, python, server, toolbox
from .console import Failure, run, say, step
from .odoo import odoo_key
from .paths import ADDON, ADDON_DIR, ROOT, cache, key, made

POT = ADDON_DIR / "i18n" / f"{ADDON}.pot"
UNTRANSLATED = ("/i18n/", "/tests/", "/static/description/")
MAKE = "Run `make pot` and commit what it changes."


def translations():
    """The languages that are shipped."""
    return sorted(POT.parent.glob("*.po"))


def _po_complaints(command, *paths):
    return toolbox.python_complaints("dev.po", command, *(os.path.relpath(path, ROOT) for path in paths))


def _sources_key():
    """Changes with everything an export depends on."""
    names = [name for name in toolbox.addon_files("") if not any(part in name for part in UNTRANSLATED)]
    return key(odoo_key(), *(part for name in names for part in (name, (ROOT / name).read_bytes())))


def _export(path):
    """Install the addon, without demo data, into a database of its own and have Odoo export its terms to `path`."""
    name = databases.scratch_name("pot")
    options = ["-c", server.config(), "-d", name, "-o", path, ADDON]
    try:
        databases.clone(databases.template(), name)
        databases.install(name)
        with step("export the terms"):
            command = [python.python(), "-m", "odoo", "i18n", "export", *options]
            run(command, cwd=path.parent, env=server.environment())
    finally:
        databases.drop(name)


def exported():
    """The template of the sources as they are; an export takes half a minute, so each state is exported once."""
    path = made(cache() / "pot") / f"{_sources_key()}.pot"
    if not path.exists():
        server.ensure()
        scratch = path.with_name(f"{databases.scratch_name('pot')}.pot")
        _export(scratch)
        if found := _po_complaints("normalise", scratch):
            raise Failure(found)
        scratch.rename(path)
    return path


def stale():
    """What the committed template lacks, has for nothing or places wrongly; an empty text when it is right."""
    if not POT.exists():
        return f"{POT.relative_to(ROOT)} is missing. {MAKE}"
    found = _po_complaints("compare", POT, exported())
    return found and f"{found}\n{MAKE}"


def incomplete():
    """What the translations lack, have marked as fuzzy or have for nothing; an empty text when they are complete."""
    return _po_complaints("complete", POT, *translations()) if translations() else ""


def update():
    """Write the template anew and bring the translations to its terms; the complaints of the tools."""
    made(POT.parent)
    shutil.copyfile(exported(), POT)
    return _po_complaints("merge", POT, *translations()) if translations() else ""


def main(args):
    """Update the template and the translations, or only check the template."""
    parser = argparse.ArgumentParser(prog="pot", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the template is stale")
    check = parser.parse_args(args).check
    if found := stale() if check else update():
        raise Failure(found)
    say(f"{POT.relative_to(ROOT)} {'is up to date' if check else 'is written'}")
    return 0
