import logging

from odoo import api, models

from ..tools import pdf_pages
from .opportunity_enrollment_engine import CONFLICTS
from .opportunity_letter import WAITING

_logger = logging.getLogger(__name__)
CHUNK = 50  # letters that are printed before it is committed


class OpportunityLetterBatch(models.Model):
    """The job: chunk by chunk, each committed, so that what was printed is kept whatever happens afterwards.

    A chunk leaves its part of the PDF; when no letter waits any more, the parts become one. Only one server works on a
    batch, and nobody is in the way of cancelling it: that is seen before the next chunk.
    """

    _inherit = "opportunity.letter.batch"

    @api.model
    def _cron_print(self):
        """Print the batches that wait, until none does or the time is up."""
        while batch := self._claim():
            done = batch._run_chunk()
            if not done:
                batch._finish()
            left = self.env["ir.cron"]._commit_progress(done, remaining=self._count_waiting())
            self.env.invalidate_all()
            if not left:
                break

    @api.model
    def _claim(self):
        waiting = self.search([("state", "=", "waiting")], order="id")
        return waiting.try_lock_for_update(limit=1) if waiting else waiting

    @api.model
    def _count_waiting(self):
        return self.env["opportunity.letter"].search_count(
            [("batch_id.state", "=", "waiting"), ("state", "in", WAITING)]
        )

    def _get_waiting(self, limit=None):
        domain = [("batch_id", "=", self.id), ("state", "in", WAITING)]
        return self.env["opportunity.letter"].search(domain, order="sequence, id", limit=limit)

    def _run_chunk(self):
        """Print the next letters with the rights of who prints the batch.

        :return: how many were dealt with, 0 when none is left
        """
        letters = self._get_waiting(limit=CHUNK)
        if not letters:
            return 0
        companies = self.user_id.company_ids & (self.company_id | letters.company_id)
        mine = letters.with_user(self.user_id).with_context(allowed_company_ids=companies.ids, lang=self.user_id.lang)
        part = self._attempt(mine)
        if part:
            self._add_part(part)
        return len(letters)

    def _attempt(self, letters):
        """Print or send letters; one that cannot be is left out, and does not keep the others from it.

        :return: one PDF with those that were printed
        """
        try:
            with self.env.cr.savepoint():
                return self._deliver(letters)
        except CONFLICTS:
            raise
        except Exception as error:
            if len(letters) == 1:
                self._leave_out(letters, error)
                return b""
        return pdf_pages.join([self._attempt(letter) for letter in letters], self.duplex)

    def _deliver(self, letters):
        if self.delivery == "email":
            letters.with_context(mail_notify_force_send=False)._send()
            return b""
        return letters._print(self.duplex)

    def _leave_out(self, letter, error):
        _logger.info("Letter %s is left out of batch %s", letter.id, self.id, exc_info=error)
        letter.invalidate_recordset()
        values = {"failure": str(error), "batch_id": False, "failed_batch_id": self.id}
        letter.sudo().write(values)  # sudo: nobody writes what became of a letter but the server

    def _add_part(self, pdf):
        name = f"{self.name} {len(self.part_ids) + 1}.pdf"
        self.part_ids = [(0, 0, self._prepare_pdf(name, pdf))]

    def _prepare_pdf(self, name, pdf):
        values = {"name": name, "raw": pdf, "mimetype": "application/pdf"}
        return {**values, "res_model": self._name, "res_id": self.id}

    def _finish(self):
        self.state = "done"
        self._assemble()

    def _assemble(self):
        """Make one PDF of the parts."""
        parts = self.part_ids.sorted("id")
        if parts:
            pdf = pdf_pages.join([part.raw for part in parts], self.duplex)
            self.attachment_id = parts.create(self._prepare_pdf(f"{self.name}.pdf", pdf))
            parts.unlink()
