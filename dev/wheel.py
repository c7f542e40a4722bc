"""`make wheel`: the addon as a Python wheel, for those who install Odoo and its addons with pip."""

import argparse
import shutil
import tempfile
from pathlib import Path

from . import toolbox
from .console import run, say
from .paths import ADDON, ROOT, made


def copy_addon(folder):
    """Copy the addon's files, without what git ignores, to a folder where whool takes all it finds; return it."""
    for name in toolbox.addon_files(""):
        shutil.copy(ROOT / name, made((folder / name).parent))
    return folder / ADDON


def build(out):
    """Build the wheel into the folder `out` and return its path."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        options = ["--no-deps", "--no-build-isolation", "--wheel-dir", folder / "dist"]
        run([toolbox.python(), "-m", "pip", "wheel", *options, copy_addon(folder)])
        (wheel,) = (folder / "dist").glob("*.whl")
        return shutil.copy(wheel, made(out))


def main(args):
    """Build the wheel and say where it is."""
    parser = argparse.ArgumentParser(prog="wheel", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the wheel (default: dist)")
    say(str(build(parser.parse_args(args).out.resolve())))
    return 0
