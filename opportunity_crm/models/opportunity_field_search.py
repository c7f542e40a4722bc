import re

from odoo import models


class OpportunityField(models.Model):
    """Saved searches and exports that use a custom field, which would fail without it."""

    _inherit = "opportunity.field"

    def _find_searches(self):
        """Return the saved searches on opportunities that use one of the fields, of everybody."""
        if not self:
            return self.env["ir.filters"]
        used = re.compile(r"\b(%s)\b" % "|".join(self.mapped("technical_name")))
        # sudo: what is broken without the field is found whoever saved it; only the number is told
        searches = self.env["ir.filters"].sudo().with_context(active_test=False)
        known = searches.search([("model_id", "=", "crm.lead")])
        return known.filtered(
            lambda search: any(used.search(search[part] or "") for part in ("domain", "context", "sort"))
        )

    def _forget_searches(self):
        """Delete what would fail without the fields."""
        self._find_searches().unlink()
        names = [path for name in self.mapped("technical_name") for path in (name, f"{name}/id", f"{name}/.id")]
        lines = self.env["ir.exports.line"].sudo()  # sudo: columns of saved exports that nothing could fill any more
        lines.search([("export_id.resource", "=", "crm.lead"), ("name", "in", names)]).unlink()
