"""Progress on the terminal, and failures that say what to do."""

import contextlib
import re
import subprocess
import sys
import time
from pathlib import Path

HINTS = (
    (r"No space left on device", "Free some disk space (4 GB are needed) and run it again; finished steps are kept."),
    (
        r"Temporary failure resolving|Could not resolve|getaddrinfo|Name or service not known|ENOTFOUND|EAI_AGAIN"
        r"|Network is unreachable|Connection refused|Failed to establish a new connection|Could not connect"
        r"|Cannot initiate|Unable to connect",
        "The network or a package registry cannot be reached: check the connection, the proxy and the mirror settings.",
    ),
    (r"Release file .* is expired", "The mirror is an old copy: use a current one in the apt configuration."),
    (r"a password is required|a terminal is required", "Run `sudo -v` first, or run as root."),
    (r"Permission denied", "Check who owns the file named above; an earlier run as root may have left it."),
)


class Failure(Exception):
    """A foreseeable failure: `reason` says why, `hint` what to do about it."""

    def __init__(self, reason, hint=""):
        super().__init__(reason)
        self.reason = reason
        self.hint = hint or hint_for(reason)
        self.step = ""


def hint_for(text):
    """The advice that fits an error text, or an empty string."""
    return next((hint for pattern, hint in HINTS if re.search(pattern, text)), "")


def say(text):
    """Print one line of progress; standard output is left to results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step, print its time, and name it on the failure that passes through."""
    say(f"-- {title} …")
    started = time.monotonic()
    try:
        yield
    except Failure as failure:
        failure.step = failure.step or title
        raise
    except OSError as error:
        failure = Failure(str(error))
        failure.step = title
        raise failure from error
    say(f"   {title}: {time.monotonic() - started:.1f} s")


def run(command, hint="", **options):
    """Run a command quietly and return its output; raise Failure with the tail of it when it fails."""
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    options |= {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    try:
        result = subprocess.run(command, **options)
    except FileNotFoundError as error:
        raise Failure(f"{error.filename} is missing", "`make runtime` installs what is missing.") from error
    if result.returncode:
        raise Failure(f"`{shorten(command)}` ended with {result.returncode}:\n{tail(result.stdout)}", hint)
    return result.stdout


def run_logged(command, log, **options):
    """Run a command into a log file and return its exit status."""
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    options.setdefault("stdin", subprocess.DEVNULL)
    command = [str(part) for part in command]
    with log.open("w") as stream:
        return subprocess.run(command, stdout=stream, stderr=subprocess.STDOUT, **options).returncode


def shorten(command, limit=160):
    """A command as one readable line."""
    line = " ".join(command)
    return line if len(line) <= limit else line[:limit] + " …"


def tail(text, lines=25):
    """The last lines of a text."""
    return "\n".join(text.strip().splitlines()[-lines:])


def report(failure):
    """Print a failure the way a person can act on."""
    sys.stdout.flush()
    where = f" in step “{failure.step}”" if failure.step else ""
    print(f"\nFAILED{where}\n  why: {failure.reason}", file=sys.stderr)
    if failure.hint:
        print(f"  what to do: {failure.hint}", file=sys.stderr)
