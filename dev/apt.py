"""Debian packages: the machine's own through apt-get, Odoo's through private lists that leave the machine alone."""

import os
import re
import shutil
from pathlib import Path

from .console import Failure, run, step

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def codename():
    """The release of this Debian, such as bookworm."""
    match = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)
    return match[1] if match else "bookworm"


def deb822_entries(text):
    """(uri, suites) of the enabled stanzas of a *.sources file."""
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)", "\n".join(lines), re.M))
        fields = {name.lower(): value.split() for name, value in fields.items()}
        if "deb" in fields.get("types", []) and fields.get("enabled", ["yes"]) != ["no"]:
            for uri in fields.get("uris", []):
                yield uri, fields.get("suites", [])


def line_entries(text):
    """(uri, suites) of a one-line *.list file."""
    for match in re.finditer(r"^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", text, re.M):
        yield match[1], [match[2]]


def configured_entries():
    """(uri, suites) of everything in the machine's apt configuration."""
    etc = Path("/etc/apt")
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        yield from deb822_entries(path.read_text())
    for path in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]:
        if path.exists():
            yield from line_entries(path.read_text())


def mirror():
    """The Debian mirror this machine uses."""
    wanted = {codename(), "stable", "oldstable", "testing", "sid"}
    for uri, suites in configured_entries():
        if wanted & set(suites):
            return uri
    raise Failure(
        "no Debian mirror in /etc/apt (looked for the suite of this release)",
        "Run on Debian 12, or set ODOO_SRC to an Odoo 19 checkout of your own.",
    )


def private_options(folder, suite):
    """Options that make apt-get use its own lists and cache below `folder`, with one suite of the mirror."""
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sources = folder / "private.sources"
    sources.write_text(f"Types: deb\nURIs: {mirror()}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYRING}\n")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder,
        "Dir::Cache::archives": folder / "archives",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "",
        "APT::Update::Post-Invoke-Success::": "",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def fetch_private(packages, suite, folder):
    """Download packages of another suite into `folder` and return the .deb files; the system is not touched."""
    options = private_options(folder / "apt", suite)
    with step(f"package lists of Debian {suite}"):
        run(["apt-get", *options, "update", "--error-on=any"])
    with step(f"download {packages[0]} and {len(packages) - 1} more packages"):
        run(["apt-get", *options, "download", *packages], cwd=folder)
    shutil.rmtree(folder / "apt")
    return sorted(folder.glob("*.deb"))


def unpack(debs, root):
    """Unpack packages into a folder and remove the files."""
    with step(f"unpack {len(debs)} packages"):
        for deb in debs:
            run(["dpkg", "-x", deb, root])
            deb.unlink()


def as_root(packages):
    """The prefix that makes the installation of packages run as root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        reason = f"{' '.join(packages)} must be installed, which needs root, and there is no sudo"
        raise Failure(reason, "Install sudo, or have these packages installed by the administrator.")
    return ["sudo", "DEBIAN_FRONTEND=noninteractive"]


def install(packages):
    """Install packages on the machine with apt-get, refreshing the lists when they are stale."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*as_root(packages), "apt-get", "install", "-y", "--no-install-recommends", *packages]
    with step("install " + " ".join(packages)):
        try:
            run(command, env=environment, stdin=None)
        except Failure:
            run([*as_root(packages), "apt-get", "update"], env=environment, stdin=None)
            run(command, env=environment, stdin=None)


def missing_for(packages):
    """What installing `packages` would add to the machine, without doing it."""
    asked = ["install", "--print-uris", "-qq", "--no-install-recommends", *packages]
    output = run(["apt-get", "-o", "Debug::NoLocking=1", *asked])
    return re.findall(r"^'[^']*' ([^_\s]+)_", output, re.M)
