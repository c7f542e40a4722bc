from markupsafe import Markup

from odoo import api, fields, models


class OpportunityLetterTemplate(models.Model):
    """The letter beside its text, as an opportunity's contact would get it."""

    _inherit = "opportunity.letter.template"

    preview_lead_id = fields.Many2one(
        "crm.lead",
        string="Preview For",
        store=False,
        exportable=False,
        default=lambda self: self._get_preview_lead(),
        context={"active_test": False},
    )
    preview_subject = fields.Char(compute="_compute_preview", export_string_translation=False, exportable=False)
    preview_body = fields.Html(compute="_compute_preview", string="Preview", exportable=False)
    preview_missing = fields.Char(compute="_compute_preview", export_string_translation=False, exportable=False)
    preview_problem = fields.Text(compute="_compute_preview", export_string_translation=False, exportable=False)

    @api.model
    def _get_preview_lead(self):
        """Return an opportunity that shows much of a letter: one with a quotation and products, rather the user's."""
        leads = self.env["crm.lead"].search([("partner_id", "!=", False), ("type", "=", "opportunity")], limit=80)
        return max(leads, key=self._rank_preview_lead, default=leads)

    def _rank_preview_lead(self, lead):
        return bool(lead.order_ids) + bool(lead.line_ids), lead.user_id == self.env.user

    @api.depends("name", "subject", "body", "enclosures", "company_id", "preview_lead_id")
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for template in self:
            problems = template._find_problems_in(self.env.lang or "en_US")
            letter = {} if problems else template._merge_preview()
            template.preview_problem = "\n".join(problems)
            template.preview_subject = letter.get("subject", "")
            template.preview_body = letter.get("body", Markup())
            template.preview_missing = ", ".join(letter.get("missing", []))

    def _merge_preview(self):
        """Return the letter in the language in which it is being written, whatever that of the recipient is."""
        lead = self.preview_lead_id
        return self._merge_in([(lead, lead.partner_id)], self.env.lang or "en_US")[0]
