"""Databases: cached templates with the addon's dependencies installed, and cheap copies of them."""

import ast
import json
import os
import shutil
from pathlib import Path

from . import cluster, server
from .console import step
from .odoo import odoo_key
from .paths import ADDON, ADDON_DIR, checkout_key, demo_hash, key, locked, source_hash, state

QUIET = Path(__file__).parent / "inside" / "quiet.py"
# what tests and the demo use although the addon does not need it: a payment provider that can be driven without network
EXTRAS = ("payment_demo",)


def dependencies():
    """The modules the addon depends on, from its manifest."""
    return sorted(ast.literal_eval((ADDON_DIR / "__manifest__.py").read_text())["depends"])


def modules():
    """The modules of a template database, in which the addon is installed afterwards."""
    return sorted({*dependencies(), *EXTRAS})


def template(demo=False):
    """The name of a template database with the dependencies installed, built once."""
    name = f"tpl_{key(odoo_key(), *modules(), QUIET.read_text())}{'_demo' if demo else ''}"
    cluster.ensure()
    if name not in cluster.names():
        with locked("template"):
            if name not in cluster.names():
                build_template(name, demo)
    return name


def build_template(name, demo):
    """Install the dependencies into a scratch database and rename it when all went well."""
    scratch = f"{name}_part"
    drop(scratch)
    with step(f"template database: {', '.join(modules())}{' with demo data' if demo else ''} (two minutes)"):
        cluster.sql(f'CREATE DATABASE "{scratch}" TEMPLATE template0')
        flags = ["--with-demo"] if demo else []
        server.run_odoo(["-d", scratch, "-i", ",".join(modules()), *flags], "template.log")
        server.run_script(scratch, QUIET)
        cluster.sql(f'ALTER DATABASE "{scratch}" RENAME TO "{name}"')
        if server.filestore(scratch).exists():
            server.filestore(scratch).rename(server.filestore(name))


def clone(source, name):
    """Make `name` a copy of `source`, database and files."""
    drop(name)
    with step(f"copy {source} to {name}"):
        cluster.sql(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        if server.filestore(source).exists():
            shutil.copytree(server.filestore(source), server.filestore(name), copy_function=os.link)


def drop(name):
    """Remove a database and its files, if there."""
    cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(server.filestore(name), ignore_errors=True)


def prefix():
    """What the names of this checkout's databases begin with."""
    return f"occ_{checkout_key()}_"


def scratch_name(purpose):
    """A database name of this checkout and this process."""
    return f"{prefix()}{purpose}_{os.getpid()}"


def own():
    """The databases of this checkout."""
    return sorted(name for name in cluster.names() if name.startswith(prefix()))


def kept(purpose, demo=False):
    """A database of this checkout that stays, with the addon as it is in the sources now; return its name."""
    name = prefix() + purpose
    made_of = {"template": template(demo), "demo": demo_hash() if demo else ""}
    recorded = read_record(purpose)
    if name not in cluster.names() or made_of != {part: recorded.get(part) for part in made_of}:
        forget(purpose)
        clone(made_of["template"], name)
        install(name, demo, strict=False)
    elif recorded.get("sources") != source_hash():
        update(name)
    write_record(purpose, {**made_of, "sources": source_hash()})
    return name


def install(name, demo=False, strict=True):
    """Install the addon; a warning in the log fails."""
    with step(f"install {ADDON}"):
        server.run_odoo(["-d", name, "-i", ADDON, *(["--with-demo"] if demo else [])], f"install-{name}.log", strict)


def update(name):
    """Bring a database up to the sources."""
    with step(f"update {ADDON} in {name}"):
        server.run_odoo(["-d", name, "-u", ADDON], f"update-{name}.log")


def record(purpose):
    """The file that says what a kept database was made of."""
    return state() / f"{purpose}.json"


def read_record(purpose):
    """What a kept database was made of, empty when unknown."""
    return json.loads(record(purpose).read_text()) if record(purpose).exists() else {}


def write_record(purpose, content):
    """Note what a kept database was made of."""
    record(purpose).write_text(json.dumps(content))


def forget(purpose):
    """Drop the note, so that an interrupted rebuild is not taken for a finished one."""
    record(purpose).unlink(missing_ok=True)
