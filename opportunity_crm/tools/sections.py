"""How the lines of an offer are arranged under headings, and a price is spread. Pure Python, nothing of Odoo."""

from math import floor


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


def spread(total, weights, rounding):
    """Spread an amount over parts by their weights, without losing a cent: what is left goes to the largest remainders.

    :param float total: the amount
    :param list weights: what each part counts; all alike where none counts anything
    :param float rounding: the smallest amount, such as 0.01

    >>> spread(100, [1, 1, 1], 0.01)
    [33.34, 33.33, 33.33]
    >>> spread(99.99, [60, 30, 30], 0.01), spread(10, [0, 0], 1)
    ([49.99, 25.0, 25.0], [5, 5])
    >>> spread(0.02, [1, 1, 1], 0.01), spread(5, [], 0.01)
    ([0.01, 0.01, 0.0], [])
    >>> spread(-1, [1, 2], 0.01)
    [-0.33, -0.67]
    >>> sum(spread(1234.5, [3, 7, 11, 13], 0.05)) == 1234.5
    True
    """
    weights = weights if sum(weights) else [1] * len(weights)
    units = round(total / rounding)
    exact = [units * weight / sum(weights) for weight in weights]
    shares = [floor(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    return [round(share * rounding, 10) for share in shares]
