import io

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools import paper, self_contained

DOCUMENTS_AT_ONCE = 100
# A wkhtmltopdf without the patched Qt, such as Debian's, prints everything at 96/125 of its size.
UNPATCHED_STYLE = b"<style>body { zoom: 1.302083 }</style>"


class IrActionsReport(models.Model):
    """Reports that are exact on paper, rendered by PlutoPrint where it is installed; all others are left alone."""

    _inherit = "ir.actions.report"

    exact_paper = fields.Boolean(
        string="Exact on Paper",
        help="Rendered by PlutoPrint, when it is installed on the server, otherwise as every report. Its template calls"
        " “opportunity_crm.paper_layout”. Nothing is fetched from outside of the database.",
    )

    def _get_readable_fields(self):
        return super()._get_readable_fields() | {"is_self_sufficient"}

    def report_action(self, docids, data=None, config=True):
        """Tell the client that this report needs no wkhtmltopdf, so that it does not ask whether that is there."""
        action = super().report_action(docids, data=data, config=config)
        if self.exact_paper and paper.is_available() and action["type"] == self._name:
            action["is_self_sufficient"] = True
        return action

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if not report.exact_paper or not paper.is_available():
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        pdf, __ = self._render_exact(report, res_ids, data=data)
        return {False: {"stream": io.BytesIO(pdf), "attachment": None}}

    @api.model
    def _render_exact(self, report_ref, docids, data=None):
        """Render a report with PlutoPrint, part by part, so that the memory needed does not grow with their number.

        A part whose values have ``start_odd`` begins on the front of a sheet.

        :return: the PDF and the number of pages of each part
        :rtype: tuple(bytes, list(int))
        """
        report = self._get_report(report_ref)
        printer = paper.Printer(self._get_paper_resource, title=report.name)
        counts = []
        for values in self._get_paper_parts(report, docids, {**(data or {}), "report_type": "pdf"}):
            html = self._render_template(report.report_name, values).decode()
            counts.append(printer.add(html, start_odd=values.get("start_odd", False)))
        return printer.finish(), counts

    @api.model
    def _get_paper_parts(self, report, docids, data):
        """Yield the rendering values of the parts that follow each other in the PDF.

        The report's own model may divide it: ``_get_report_parts(docids, data)`` yields what ``_get_report_values``
        returns, for one part after the other.
        """
        divide = getattr(self._get_rendering_context_model(report), "_get_report_parts", None)
        if divide:
            yield from divide(docids, data)
            return
        for part in split_every(DOCUMENTS_AT_ONCE, docids or []):
            yield self._get_rendering_context(report, list(part), data)
        if not docids:
            yield self._get_rendering_context(report, docids, data)

    def _prepare_html(self, html, report_model=False):
        """Contain an exact report before the standard engine, which would load what it refers to, gets it."""
        if self.exact_paper:
            # The report is a superuser's record here; what it refers to is read by the one who prints.
            html = self_contained.contain(html, self.sudo(False)._get_local_resource)
            if not _wkhtml().is_patched_qt:
                html = html.replace(b"</main>", UNPATCHED_STYLE + b"</main>")
        return super()._prepare_html(html, report_model=report_model)

    @api.model
    def _build_wkhtmltopdf_args(self, paperformat_id, landscape, specific_paperformat_args=None, **options):
        """Take the size of the paper from the document, where it says it (millimetres, as in ``210x297``)."""
        arguments = super()._build_wkhtmltopdf_args(
            paperformat_id, landscape, specific_paperformat_args=specific_paperformat_args, **options
        )
        size = (specific_paperformat_args or {}).get("data-report-paper-size")
        if size:
            width, height = (f"{float(side):g}mm" for side in size.split("x"))
            arguments += ["--orientation", "Portrait", "--page-width", width, "--page-height", height]
            margins = (specific_paperformat_args.get("data-report-paper-margins") or "0 0 0 0").split()
            for side, margin in zip(("top", "right", "bottom", "left"), margins, strict=True):
                arguments += [f"--margin-{side}", f"{float(margin):g}"]
        return arguments
