"""Where things are on a printed letter, in millimetres, so that the address is in the window of its envelope. Pure
Python, imports nothing of Odoo.

Where the measures come from:

- ``din5008a``, ``din5008b``: DIN 5008:2020, forms A and B. The field of the address is 85 × 45 mm, 20 mm from the left
  and 27 or 45 mm from the top; of its height the upper 17.7 mm are for the line of the sender and remarks, the lower
  27.3 mm for the address; text keeps 5 mm from its left edge. Fold marks at 87 and 192 mm, or 105 and 210 mm, the mark
  for the punch in the middle of the sheet.
- ``us10``: envelope #10 of 4 1/8 × 9 1/2 in with the window that USPS calls usual: 1 1/8 × 4 1/2 in, 7/8 in from the
  left and 1/2 in from the bottom. A sheet of 11 in folded in three lies at the bottom of the envelope, its first fold
  3 2/3 in from the top: the window begins 2.042 in from the top of the sheet.
- ``uk_dl``: envelope DL of 110 × 220 mm with the window British stationers sell: 35 × 90 mm, 20 mm from the left and
  18 mm from the bottom, which Royal Mail keeps clear. A4 folded in three lies at the bottom, its first fold 99 mm
  from the top.

A sheet is smaller than its envelope and slides in it: up by 11 mm, to the right by 10 mm (DL), or by 11.6 and 12.7 mm
(#10). The address stays clear of the edges of the window by as much as there is room.
"""

import re
from typing import NamedTuple

from .label_sheet import Box

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
WINDOWS = ("none", "din5008a", "din5008b", "us10", "uk_dl")
GAP = 8.46  # between the field of the address and the text: two lines of DIN 5008
TOP, BOTTOM = 20.0, 25.0  # margins of a page that is not the first; the lower one is everywhere the same
RIGHT = 20.0


class LetterPage(NamedTuple):
    """The first page of a letter."""

    paper: tuple  # width and height
    window: Box | None  # what can be seen of the sheet through the envelope
    sender: Box  # the line of the sender, above the address
    address: Box
    text_top: float  # where the text begins
    left: float  # margin of the text
    folds: tuple = ()
    punch: float | None = None

    @property
    def text_width(self):
        """The width of the text.

        >>> get_page("a4", "din5008b").text_width
        165.0
        """
        return round(self.paper[0] - self.left - RIGHT, 2)

    @property
    def head(self):
        """The space for logo and details of the sender, beside and above the address.

        >>> get_page("a4", "din5008a").head
        Box(left=110.0, top=10.0, width=80.0, height=62.0)
        """
        left = max(self.address.left + self.address.width + 5, self.paper[0] / 2 + 5)
        return Box(left, 10.0, round(self.paper[0] - left - RIGHT, 2), round(self.text_top - GAP - 10.0, 2))

    @property
    def logo(self):
        """The space for the logo, above the address and left of the details of the sender.

        >>> get_page("a4", "din5008b").logo
        Box(left=25.0, top=10.0, width=80.0, height=33.0)
        """
        above = self.window.top if self.window else self.sender.top
        return Box(self.left, 10.0, 80.0, round(min(above - 12.0, 33.0), 2))


def get_page(paper, window, margin_top=0):
    """Return the first page of a letter.

    :param str paper: one of :data:`PAPERS`
    :param str window: one of :data:`WINDOWS`
    :param margin_top: where the text begins at the earliest, for paper with a printed head

    The address zone of DIN 5008, form B, begins 62.7 mm from the top, text at 98.46 mm:

    >>> page = get_page("a4", "din5008b")
    >>> page.address, page.text_top, page.folds, page.punch
    (Box(left=25.0, top=62.7, width=80.0, height=27.3), 98.46, (105.0, 210.0), 148.5)
    >>> get_page("a4", "din5008a").address.top, get_page("a4", "none", margin_top=120).text_top
    (44.7, 120)

    Addresses are inside of their windows, with a few millimetres to spare:

    >>> for name in WINDOWS[1:]:
    ...     page = get_page("a4", name)
    ...     assert is_inside(page.address, page.window) and is_inside(page.sender, page.window), name
    """
    page = _MAKERS[window](PAPERS[paper])
    return page._replace(text_top=max(page.text_top, margin_top))


def is_inside(inner, outer, tolerance=0.0):
    """Return whether a box is inside of another one.

    >>> is_inside(Box(1, 1, 2, 2), Box(0, 0, 3, 3)), is_inside(Box(1, 1, 2, 2.5), Box(0, 0, 3, 3))
    (True, False)
    """
    return (
        inner.left >= outer.left - tolerance
        and inner.top >= outer.top - tolerance
        and inner.left + inner.width <= outer.left + outer.width + tolerance
        and inner.top + inner.height <= outer.top + outer.height + tolerance
    )


def clean_name(text, longest=100):
    """Return a text as the name of a file.

    >>> clean_name("Your offer: 3/4\\n <b>now</b>?")
    'Your offer 3 4 b now b'
    """
    return " ".join(re.sub(r'[\x00-\x1f/\\:*?"<>|]+', " ", text).split()).strip(" .")[:longest].strip()


def css_text(text):
    r"""Return a text as a string of a style sheet, which it cannot leave.

    >>> print(css_text('a"; } </style>'))
    "a\22 ; } \3C /style\3E "
    """
    return '"%s"' % re.sub(r"[\"\\\\<>&\x00-\x1f]", lambda match: f"\\{ord(match[0]):X} ", text)


def _din(paper, top, folds):
    field = Box(20.0, top, 85.0, 45.0)
    return LetterPage(
        paper=paper,
        window=field,
        sender=Box(25.0, round(top + 12.7, 2), 80.0, 5.0),
        address=Box(25.0, round(top + 17.7, 2), 80.0, 27.3),
        text_top=round(top + 45.0 + GAP, 2),
        left=25.0,
        folds=folds,
        punch=paper[1] / 2,
    )


def _din_a(paper):
    return _din(paper, 27.0, (87.0, 192.0))


def _din_b(paper):
    return _din(paper, 45.0, (105.0, 210.0))


def _us10(paper):
    window = Box(9.5, 51.86, 114.3, 28.58)  # the sheet in the middle of the width
    return LetterPage(paper, window, Box(25.4, 53.5, 80.0, 3.5), Box(25.4, 57.0, 80.0, 20.3), 90.0, 25.4)


def _uk_dl(paper):
    window = Box(15.0, 46.0, 90.0, 35.0)  # as above
    return LetterPage(paper, window, Box(25.0, 52.0, 74.0, 4.0), Box(25.0, 57.0, 74.0, 23.0), 95.0, 25.0)


def _none(paper):
    return LetterPage(paper, None, Box(25.0, 45.0, 80.0, 4.0), Box(25.0, 50.0, 80.0, 30.0), 90.0, 25.0)


_MAKERS = {"none": _none, "din5008a": _din_a, "din5008b": _din_b, "us10": _us10, "uk_dl": _uk_dl}
