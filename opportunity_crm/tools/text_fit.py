"""Fit lines of text into a box: shrink a little, then wrap, then shrink more; never spill. Pure Python.

Widths come from the font that is printed, so that what fits here fits on paper.
"""

import functools
import re
import unicodedata
from typing import NamedTuple

from reportlab.pdfbase.ttfonts import TTFontFile

LINE_HEIGHT = 1.2  # of the size of the font
SHRINK = 0.75  # of the size, before lines are wrapped
SMALLEST = 4.0  # points; smaller print cannot be read
STEP = 0.25
MM_TO_PT = 72 / 25.4
SAFETY = 0.99  # of the width: engines round the advance of a letter
ELLIPSIS = "…"
WORDS = re.compile(r"\s*\S+")


class Fitted(NamedTuple):
    """Lines that fit, and the size in points in which they do."""

    size: float
    lines: tuple


class Font:
    """Widths of the letters of a font, in parts of its size."""

    def __init__(self, path):
        self._widths = {code: width / 1000 for code, width in TTFontFile(path).charWidths.items()}
        self.letter = functools.lru_cache(maxsize=10_000)(self._letter)

    def _letter(self, letter):
        width = self._widths.get(ord(letter))
        if width is not None:
            return width
        if unicodedata.category(letter) in ("Mn", "Cf", "Me"):
            return 0
        # Another font of the system has it: ideographs are square, letters of no script that is written are wider.
        return 1.0

    def width(self, text):
        """Return the width of a text in a font of size 1."""
        return sum(map(self.letter, text))


@functools.lru_cache(maxsize=4)
def load_font(path):
    """Return the widths of a TrueType font; reading takes a moment and is done once."""
    return Font(path)


def fit(lines, width, height, size, font):
    """Fit lines into a box.

    :param lines: the lines of an address, none of them empty
    :param width: of the box, in mm
    :param height: of the box, in mm
    :param size: of the font in points, the largest that is wanted
    :param Font font: the font
    :rtype: Fitted

    Enough room; a line that is a little too long; one that has to be wrapped; far too much:

    >>> fit(["Ann", "Rome"], 40, 20, 10, square)
    Fitted(size=10, lines=('Ann', 'Rome'))
    >>> fit(["a" * 12], 40, 20, 10, square)
    Fitted(size=9.25, lines=('aaaaaaaaaaaa',))
    >>> fit(["Rue du Bois de Boulogne", "Paris"], 40, 20, 10, square)
    Fitted(size=10, lines=('Rue du Bois', 'de Boulogne', 'Paris'))
    >>> fit(["a" * 1000], 40, 5, 10, square).lines[-1][-1]
    '…'

    Where there are more lines than fit at all, short ones share a line:

    >>> fit(["Ann", "Main Street", "Leeds", "LS2", "UK"], 40, 6, 5, square)
    Fitted(size=4.5, lines=('Ann', 'Main Street', 'Leeds, LS2, UK'))
    """
    width, height = width * MM_TO_PT * SAFETY, height * MM_TO_PT
    lines = _join(list(lines), int(height / (SMALLEST * LINE_HEIGHT)), font)
    longest = max(map(font.width, lines), default=0) or 1
    shrunk = min(size, width / longest, height / (len(lines) or 1) / LINE_HEIGHT)
    if shrunk >= size * SHRINK:
        return Fitted(_floor(shrunk) if shrunk < size else size, tuple(lines))
    return _fit_wrapped(lines, width, height, size, font)


def _fit_wrapped(lines, width, height, size, font):
    while size >= SMALLEST:
        room = int(height / (size * LINE_HEIGHT))
        # Wrapping only makes more lines: most sizes are ruled out without it.
        if room >= len(lines):
            wrapped = wrap(lines, width / size, font)
            if len(wrapped) <= room:
                return Fitted(size, tuple(wrapped))
        size = _floor(size - STEP) if size > SMALLEST else 0
    room = max(int(height / (SMALLEST * LINE_HEIGHT)), 1)
    return Fitted(SMALLEST, tuple(_cut(wrap(lines, width / SMALLEST, font), room, width / SMALLEST, font)))


def _join(lines, room, font):
    while len(lines) > max(room, 1):
        pairs = [f"{first}, {second}" for first, second in zip(lines, lines[1:], strict=False)]
        index = min(range(len(pairs)), key=lambda number: font.width(pairs[number]))
        lines[index : index + 2] = [pairs[index]]
    return lines


def _cut(lines, room, width, font):
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], shorten(lines[room - 1] + ELLIPSIS * 2, width, font)]


def shorten(text, width, font):
    """Return a text of one line, cut with an ellipsis where it is too wide.

    >>> shorten("abcdef", 4, square), shorten("abc", 4, square)
    ('abc…', 'abc')
    """
    if font.width(text) <= width:
        return text
    while text and font.width(text + ELLIPSIS) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def wrap(lines, width, font):
    """Break lines between words, and words that are too long anywhere.

    :param width: in sizes of the font

    >>> wrap(["one two", "threeandfour"], 7, square)
    ['one two', 'threean', 'dfour']
    """
    return [part for line in lines for part in _wrap_line(line, width, font)]


def _wrap_line(line, width, font):
    current = ""
    for word in _pieces(line, width, font):
        if current and font.width(current + word) > width:
            yield current
            current = word.lstrip()
        else:
            current += word if current else word.lstrip()
    if current:
        yield current


def _pieces(line, width, font):
    """Yield words with the space before them; ideographs and words that are too long letter by letter."""
    for word in WORDS.findall(line):
        if font.width(word.lstrip()) > width or any(unicodedata.east_asian_width(letter) == "W" for letter in word):
            yield from re.findall(r"\s*\S", word)
        else:
            yield word


def _floor(size):
    return int(size / STEP) * STEP


def direction(text):
    """Return "rtl" or "ltr", after the first letter that has a direction.

    >>> direction("12 Rue"), direction("١٢ شارع"), direction("12")
    ('ltr', 'rtl', 'ltr')
    """
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


class Square:
    """For the examples: every letter is as wide as high."""

    def width(self, text):
        return float(len(text))


square = Square()
