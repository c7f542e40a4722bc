"""The demo server and the Odoo shell: `make demo`, `make shell`, and a server in the background."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import databases, people, server
from .console import Failure, say, step, tail
from .paths import neutral, state

PURPOSE = "demo"
PATIENCE = 180


def options(arguments):
    """The command line of the commands of this module."""
    parser = argparse.ArgumentParser(prog="python3 -m dev serve")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8069))
    parser.add_argument("--background", action="store_true", help="leave the server running and return")
    parser.add_argument("--stop", action="store_true", help="stop the server in the background")
    return parser.parse_args(arguments)


def demo(arguments):
    """Serve the demo database until interrupted."""
    chosen = options(arguments)
    require_port(chosen.port)
    server.ensure()
    with serving(demo_database(), chosen.port) as process:
        print(people.welcome(address(chosen.port)), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()
    return 0


def serve(arguments):
    """Like demo, with the server in the background if asked: started anew each time, so it runs what is on disk."""
    chosen = options(arguments)
    if chosen.stop or chosen.background:
        stop_background()
    if chosen.stop:
        return 0
    if not chosen.background:
        return demo(arguments)
    require_port(chosen.port)
    server.ensure()
    process = start(demo_database(), chosen.port, start_new_session=True)
    background().write_text(json.dumps({"pid": process.pid, "port": chosen.port}))
    wait_until_up(process, chosen.port)
    print(f"{address(chosen.port)} (pid {process.pid}, log {log()})")
    return 0


def update(_arguments):
    """Bring the demo database up to the sources."""
    server.ensure()
    demo_database()


def shell(_arguments):
    """Odoo's shell on the demo database; a script on standard input is run and its status returned."""
    server.ensure()
    command = server.command("shell", "-d", demo_database(), "--no-http", "--log-level=warn")
    return subprocess.run(command, cwd=neutral(), env=server.environment()).returncode


def demo_database():
    """The demo database, up to date with the sources."""
    return databases.kept(PURPOSE, demo=True)


def address(port):
    """Where the server is found."""
    return f"http://127.0.0.1:{port}"


def log():
    """The log of the demo server."""
    return state() / "server.log"


def require_port(port):
    """Fail early when the port is in use."""
    if not server.port_free(port):
        raise Failure(f"port {port} is taken by another program", f"Choose another one: make demo PORT={port + 1}")


def start(database, port, flags=(), **options):
    """Start Odoo on a database and return the process."""
    own = ("-d", database, f"--db-filter=^{database}$", f"--http-port={port}", "--max-cron-threads=1")
    command = server.command(*own, *flags)
    with log().open("w") as stream:
        return subprocess.Popen(
            command,
            cwd=neutral(),
            env=server.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            **options,
        )


@contextlib.contextmanager
def serving(database, port, flags=()):
    """A server for as long as the block lasts."""
    process = start(database, port, flags, start_new_session=True)
    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        wait_until_up(process, port)
        yield process
    finally:
        signal.signal(signal.SIGTERM, previous)
        finish(process)


def interrupt(_signal, _frame):
    """Let a plain kill end the server as Ctrl-C does."""
    raise KeyboardInterrupt


def finish(process):
    """End a server process, first politely."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_up(process, port):
    """Wait until the login page answers."""
    with step("start Odoo"):
        deadline = time.monotonic() + PATIENCE
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                reason = f"Odoo does not answer on port {port}:\n{tail(log().read_text())}"
                raise Failure(reason, f"Its log is {log()}.")
            time.sleep(0.2)


def answers(port):
    """Whether the login page can be fetched, without any proxy between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(f"{address(port)}/web/login", timeout=60).status == 200
    except (urllib.error.URLError, OSError):
        return False


def background():
    """The file that notes the server in the background."""
    return state() / "background.json"


def background_port():
    """The port of the server in the background, or None."""
    if not background().exists():
        return None
    port = json.loads(background().read_text())["port"]
    return port if answers(port) else None


def stop_background():
    """Stop the server in the background, if it still is the one that was started."""
    if not background().exists():
        return
    pid = json.loads(background().read_text())["pid"]
    if is_odoo(pid):
        say(f"   stop the server with pid {pid}")
        os.kill(pid, signal.SIGTERM)
        wait_gone(pid)
    background().unlink()


def is_odoo(pid):
    """Whether the process is an Odoo of this checkout."""
    try:
        with open(f"/proc/{pid}/cmdline") as stream:
            return str(state()) in stream.read()
    except OSError:
        return False


def wait_gone(pid):
    """Wait for a process to end; kill it when it does not."""
    for _ in range(100):
        if not is_odoo(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
