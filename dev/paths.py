"""Where everything lives: the checkout, the shared cache and this checkout's own state."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from .console import Failure, say

ROOT = Path(__file__).resolve().parent.parent
ADDON = "opportunity_crm"
ADDON_DIR = ROOT / ADDON
UNHASHED = {"tests", "static", "__pycache__"}


def cache():
    """The folder shared by all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return made(Path(base) / ADDON)


def made(folder):
    """The folder, created if missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(str(error), "Set XDG_CACHE_HOME to a folder that can be written.") from error
    return folder


def key(*parts):
    """A short name for what something is made of."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def checkout_key():
    """What tells this checkout from others on the machine."""
    return key(ROOT)[:8]


def state():
    """This checkout's own files: configuration, logs, pid files."""
    return made(cache() / "checkouts" / checkout_key())


def neutral():
    """An empty folder to start Python from, where nothing shadows the standard library."""
    return made(cache() / "empty")


def source_hash():
    """A hash of what `-u` would load: the addon without tests, assets and compiled files."""
    return tree_hash(ADDON_DIR, UNHASHED)


def demo_hash():
    """A hash of the addon's demo data, which `-u` does not load anew."""
    return tree_hash(ADDON_DIR / "demo", ())


def tree_hash(folder, skipped):
    """A hash of the names and contents below a folder, without the parts that are skipped."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(skipped) & set(relative.parts):
            digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def locked(name):
    """Hold a lock of this user, so that two checkouts do not assemble the same thing at once."""
    with (cache() / f"{name}.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"   waiting for another run that holds the {name} lock …")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def assembled(target):
    """Yield a scratch folder that becomes `target` only when everything went well."""
    scratch = target.with_name(target.name + ".part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        yield scratch
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
