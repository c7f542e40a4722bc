"""A private PostgreSQL cluster on a Unix socket, apart from any cluster the machine has."""

import contextlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import apt
from .console import Failure, run, step
from .paths import assembled, cache, key, locked, made

USER = "odoo"
OLDEST = 15
SYSTEM = "/usr/lib/postgresql"
SETTINGS = """
listen_addresses = ''
max_connections = 150
shared_buffers = 256MB
work_mem = 16MB
max_wal_size = 4GB
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
log_min_messages = warning
"""


def binaries():
    """The newest PostgreSQL programs of the machine, else Debian's package unpacked into the cache."""
    return newest(Path(SYSTEM)) or fetched()


def newest(folder):
    """The newest usable bin folder below `folder`, or None."""
    found = [path.parent for path in folder.glob("*/bin/initdb") if path.parent.parent.name.isdigit()]
    usable = [path for path in found if int(path.parent.name) >= OLDEST]
    return max(usable, key=lambda path: int(path.parent.name), default=None)


def fetched():
    """PostgreSQL's programs in the shared folder, where the cluster's user can reach them; nothing is installed."""
    target = home() / "postgresql"
    if not target.exists():
        with locked("postgresql"), assembled(target) as root:
            with step("download PostgreSQL (not installed, only unpacked)"):
                names = apt.missing_for(["postgresql-15", "postgresql-client-15"])
                run(["apt-get", "download", *names], cwd=root)
            apt.unpack(sorted(root.glob("*.deb")), root)
    return newest(target / SYSTEM.lstrip("/"))


def owner():
    """The account that runs the cluster: oneself, or for root (initdb refuses it) an unprivileged one."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure("root cannot run PostgreSQL and there is no user `postgres` or `nobody`", "Run as an ordinary user.")


def home():
    """The folder of the cluster. Root's home is closed to the account that runs it, so root has another place."""
    return cache() if os.geteuid() else made(Path("/var/cache/opportunity_crm"))


def data():
    """The data folder; each major version has its own, so an upgrade of the machine never meets an old cluster."""
    return home() / f"cluster-{binaries().parent.name}"


def socket():
    """The folder of the socket; a path that is too long for a socket is replaced by a short one."""
    folder = data() / "socket"
    return folder if len(str(folder)) < 80 else Path(f"/tmp/occ-{os.geteuid()}-{key(folder)[:6]}")


def environment():
    """What PostgreSQL's client programs and libraries need to find the cluster."""
    folder = binaries()
    libraries = folder.parents[3] / "lib" / "x86_64-linux-gnu"
    extra = {} if str(folder).startswith(SYSTEM) else {"LD_LIBRARY_PATH": str(libraries)}
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **extra, "PATH": path, "PGHOST": str(socket()), "PGUSER": USER, "PGPORT": "5432"}


def as_owner(command, **options):
    """Run a server program as the account that owns the cluster."""
    account = owner()
    if account:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return run(command, cwd="/", env=environment(), **options)


def give(folder):
    """Create a folder that only the owner of the cluster may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    account = owner()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def exists():
    """Whether a cluster was ever made."""
    return (data() / "PG_VERSION").exists()


def running():
    """Whether the cluster answers."""
    ready = [binaries() / "pg_isready", "-q", "-h", socket(), "-p", "5432"]
    return subprocess.run(ready, env=environment()).returncode == 0


def ensure():
    """Create and start the cluster if need be."""
    if running():
        return
    with locked("cluster"):
        if not exists():
            create()
        if not running():
            start()


def create():
    """Make an empty cluster with fast settings: it holds nothing that could not be made again."""
    with step(f"private PostgreSQL cluster in {data()}"):
        shutil.rmtree(data(), ignore_errors=True)
        give(data())
        flavour = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        as_owner([binaries() / "initdb", "-D", data(), *flavour])
        with (data() / "postgresql.conf").open("a") as stream:
            stream.write(SETTINGS)


def start():
    """Start the server and wait until it answers."""
    version = (data() / "PG_VERSION").read_text().strip()
    if version != binaries().parent.name:
        raise Failure(f"{data()} is of PostgreSQL {version}", "Run `make clean-all` to build it anew.")
    give(socket())
    log = data() / "server.log"
    with step("start PostgreSQL"):
        options = f"-k {socket()} -p 5432"
        hint = f"The server's log is {log}; `make clean-all` builds the cluster anew."
        as_owner([binaries() / "pg_ctl", "start", "-s", "-w", "-D", data(), "-l", log, "-o", options], hint=hint)


def stop():
    """Stop the server if it runs."""
    if exists() and running():
        with step("stop PostgreSQL"):
            as_owner([binaries() / "pg_ctl", "stop", "-s", "-m", "fast", "-D", data()])


def sql(statement, database="postgres"):
    """Run one statement and return its rows as lists of strings."""
    psql = [binaries() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", database, "-c", statement]
    output = run(psql, env=environment())
    return [line.split("\t") for line in output.splitlines()]


def names():
    """The databases of the cluster."""
    return {row[0] for row in sql("SELECT datname FROM pg_database")}
