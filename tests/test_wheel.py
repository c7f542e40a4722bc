"""The wheel of `make wheel`, installed into an environment of its own: it is complete, and Odoo finds the addon."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ADDON = "opportunity_crm"
PROBE = f"""
import importlib, json
from odoo.modules import Manifest, get_module_path, initialize_sys_path
initialize_sys_path()
addon = importlib.import_module("odoo.addons.{ADDON}")
manifest = Manifest.for_addon("{ADDON}")
print(json.dumps([addon.__file__, get_module_path("{ADDON}"), manifest["version"], manifest["icon"]]))
"""


def run(*command, cwd=ROOT):
    """What a command prints; it is shown when the command fails."""
    result = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    assert not result.returncode, result.stdout + result.stderr
    return result.stdout


def manifest():
    return ast.literal_eval((ROOT / ADDON / "__manifest__.py").read_text(encoding="utf-8"))


def import_folders():
    """The folders of the running interpreter that hold Odoo and its libraries."""
    paths = [Path(path) for path in sys.path if path]
    return [path for path in paths if path.name == "site-packages" or (path / "odoo" / "release.py").exists()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("wheel")


@pytest.fixture(scope="module")
def wheel(folder):
    run(sys.executable, "-m", "dev", "wheel", "--out", folder / "dist")
    (path,) = (folder / "dist").glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(folder, wheel):
    """What Odoo says of the addon in an environment that has the wheel, Odoo, and nothing else of the repository."""
    home = folder / "environment"
    python = home / "bin" / "python"
    run(sys.executable, "-m", "venv", home)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "runtime.pth").write_text("".join(f"{path}\n" for path in import_folders()))
    init, path, version, icon = json.loads(run(python, "-I", "-c", PROBE, cwd=folder).splitlines()[-1])
    return {"home": packages / "odoo" / "addons" / ADDON, "init": init, "path": path, "version": version, "icon": icon}


def test_wheel_has_the_whole_addon_and_nothing_else(wheel):
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", ADDON).splitlines()
    sources = {name for name in listed if (ROOT / name).exists()} - {f"{ADDON}/pyproject.toml"}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.removeprefix("odoo/addons/") for name in packed} == sources


def test_wheel_is_named_after_the_manifest(wheel):
    assert wheel.name == f"odoo_addon_{ADDON}-{manifest()['version']}-py3-none-any.whl"


def test_odoo_finds_the_installed_addon(installed):
    assert Path(installed["init"]) == installed["home"] / "__init__.py"
    assert Path(installed["path"]) == installed["home"]
    assert installed["version"] == manifest()["version"]
    assert installed["icon"] == f"/{ADDON}/static/description/icon.png"


def test_installed_files_of_the_manifest(installed):
    names = ["i18n/opportunity_crm.pot", "static/description/icon.png", *manifest()["data"], *manifest()["demo"]]
    assert [name for name in names if not (installed["home"] / name).is_file()] == []
