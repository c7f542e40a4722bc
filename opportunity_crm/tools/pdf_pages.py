"""Pages of PDFs put together. Imports the library that Odoo brings along, nothing of Odoo."""

import io

try:
    from pypdf import PdfReader, PdfWriter
except ImportError:  # the distributions that Odoo 19 supports have the one or the other
    from PyPDF2 import PdfReader, PdfWriter


def join(pdfs, duplex=False):
    """Return the PDFs one after the other.

    :param bool duplex: begin each on the front of a sheet, with an empty page before it where it is needed

    >>> pdfs = [blank(1), blank(3), blank(2)]
    >>> count(join(pdfs)), count(join(pdfs, duplex=True)), join(pdfs[:1]) is pdfs[0]
    (6, 8, True)
    """
    pdfs = [pdf for pdf in pdfs if pdf]
    if len(pdfs) == 1:
        return pdfs[0]
    writer = PdfWriter()
    for pdf in pdfs:
        if duplex and len(writer.pages) % 2:
            writer.add_blank_page()
        for page in PdfReader(io.BytesIO(pdf), strict=False).pages:
            writer.add_page(page)
    return _finish(writer)


def count(pdf):
    """Return the number of pages of a PDF.

    >>> count(blank(2))
    2
    """
    return len(PdfReader(io.BytesIO(pdf), strict=False).pages)


def blank(pages, width=595, height=842):
    """Return a PDF with empty pages, sides in points."""
    writer = PdfWriter()
    for __ in range(pages):
        writer.add_blank_page(width, height)
    return _finish(writer)


def _finish(writer):
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
