"""How the lines of an offer are arranged under headings. Pure Python, imports nothing of Odoo."""


def arrange(items):
    """Return items in the order in which an order shows them, each with what it is there.

    A bundle becomes a heading with its products below, and whatever follows a heading belongs to it. So the bundles of
    a section come after its other lines, and under a section they are subsections. A subsection without a section is
    one itself.

    :param items: pairs of a kind and anything; the kinds are ``"section"``, ``"subsection"``, ``"bundle"``, ``"line"``
    :return: a list of such pairs, without the kind ``"bundle"``, but with ``"bundle_section"``, ``"bundle_subsection"``

    >>> arrange([("bundle", "care"), ("line", "oven")])
    [('line', 'oven'), ('bundle_section', 'care')]
    >>> arrange([("section", "Kitchen"), ("bundle", "care"), ("line", "oven"), ("section", "Hall"), ("line", "lamp")])
    [('section', 'Kitchen'), ('line', 'oven'), ('bundle_subsection', 'care'), ('section', 'Hall'), ('line', 'lamp')]
    >>> arrange([("bundle", "care"), ("subsection", "Hall"), ("line", "lamp")])
    [('bundle_section', 'care'), ('section', 'Hall'), ('line', 'lamp')]
    """
    arranged, bundles, is_inside = [], [], False
    for kind, item in items:
        if kind == "bundle":
            bundles.append(("bundle_subsection" if is_inside else "bundle_section", item))
        elif kind == "line":
            arranged.append((kind, item))
        else:
            arranged += [*bundles, (kind if is_inside else "section", item)]
            bundles, is_inside = [], True
    return arranged + bundles
