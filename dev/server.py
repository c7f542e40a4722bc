"""Running Odoo: its configuration file, its environment and its command line."""

import re
import socket
from pathlib import Path

from . import cluster, odoo, python, tools
from .console import Failure, run_logged, say, tail
from .paths import ROOT, cache, made, neutral, state

PROBLEM = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:WARNING|ERROR|CRITICAL) .*", re.M)
HOST = "127.0.0.1"
CONFIG = """[options]
addons_path = {addons}
db_host = {socket}
db_port = 5432
db_user = {user}
data_dir = {data}
http_interface = {host}
list_db = False
log_handler = odoo.addons.iap.tools.iap_tools:CRITICAL,odoo.addons.partner_autocomplete:CRITICAL
"""


def ensure():
    """Assemble everything Odoo needs and have PostgreSQL running."""
    tools.ensure()
    odoo.site()
    python.python()
    cluster.ensure()


def data_dir():
    """Where Odoo keeps its files; databases have unique names, so all checkouts share it."""
    return made(cache() / "data")


def config():
    """The path of this checkout's configuration file, written anew."""
    addons = ",".join(map(str, [*odoo.addons_paths(odoo.site()), ROOT]))
    path = state() / "odoo.conf"
    text = CONFIG.format(host=HOST, addons=addons, socket=cluster.socket(), user=cluster.USER, data=data_dir())
    path.write_text(text)
    return path


def environment():
    """The process environment of Odoo: its package, PostgreSQL's programs, and no surprises from the caller's shell."""
    dropped = {"ODOO_RC", "PYTHONHOME", "PYTHONSTARTUP"}
    inherited = {name: value for name, value in cluster.environment().items() if name not in dropped}
    return {**inherited, "PYTHONPATH": str(odoo.site()), "PYTHONUNBUFFERED": "1", "TZ": "UTC"}


def command(*arguments):
    """Odoo's command line with this checkout's configuration."""
    return [str(python.python()), "-m", "odoo", *map(str, arguments), "-c", str(config())]


def run_odoo(arguments, log, strict=False):
    """Run Odoo without port and scheduled actions until it has installed, updated or tested what it was told."""
    run_command([*arguments, "--no-http", "--max-cron-threads=0", "--stop-after-init"], log, strict)


def run_command(arguments, log, strict=False):
    """Run an Odoo command to its end; warnings in its log are shown, and when strict they are a failure."""
    log = state() / log
    status = run_logged(command(*arguments), log, cwd=neutral(), env=environment())
    text = log.read_text(errors="replace")
    problems = PROBLEM.findall(text)
    shown = "\n".join(problems[:20]) or tail(text)
    if status or (strict and problems):
        reason = f"Odoo ended with {status}, {len(problems)} warnings or errors:\n{shown}"
        raise Failure(reason, f"The whole log is {log}.")
    if problems:
        say(f"   {len(problems)} warnings:\n{shown}")


def run_script(database, script, log="script.log", options=()):
    """Run a Python script in Odoo's shell on a database; it commits for itself. The options are those of Odoo."""
    log = state() / log
    shell = command("shell", "-d", database, "--no-http", "--log-level=warn", *options)
    with Path(script).open() as stream:
        status = run_logged(shell, log, cwd=neutral(), env=environment(), stdin=stream)
    if status:
        reason = f"{Path(script).name} failed on {database}:\n{tail(log.read_text())}"
        raise Failure(reason, f"The whole log is {log}.")


def filestore(database):
    """Where Odoo keeps the attachments of a database."""
    return data_dir() / "filestore" / database


def port_free(port):
    """Whether nothing listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port():
    """A port nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
