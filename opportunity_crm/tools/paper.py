"""From HTML to PDF with PlutoPrint, exact to a hundredth of a millimetre. Pure Python, imports nothing of Odoo.

PlutoPrint is optional: ask `is_available()` first. It knows CSS for paged media: the size of the paper and its margins
come from the `@page` rule of the document.
"""

import base64
import io
from urllib.parse import urlsplit

try:
    import plutoprint
except ImportError:
    plutoprint = None

# What relative addresses are completed with, so that nothing else can be mistaken for an address of the database.
DATABASE_URL = "https://database.invalid"
PX_TO_PT = 0.75
A4 = (595.276, 841.89)


def is_available():
    """Whether PlutoPrint is installed."""
    return plutoprint is not None


def get_local_path(url):
    """Return the path and query of an address of the database itself, None for all others.

    >>> get_local_path("/web/image/7?unique=1")
    '/web/image/7?unique=1'
    >>> get_local_path(DATABASE_URL + "/web/image/7")
    '/web/image/7'
    >>> [get_local_path(url) for url in ("http://example.com/web/image/7", "//example.com/x", "file:///etc/passwd")]
    [None, None, None]
    >>> get_local_path("https://database.invalid.example.com/web/image/7")
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" not in (DATABASE_URL, "://") or not parts.path.startswith("/"):
        return None
    return parts._replace(scheme="", netloc="").geturl()


class Printer:
    """Prints documents one after the other into one PDF; only one of them is in memory at a time.

    :param fetch: called with each local address (path and query) that a document refers to, such as
        ``/web/image/7``; returns ``(bytes, mimetype)`` or None. Other addresses are never fetched, whatever their
        scheme; ``data:`` addresses hold their content.
    """

    def __init__(self, fetch=None, title=None):
        self._stream = io.BytesIO()
        self._canvas = plutoprint.PDFCanvas.create_for_stream(self._stream, plutoprint.PageSize(*A4))
        self._fetcher = make_fetcher(fetch)
        self._size = None
        self.page_count = 0
        if title:
            self._canvas.set_metadata(plutoprint.PDF_METADATA_TITLE, title)

    def add(self, html, start_odd=False):
        """Print a document.

        :param str html: a whole document
        :param bool start_odd: begin on the front of a sheet: an empty page comes first where it is needed
        :return: the number of its pages, without that empty page
        """
        return self.add_book(self.open(html), start_odd)

    def open(self, html):
        """Lay out a document, to be added to this printer or to several."""
        return open_book(html, self._fetcher)

    def add_book(self, book, start_odd=False, pages=None):
        """Print a document that :meth:`open` has laid out, see :meth:`add`.

        :param range pages: which of its pages, counted from 0; all of them when left out
        """
        if start_odd and self.page_count % 2:
            self._show_page(self._size)
        pages = range(book.get_page_count()) if pages is None else pages
        for index in pages:
            self._show_page(book.get_page_size_at(index), book, index)
        return len(pages)

    def _show_page(self, size, book=None, index=0):
        self._canvas.set_size(size)
        if book:
            self._canvas.save_state()
            self._canvas.scale(PX_TO_PT, PX_TO_PT)
            book.render_page(self._canvas, index)
            self._canvas.restore_state()
        self._canvas.show_page()
        self._size = size
        self.page_count += 1

    def finish(self):
        """Return the PDF; nothing can be added any more."""
        self._canvas.finish()
        return self._stream.getvalue()


def open_book(html, fetcher):
    """Lay out a document.

    :param fetcher: see :func:`make_fetcher`
    """
    book = plutoprint.Book(margins=plutoprint.PAGE_MARGINS_NONE)
    book.custom_resource_fetcher = fetcher
    book.load_html(html, base_url=DATABASE_URL + "/")
    return book


def draw(html, fetch=None, zoom=1.5, limit=20):
    """Return the pages of a document as pictures (PNG), the first ``limit`` of them, and how many there are.

    :param fetch: as for :class:`Printer`
    """
    book = open_book(html, make_fetcher(fetch))
    count = book.get_page_count()
    return [draw_page(book, index, zoom) for index in range(min(count, limit))], count


def draw_page(book, index, zoom):
    """Return a page as a picture (PNG)."""
    size = book.get_page_size_at(index)
    scale = zoom / PX_TO_PT
    canvas = plutoprint.ImageCanvas(round(size.width * scale), round(size.height * scale))
    canvas.clear_surface(1, 1, 1, 1)
    canvas.scale(zoom, zoom)
    book.render_page(canvas, index)
    stream = io.BytesIO()
    canvas.write_to_png_stream(stream)
    return stream.getvalue()


def own_copy(content, mimetype):
    """Return content as PlutoPrint's own copy.

    Its cache of fonts outlives Python: a ``ResourceData`` made here would be given back to an interpreter that has
    already ended, and the server would crash as it stops.
    """
    encoded = base64.b64encode(content).decode()
    return plutoprint.default_resource_fetcher.fetch_url(f"data:{mimetype};base64,{encoded}")


def make_fetcher(fetch):
    """Return PlutoPrint's view of a fetch function: what is not local or not there is empty."""

    class Fetcher(plutoprint.ResourceFetcher):
        def fetch_url(self, url):
            path = get_local_path(url)
            content, mimetype = (path and fetch and fetch(path)) or (b"", "text/plain")
            return own_copy(content, mimetype)

    return Fetcher()
