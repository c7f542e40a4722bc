"""Where labels are on a sheet, in millimetres. Pure Python, imports nothing of Odoo."""

from typing import NamedTuple

TOLERANCE = 0.05  # makers round their measures; a label may seem to hang over the edge by as much


class Box(NamedTuple):
    """A rectangle on a page, measured from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


class Sheet(NamedTuple):
    """A sheet of labels, or one label of a roll, as it is fed: upright, with the maker's measures.

    `landscape` turns the sheet a quarter to the left, so that text runs along its other side. The offsets correct
    a printer that prints too far to the left or too high.
    """

    page_width: float
    page_height: float
    margin_left: float
    margin_top: float
    pitch_x: float
    pitch_y: float
    label_width: float
    label_height: float
    columns: int
    rows: int
    landscape: bool = False
    offset_x: float = 0
    offset_y: float = 0

    @property
    def count(self):
        """The number of labels on a sheet."""
        return self.columns * self.rows

    @property
    def paper_size(self):
        """Width and height of the page, as it is read.

        >>> A4._replace(landscape=True).paper_size
        (297.0, 210.0)
        """
        size = (self.page_width, self.page_height)
        return size[::-1] if self.landscape else size

    def boxes(self):
        """Return the labels in the order in which they are read: from left to right, then down.

        >>> A4.boxes()[0], A4.boxes()[-1]
        (Box(left=7.25, top=15.15, width=63.5, height=38.1), Box(left=139.25, top=243.75, width=63.5, height=38.1))
        >>> A4._replace(offset_x=1, offset_y=-1).boxes()[0]
        Box(left=8.25, top=14.15, width=63.5, height=38.1)
        >>> A4._replace(landscape=True).boxes()[0]
        Box(left=15.15, top=7.25, width=38.1, height=63.5)
        """
        upright = [self._box(column, row) for row in range(self.rows) for column in range(self.columns)]
        if not self.landscape:
            return upright
        turned = [
            Box(box.top, _rounded(self.page_width - box.left - box.width), box.height, box.width) for box in upright
        ]
        return sorted(turned, key=lambda box: (box.top, box.left))

    def _box(self, column, row):
        left = self.margin_left + self.offset_x + column * self.pitch_x
        top = self.margin_top + self.offset_y + row * self.pitch_y
        return Box(_rounded(left), _rounded(top), self.label_width, self.label_height)

    def problems(self):
        """Return the names of what is wrong with the measures, an empty list for a sheet that can be printed.

        >>> A4.problems()
        []
        >>> A4._replace(columns=4).problems()
        ['too_wide']
        >>> A4._replace(pitch_y=30, margin_top=-1).problems()
        ['margin', 'overlap_y']
        >>> A4._replace(rows=0).problems()
        ['empty']
        """
        if min(self.columns, self.rows, self.label_width, self.label_height, self.page_width, self.page_height) <= 0:
            return ["empty"]
        last = self._replace(landscape=False, offset_x=0, offset_y=0)._box(self.columns - 1, self.rows - 1)
        checks = {
            "margin": min(self.margin_left, self.margin_top) < 0,
            "overlap_x": self.columns > 1 and self.pitch_x < self.label_width - TOLERANCE,
            "overlap_y": self.rows > 1 and self.pitch_y < self.label_height - TOLERANCE,
            "too_wide": last.left + last.width > self.page_width + TOLERANCE,
            "too_high": last.top + last.height > self.page_height + TOLERANCE,
        }
        return [name for name, wrong in checks.items() if wrong]

    def place(self, items, first=1):
        """Divide items over sheets: yield for each sheet a list of pairs of box and item.

        :param first: number of the first free label on the first sheet, counted from 1

        >>> pages = list(A4.place("abc", first=20))
        >>> [[(box.left, item) for box, item in page] for page in pages]
        [[(73.25, 'a'), (139.25, 'b')], [(7.25, 'c')]]
        """
        boxes = self.boxes()
        start, rest = first - 1, list(items)
        while rest:
            room = len(boxes) - start
            yield list(zip(boxes[start:], rest[:room], strict=False))
            start, rest = 0, rest[room:]

    def page_count(self, labels, first=1):
        """Return how many sheets so many labels need.

        >>> A4.page_count(21), A4.page_count(21, first=2), A4.page_count(0)
        (1, 2, 0)
        """
        return -(-(labels + first - 1) // self.count) if labels else 0


def _rounded(length):
    return round(length, 4)


A4 = Sheet(210.0, 297.0, 7.25, 15.15, 66.0, 38.1, 63.5, 38.1, 3, 7)  # Avery L7160, for the examples
