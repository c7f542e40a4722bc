import base64

from odoo import api, fields, models

from ..tools import paper
from .opportunity_letter_print import REPORT

ZOOM = 1.25
PAGES = 10


class OpportunityLetter(models.Model):
    """What a letter will look like, before it exists."""

    _inherit = "opportunity.letter"

    preview = fields.Json(compute="_compute_preview", export_string_translation=False)

    @api.depends("subject", "body", "address", "enclosures", "state")
    def _compute_preview(self):
        for letter in self:
            letter.preview = bool(letter.body) and letter._get_preview()

    def _get_preview(self):
        """Return the pages as they will come out, for the field widget ``letter_preview``.

        Works on new records (``new``) as well: nothing is stored.

        :return: ``{"title", "pages": [PNG in base64], "count": number of pages}``; ``{"title", "pdf": base64}`` where
            the server has no PlutoPrint
        """
        self.ensure_one()
        report = self.env["ir.actions.report"]
        html = report._render_template(REPORT, self._get_paper_values())
        if not paper.is_available():
            return {"title": self.name, "pdf": base64.b64encode(self._print_preview(html)).decode()}
        pages, count = paper.draw(html.decode(), report._get_paper_resource, zoom=ZOOM, limit=PAGES)
        return {"title": self.name, "pages": [base64.b64encode(page).decode() for page in pages], "count": count}

    def _merge_preview(self):
        """Put the text of the template into a new letter that has none."""
        if not self.body:
            names = {self.partner_id.id: self._get_household_name()} if self.household_ids else {}
            template = self.template_id.with_context(letter_household_names=names)
            (text,) = template._merge([(self.lead_id._origin, self.partner_id._origin)])
            self.update(self._prepare_text(text))

    def _print_preview(self, html):
        """Return the PDF of a document from the engine of Odoo."""
        report = self.env.ref("opportunity_crm.letter_report")
        bodies, __, header, footer, args = report._prepare_html(html, report_model=False)
        return report._run_wkhtmltopdf(
            bodies, report_ref=REPORT, header=header, footer=footer, specific_paperformat_args=args
        )
