"""How the lines of an offer are shown to a customer. Pure Python, imports nothing of Odoo."""


def fold(lines):
    """Mark the lines whose prices are not shown, because those of a heading or combo above them are; add these up.

    :param lines: dicts with ``kind`` (``"product"``, ``"line_section"``, ``"line_subsection"``, ``"line_note"``),
        ``subtotal``, ``folds`` (whether it shows the price of what belongs to it), ``combo`` (a name of its own, where
        it is a combo) and ``combo_of`` (the name of the combo to which it belongs). They get ``is_part``, and those
        that fold get the ``subtotal`` of their parts.
    :return: the same lines

    >>> heading = {"kind": "line_section", "folds": True, "subtotal": 0}
    >>> oven, lamp = ({"kind": "product", "subtotal": amount, "folds": False} for amount in (90, 10))
    >>> [line["is_part"] for line in fold([heading, oven, lamp])], heading["subtotal"]
    ([False, True, True], 100)
    >>> [line["is_part"] for line in fold([oven, heading, lamp])]
    [False, False, True]
    >>> combo = {"kind": "product", "subtotal": 0, "folds": True, "combo": "7"}
    >>> [line["is_part"] for line in fold([combo, {**lamp, "combo_of": "7"}, oven])], combo["subtotal"]
    ([False, True, False], 10)
    """
    section, subsection, combos = None, None, {}
    for line in lines:
        line["is_part"] = False
        if line["kind"] == "line_section":
            section, subsection = line, None
        elif line["kind"] == "line_subsection":
            subsection = line
        elif line["kind"] == "product":
            above = [found for found in (section, subsection, combos.get(line.get("combo_of"))) if found]
            line["is_part"] = any(found["folds"] for found in above)
            for found in above:
                found["subtotal"] += line["subtotal"] if found["folds"] else 0
            if line.get("combo"):
                combos[line["combo"]] = line
    return lines
