"""Who lives together: one letter to one address. Pure Python, imports nothing of Odoo."""

import re

PLACE = ("company", "street", "street2", "zip", "city", "country_code")


def key_of(address):
    """Return what two addresses of one household have in common, None for an address without a street or a city.

    >>> one = {"street": "Main  Street 1", "zip": "1000", "city": "Rome"}
    >>> key_of(one) == key_of({**one, "street": "main street 1.", "name": "Ann"})
    True
    >>> key_of(one) == key_of({**one, "company": "ACME"}), key_of({"city": "Rome"})
    (False, None)
    """
    if not (address.get("street") and address.get("city")):
        return None
    return tuple(re.sub(r"[\W_]+", " ", address.get(part) or "").strip().casefold() for part in PLACE)


def join_names(names):
    """Return the names of those who share an address, the family name once.

    >>> join_names(["Ann Miller", "Bob Miller"]), join_names(["Ann Miller", "Carl Jones"])
    ('Ann & Bob Miller', 'Ann Miller & Carl Jones')
    >>> join_names(["Ann Miller", "Ann Miller"]), join_names(["Ann", "Bob", "Cy"]), join_names([])
    ('Ann Miller', 'Ann, Bob & Cy', '')
    """
    names = list(dict.fromkeys(name.strip() for name in names if name and name.strip()))
    families = {name.rpartition(" ")[2] for name in names}
    if len(names) > 1 and len(families) == 1 and all(" " in name for name in names):
        family = families.pop()
        names = [name.rpartition(" ")[0] for name in names[:-1]] + [f"{names[-1].rpartition(' ')[0]} {family}"]
    return " & ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
