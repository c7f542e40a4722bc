from odoo import api, models


class OpportunityLetterReport(models.AbstractModel):
    """Letters on their pages."""

    _name = "report.opportunity_crm.report_letter"
    _description = "Letters on Their Pages"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of all letters in one document, for the engine that prints one at a time."""
        parts = list(self._get_report_parts(docids, data))
        return {**parts[0], "letters": [letter for part in parts for letter in part["letters"]]}

    @api.model
    def _get_report_parts(self, docids, data=None):
        """Yield the values of one letter after the other.

        :param dict data: ``duplex`` to begin each letter on the front of a sheet
        """
        letters = self.env["opportunity.letter"].browse(docids)
        letters.check_access("read")
        for letter in letters:
            yield letter._get_paper_values(duplex=bool((data or {}).get("duplex")))
