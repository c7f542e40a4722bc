from collections import defaultdict
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..tools import paper, pdf_pages
from .opportunity_letter import WAITING

REPORT = "opportunity_crm.report_letter"
TOGETHER = 25  # letters of one page in one document; to print a page takes longer, the more there are
PICTURES = 32  # that are kept while letters are printed: logos, fonts


class OpportunityLetter(models.Model):
    """Printing: each letter once, kept as it came out."""

    _inherit = "opportunity.letter"

    def action_print(self):
        """Print the letters, in their order, into one PDF. Those that were printed before come as they were then, and
        nothing is told in the chatter again.

        :return: the action that downloads the PDF, or shows the batch when there are many
        """
        return self._print_together()

    def action_print_again(self):
        """Print letters once more, and say so in the chatter."""
        self.check_access("write")
        action = self._print_together()
        self._tell(self.env._("Letter %(letter)s printed again"))
        return action

    def _print_together(self, duplex=False):
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Select the letters that you want to print."))
        if len(self) == 1:
            self._print()
            return self._get_download_action(self.attachment_id)
        batches = self.env["opportunity.letter.batch"]
        if all(letter.state in WAITING for letter in self):
            return batches._gather(self, duplex=duplex)._print_now_or_later()
        return batches._keep_pdf(self, self._print(duplex)).action_download()

    def _get_download_action(self, document):
        url = f"/web/content/{document.id}?download=true"
        # not the target “download”, after which dialogs stay open
        return {"type": "ir.actions.act_url", "url": url, "target": "new", "close": True}

    def _print(self, duplex=False):
        """Return one PDF with the letters in their order; what was not printed yet is printed, kept and told.

        :param bool duplex: begin each letter on the front of a sheet
        :raise UserError: for letters that were cancelled
        """
        if "cancelled" in self.mapped("state"):
            raise UserError(self.env._("A cancelled letter is not printed. Draw up a new one."))
        fresh = self.filtered(lambda letter: letter.state in WAITING)
        pdf = fresh._freeze(duplex)
        fresh._tell(self.env._("Letter %(letter)s printed"))
        if fresh == self:
            return pdf
        (self - fresh).filtered(lambda letter: not letter.attachment_id)._restore()
        # sudo: who sees the letter may have it as it was printed, whoever sees the file box
        return pdf_pages.join([document.raw for document in self.sudo().mapped("attachment_id")], duplex)

    def _freeze(self, duplex=False, state="printed"):
        """Render letters for the first time, and keep them as they are from now on.

        :return: one PDF with all of them
        """
        if not self:
            return b""
        self.check_access("write")
        self._merge_texts()
        # sudo: what becomes of a letter is written by the server only; who may print it was checked
        self.sudo().write(
            {"state": state, "date": fields.Datetime.now(), "printed_by_id": self.env.uid, "failure": False}
        )
        pdf, copies = self._render(duplex)
        self._keep(copies)
        self.template_id._mark_used()
        return pdf

    def _restore(self):
        """Render letters again, from the text that is kept, whose PDF was deleted."""
        if self:
            self.check_access("write")
            self._keep(self._render()[1])

    def _render(self, duplex=False):
        """Return one PDF with the letters, and the PDF of each with the number of its pages, in their order."""
        if not paper.is_available():
            return self._render_standard(duplex)
        fetch = lru_cache(PICTURES)(self.env["ir.actions.report"]._get_paper_resource)
        together = paper.Printer(fetch, title=self.env._("Letters"))
        copies = []
        for letters in self._group_by_layout():
            for letter, book, pages in letters._open_books(together):
                own = paper.Printer(title=letter.name)
                own.add_book(book, pages=pages)
                together.add_book(book, start_odd=duplex, pages=pages)
                copies.append((own.finish(), own.page_count))
        pdf = together.finish()
        return copies[0][0] if len(copies) == 1 else pdf, copies

    def _group_by_layout(self):
        """Return a list of letters that follow each other and have the same layout, not too many at once."""
        # only neighbours: the order stays
        groups = groupby(self, key=lambda letter: letter._get_layout_key())  # pylint: disable=bad-builtin-groupby
        return [
            self.browse().concat(*some)
            for __, letters in groups
            for some in split_every(TOGETHER, letters, piece_maker=list)
        ]

    def _open_books(self, printer):
        """Yield each letter with a laid out document, and the range of its pages in it.

        Most letters have one page. They share a document, which takes a small part of the time that one each would;
        where there are more pages than letters, the halves are tried by themselves.
        """
        pages = 0
        if len(self) > 1:
            book = self._open_book(printer, single=True)
            pages = book.get_page_count()
        if pages and pages == len(self):
            yield from ((letter, book, range(page, page + 1)) for page, letter in enumerate(self))
        elif pages < 1.5 * len(self) and len(self) > 1:
            middle = len(self) // 2
            yield from self[:middle]._open_books(printer)
            yield from self[middle:]._open_books(printer)
        else:
            for letter in self:
                book = letter._open_book(printer)
                yield letter, book, range(book.get_page_count())

    def _open_book(self, printer, single=False):
        values = self._get_paper_values(single=single)
        return printer.open(self.env["ir.actions.report"]._render_template(REPORT, values).decode())

    def _render_standard(self, duplex):
        """Render with the engine of Odoo, which prints one document at a time."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdfs = [report._render_qweb_pdf(REPORT, letter.ids)[0] for letter in self]
        return pdf_pages.join(pdfs, duplex), [(pdf, pdf_pages.count(pdf)) for pdf in pdfs]

    def _keep(self, copies):
        """Put the PDFs into the file boxes of the contacts."""
        category = self.env.ref("opportunity_crm.opportunity_document_category_letter", raise_if_not_found=False)
        filings = [
            (letter._get_target(), letter._prepare_document(pdf, category))
            for letter, (pdf, _count) in zip(self, copies, strict=True)
        ]
        documents = self.env["crm.lead"]._add_to_file_boxes(filings)
        for letter, document, (_pdf, count) in zip(self, documents, copies, strict=True):
            # sudo: as in _freeze
            letter.sudo().write({"attachment_id": document.id, "page_count": count})

    def _prepare_document(self, pdf, category):
        if not self._get_target():
            raise UserError(self.env._("The contact of “%s” was deleted. Cancel the letter.", self.name))
        return {
            "name": self._get_file_name(),
            "raw": pdf,
            "mimetype": "application/pdf",
            "box_category_id": category.id if category else False,
        }

    def _tell(self, text):
        """Note in the chatter of the opportunities and contacts what was done with their letters."""
        notes = defaultdict(lambda: defaultdict(list))
        for letter in self:
            note = Markup("<p>%s</p>") % (Markup(text) % {"letter": letter._get_html_link()})
            for record in [letter._get_target(), *letter.household_ids]:
                notes[record._name][record.id].append(note)
        for model, bodies in notes.items():
            records = self.env[model].browse(bodies)
            records._message_log_batch({id_: Markup("").join(texts) for id_, texts in bodies.items()})
