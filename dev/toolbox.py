"""The linters and their like, at pinned versions, in the user's cache folder.

Python tools are those of `requirements-lint.txt`, JavaScript tools those of `package-lock.json`. Each set lives in a
folder named after those files, so that checkouts share it and a new pin makes a new one.
"""

import importlib.util
import os
import shutil
import subprocess
import sys

from . import apt
from .console import run, step
from .paths import ROOT, assembled, cache, key, locked

REQUIREMENTS = ROOT / "dev" / "requirements-lint.txt"
NODE_FILES = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
GIT_FILES = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")


def _shared(name, build):
    """The folder `name` of the cache, filled once by `build(scratch)`."""
    target = cache() / name
    with locked("lint-tools"):
        if not target.exists():
            with assembled(target) as scratch, step(f"tools {name}"):
                build(scratch)
    return target


def _build_python(scratch):
    """Make a venv that may be moved, as long as its programs are called as `python -m`."""
    if not importlib.util.find_spec("ensurepip"):
        apt.install(["python3-venv"])
    run([sys.executable, "-m", "venv", scratch])
    run([scratch / "bin" / "python", "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS])


def _build_node(scratch):
    if not shutil.which("npm"):
        apt.install(["nodejs", "npm"])
    for path in NODE_FILES:
        shutil.copy(path, scratch)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=scratch)


def python():
    """The interpreter that has the Python tools, installed if need be."""
    name = f"lint-python-{key(sys.version, sys.base_prefix, REQUIREMENTS.read_text())}"
    return _shared(name, _build_python) / "bin" / "python"


def node_modules():
    """The folder of the JavaScript tools, installed if need be."""
    name = f"lint-node-{key(*(path.read_text() for path in NODE_FILES))}"
    return _shared(name, _build_node) / "node_modules"


def complaints(command, **options):
    """Run a checker at the root of the repository; what it printed when it failed, an empty text when it passed."""
    command = [str(part) for part in command]
    options = {"cwd": ROOT, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT} | options
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, errors="replace", **options)
    return (result.stdout.strip() or f"exit status {result.returncode}") if result.returncode else ""


def python_complaints(module, *args):
    """Run a Python tool by the name of its module."""
    return complaints([python(), "-m", module, *args])


def node_complaints(program, *args):
    """Run a JavaScript tool, so that the configurations in the repository find its plugins."""
    modules = node_modules()
    return complaints([modules / ".bin" / program, *args], env=os.environ | {"NODE_PATH": str(modules)})


def files(*suffixes):
    """The files with these suffixes that git has or would add, as sorted paths relative to the root."""
    names = run(GIT_FILES, cwd=ROOT).split("\0")
    return sorted({name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()})


def addon_files(*suffixes):
    """Those of the addon."""
    return [name for name in files(*suffixes) if name.startswith("opportunity_crm/")]
