"""Names of the columns of custom fields: made from the label, never chosen."""

import re
import unicodedata

PREFIX = "x_opp_"
PATTERN = re.compile(r"x_opp_[a-z0-9]+(_[a-z0-9]+)*")
LONGEST = 40


def is_column_name(name):
    """Tell whether a name is one that could have been made here.

    >>> is_column_name("x_opp_line_speed"), is_column_name("x_opp___class__"), is_column_name("user_id")
    (True, False, False)
    """
    return bool(PATTERN.fullmatch(name)) and len(name) <= LONGEST + 4


def make_column_name(label, taken):
    """Return a name for the column of a field with this label that is not among those taken.

    >>> make_column_name("Début prévu (année)", set())
    'x_opp_debut_prevu_annee'
    >>> make_column_name("__class__", {"x_opp_class"})
    'x_opp_class_2'
    >>> make_column_name("納期", set())
    'x_opp_field'
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = "_".join(re.findall("[a-z0-9]+", plain)) or "field"
    stem = (PREFIX + words)[:LONGEST].rstrip("_")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
