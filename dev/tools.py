"""Programs of the machine: what is missing is installed with apt-get, what is there is left alone."""

import shutil
from pathlib import Path

from . import apt

PACKAGES = {
    "git": "git",
    "chromium": "chromium",
    "wkhtmltopdf": "wkhtmltopdf",
    "pdftotext": "poppler-utils",
    "node": "nodejs",
    "npm": "npm",
    "/usr/share/fonts/truetype/liberation": "fonts-liberation",
    "/usr/share/fonts/truetype/dejavu": "fonts-dejavu-core",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf": "fonts-droid-fallback",
    "/usr/share/zoneinfo/UTC": "tzdata",
}


def present(program):
    """Whether the machine has a program (a bare name) or a file (a path)."""
    return bool(Path(program).exists() if program.startswith("/") else shutil.which(program))


def ensure():
    """Install the packages of the programs that are missing."""
    missing = [package for program, package in PACKAGES.items() if not present(program)]
    if missing:
        apt.install(missing)
