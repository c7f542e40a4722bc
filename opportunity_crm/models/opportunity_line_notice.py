from odoo import api, fields, models


class OpportunityLine(models.Model):
    """What to know about a line that was offered before and could not be put on the opportunity now."""

    _inherit = "opportunity.line"

    notice = fields.Char(compute="_compute_notice")

    @api.depends("product_id.active", "product_id.opportunity_ok", "bundle_id.active", "bundle_id.date_end")
    def _compute_notice(self):
        refused = self._filter_not_offered()
        for line in self:
            line.notice = line in refused and line._get_notice()

    def _get_notice(self):
        if self.bundle_id:
            return self._explain_refused_bundle()
        if not self.product_id.active:
            return self.env._("This product is archived. Replace it, unless the customer still gets it.")
        return self.env._("This product is no longer offered on such opportunities.")
