"""Postal addresses: which lines, in which order. Pure Python, imports nothing of Odoo."""

import re
from collections import defaultdict

DEFAULT_FORMAT = "%(street)s\n%(street2)s\n%(city)s %(state_code)s %(zip)s\n%(country_name)s"
# Where the post expects the person above the company; elsewhere it is the other way round.
PERSON_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"}
PARTS = ("street", "street2", "city", "zip", "state_code", "state_name", "country_code")


def address_lines(address, name=True, company=True, place=True, country=""):
    """Return the lines of an address in the order of its country.

    :param dict address: ``name``, ``company``, the parts of :data:`PARTS`, ``format`` (Odoo's, of the country) and
        ``name_after`` (true where the name follows the place); texts or None
    :param name, company, place: what to include; without a person, the name is that of the company
    :param country: the last line, empty at home

    >>> ann = {"name": "Ann", "company": "ACME", "street": "1 Main St", "city": "Austin", "zip": "73301"}
    >>> address_lines({**ann, "state_code": "TX", "country_code": "US"}, country="UNITED STATES")
    ['Ann', 'ACME', '1 Main St', 'Austin TX 73301', 'UNITED STATES']
    >>> address_lines({**ann, "country_code": "DE", "format": "%(street)s\\n%(zip)s %(city)s\\n%(country_name)s"})
    ['ACME', 'Ann', '1 Main St', '73301 Austin']
    >>> address_lines({**ann, "format": "%(zip)s %(city)s", "name_after": True}, company=False)
    ['73301 Austin', 'Ann']
    """
    people = _people(address, name, company)
    lines = _place(address, country) if place else []
    return lines + people if address.get("name_after") else people + lines


def _people(address, name, company):
    wanted = [company and address.get("company"), name and address.get("name")]
    if address.get("country_code") in PERSON_FIRST:
        wanted.reverse()
    found = list(dict.fromkeys(_clean(text) for text in wanted if text))
    # Never an address without anybody: a company has no person, a person may have no company.
    return found or [_clean(text) for text in (address.get("company") or address.get("name"),) if text]


def _place(address, country):
    # Modules add parts of their own to the formats; they repeat what the street says.
    values = defaultdict(str, {part: address.get(part) or "" for part in PARTS}, country_name=country or "")
    pattern = address.get("format") or DEFAULT_FORMAT
    if "%(country_name)s" not in pattern:
        pattern += "\n%(country_name)s"
    text = pattern % values
    return [line for line in map(_clean, text.splitlines()) if line]


def _clean(text):
    """Return a text of one line without needless spaces, and without the commas that a missing part leaves behind.

    >>> _clean("  12  Main \\n St , , ")
    '12 Main St'
    """
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"( ?,)+( ?,| *$)", r"\2", text).strip(" ,")


def missing_parts(address, zip_required=True):
    """Return the names of what the post would miss: ``name``, ``street``, ``city``, ``zip``.

    >>> missing_parts({"name": "Ann", "street2": "PO Box 1", "city": "Rome"})
    ['zip']
    >>> missing_parts({"company": "ACME"}, zip_required=False)
    ['street', 'city']
    """
    checks = {
        "name": address.get("name") or address.get("company"),
        "street": address.get("street") or address.get("street2"),
        "city": address.get("city"),
        "zip": address.get("zip") or not zip_required,
    }
    return [part for part, present in checks.items() if not (present and str(present).strip())]
