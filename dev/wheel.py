"""`make wheel`: the addon as a Python wheel, for those who install Odoo and its addons with pip."""

import argparse
from pathlib import Path

from . import toolbox
from .console import Failure, run, say
from .paths import ADDON_DIR, ROOT


def build(folder):
    """Build the wheel of what git has of the addon into `folder` and return its path."""
    options = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--wheel-dir", folder]
    run([toolbox.python(), "-m", "pip", "wheel", *options, ADDON_DIR])
    made = sorted(Path(folder).glob("*.whl"), key=lambda path: path.stat().st_mtime)
    if not made:
        raise Failure(f"no wheel appeared in {folder}")
    return made[-1]


def main(args):
    """Build the wheel and say where it is."""
    parser = argparse.ArgumentParser(prog="wheel", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the wheel (default: dist)")
    say(str(build(parser.parse_args(args).out.resolve())))
    return 0
