"""The Python environment: a venv of the machine's python3, in the cache."""

import importlib.util
import sys
from pathlib import Path

from . import apt
from .console import Failure, run, step
from .paths import assembled, cache, key, locked

HERE = Path(__file__).parent
SUPPORTED = ((3, 10), (3, 13))


def requirement_files():
    """The files that make up the environment."""
    return [HERE / "requirements.txt", HERE / "requirements-test.txt"]


def constraints():
    """Exact versions, where they are known for this Python."""
    return [path for path in [HERE / "constraints-{}.{}.txt".format(*sys.version_info)] if path.exists()]


def python():
    """The interpreter of the environment, built if need be."""
    parts = [path.read_text() for path in requirement_files() + constraints()]
    target = cache() / f"venv-{key(sys.version, sys.base_prefix, *parts)}"
    if not target.exists():
        with locked("venv"):
            if not target.exists():
                build(target)
    return target / "bin" / "python"


def build(target):
    """Create the venv; only its interpreter is ever called (`python -m …`), so it may be moved when finished."""
    low, high = SUPPORTED
    if not low <= sys.version_info[:2] <= high:
        raise Failure(f"Python {sys.version.split()[0]} is not supported", "Use Python 3.10 to 3.13 as python3.")
    if not importlib.util.find_spec("ensurepip"):
        apt.install(["python3-venv"])
    with assembled(target) as scratch, step("Python environment (a minute or two)"):
        run([sys.executable, "-m", "venv", scratch])
        run([scratch / "bin/python", "-m", "pip", "install", "-q", *pip_arguments()])


def pip_arguments():
    """The requirement and constraint files as pip wants them."""
    required = [part for path in requirement_files() for part in ("-r", path)]
    return required + [part for path in constraints() for part in ("-c", path)]
