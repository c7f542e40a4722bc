from odoo import api, fields, models


class OpportunityLetterTemplate(models.Model):
    """The pages beside the text, as they would come out for an opportunity."""

    _inherit = "opportunity.letter.template"

    preview_pages = fields.Json(compute="_compute_preview_pages", export_string_translation=False, exportable=False)

    @api.depends(
        *("name", "subject", "body", "enclosures", "lang", "company_id", "preview_lead_id"),
        *("paper", "window", "letterhead", "margin_top", "with_signature"),
    )
    @api.depends_context("uid", "lang")
    def _compute_preview_pages(self):
        for template in self:
            can_draw = template.preview_lead_id and not template.preview_problem
            template.preview_pages = bool(can_draw) and template._draw_preview()

    def _draw_preview(self):
        letters = self.env["opportunity.letter"]
        lead = self.preview_lead_id._origin
        values = letters._prepare_letter(self, lead, lead.partner_id, lead.partner_id.browse())
        text = self._merge_preview()
        return letters.new({**values, **letters._prepare_text({"lang": self.env.lang, **text})})._get_preview()
