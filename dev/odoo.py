"""Odoo 19 itself: the developer's own (ODOO_SRC), or Debian's package unpacked into the cache."""

import os
import shutil
import subprocess
from pathlib import Path

from .apt import fetch_private, unpack
from .console import Failure, run, say, step
from .paths import assembled, cache, key, locked

SUITE = "sid"
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
SITE = "usr/lib/python3/dist-packages"
FONT_AWESOME = "font-awesome@4.7.0"
SEGMENTATION = "@mediapipe/selfie_segmentation@0.1.1675465747"
SEGMENTATION_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
FONTS = "usr/share/fonts"
# a file the package links to -> where another package has it by now
MOVED = {
    f"{FONTS}/truetype/inconsolata/Inconsolata.otf": f"{FONTS}/opentype/inconsolata/Inconsolata-Regular.otf",
}


def site():
    """The folder that holds the package `odoo`, assembled if need be."""
    own = os.environ.get("ODOO_SRC")
    return checked_source(Path(own).expanduser().resolve()) if own else fetched()


def checked_source(folder):
    """`folder`, when it is an Odoo 19 checkout, an unpacked release, or a root with Debian's layout."""
    for candidate in (folder, folder / SITE):
        release = candidate / "odoo" / "release.py"
        if release.exists():
            if "version_info = (19," in release.read_text():
                return candidate
            raise Failure(f"{candidate} is not Odoo 19", "Point ODOO_SRC to a checkout of the branch 19.0.")
    raise Failure(f"no odoo/release.py below ODOO_SRC={folder}", "Point ODOO_SRC to the top of an Odoo 19 checkout.")


def odoo_key():
    """What tells one Odoo from another; part of the name of every database template."""
    own = os.environ.get("ODOO_SRC")
    if not own:
        return key(SUITE, *PACKAGES, FONT_AWESOME, SEGMENTATION, MOVED)
    head = subprocess.run(["git", "-C", own, "rev-parse", "HEAD"], capture_output=True, text=True)
    return key(Path(own).expanduser().resolve(), head.stdout)


def addons_paths(folder):
    """The folders with Odoo's own addons, of a checkout or a package."""
    return [path for path in (folder / "addons", folder / "odoo" / "addons") if path.is_dir()]


def fetched():
    """Debian's Odoo, unpacked once into the cache."""
    target = cache() / f"odoo-{odoo_key()}"
    if not target.exists():
        with locked("odoo"):
            if not target.exists():
                fetch(target)
    return target / SITE


def fetch(target):
    """Assemble Odoo and everything its package links to."""
    with assembled(target) as root:
        unpack(fetch_private(PACKAGES, SUITE, root), root)
        with step("fonts and scripts that Debian leaves out"):
            add_font_awesome(root)
            add_segmentation(root)
            add_moved(root)
        check_links(root / SITE / "odoo")


def npm_package(name, folder):
    """The unpacked folder of an npm package."""
    folder.mkdir()
    run(["npm", "pack", "--silent", name], cwd=folder)
    (archive,) = folder.glob("*.tgz")
    shutil.unpack_archive(archive, folder)
    return folder / "package"


def add_font_awesome(root):
    """Font Awesome 4.7 where Odoo's package links to; the suite has a later one with other files."""
    package = npm_package(FONT_AWESOME, root / "fa")
    shutil.copytree(package / "fonts", root / "usr/share/fonts-font-awesome/fonts")
    shutil.rmtree(root / "fa")


def add_segmentation(root):
    """The script that Debian removed; without it every browser tour logs an error and fails."""
    package = npm_package(SEGMENTATION, root / "seg")
    target = root / SITE / "odoo/addons" / SEGMENTATION_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(package / "selfie_segmentation.js", target)
    shutil.rmtree(root / "seg")


def add_moved(root):
    """Copies of files at the place where the package still looks for them."""
    for link, file in MOVED.items():
        if (root / file).exists() and not (root / link).exists():
            (root / link).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / file, root / link)


def check_links(folder):
    """Fail when a link of the web client leads nowhere; say so when one of a module not needed here does."""
    dangling = [path for path in folder.rglob("*") if path.is_symlink() and not path.exists()]
    names = "\n".join(f"{path.relative_to(folder)} -> {os.readlink(path)}" for path in dangling)
    if any(path.is_relative_to(folder / "addons" / "web") for path in dangling):
        hint = "Add where the files are now to MOVED in dev/odoo.py."
        raise Failure(f"links of Odoo's package lead nowhere:\n{names}", hint)
    if dangling:
        say(f"   these links of Odoo's package lead nowhere:\n{names}")
