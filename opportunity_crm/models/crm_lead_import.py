import re

from odoo import api, models
from odoo.tools import plaintext2html

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class CrmLead(models.Model):
    """Opportunities from a file, by Odoo's own import: what its rows say is read the way people mean it."""

    _inherit = "crm.lead"

    @api.model
    def get_import_templates(self):
        """Offer the file with the columns of opportunities of a template first, then Odoo's."""
        ours = {
            "label": self.env._("Import Template for Opportunities with Template, Products and Shares"),
            "template": "/opportunity_crm/static/xls/opportunities.xlsx",
        }
        return [ours, *super().get_import_templates()]

    @api.model
    def _is_importing(self):
        return bool(self.env.context.get("import_file"))

    def _fit_imported_values(self, vals):
        """Return the values of one row with what names alone leave open decided.

        A template is its current revision. A stage is the one of that name in the template; without one, the first.
        Notes that are plain text keep their lines.

        :param dict vals: what the row says, of the record or, where it is empty, of a new one
        """
        if not self._is_importing():
            return vals
        values = {**vals, **self._fit_template(vals), **self._fit_description(vals)}
        if not values.get("stage_id"):
            values.pop("stage_id", None)  # an empty cell: the first stage, or the one it has
        return values

    def _fit_template(self, vals):
        named = self.env["opportunity.template"].browse(vals.get("template_id") or [])
        template = named or self.template_id
        if named and named != self.template_id and named.state != "active" and named.current_id.state == "active":
            template = named.current_id
        stage = self.env["crm.stage"].browse(vals.get("stage_id") or [])
        values = {"template_id": template.id} if named else {}
        if template and stage:
            stages = template._get_stages()
            namesakes = stages.filtered(lambda other: other.name.casefold() == stage.name.casefold())
            values["stage_id"] = (stage if stage in stages else namesakes[:1] or stage).id
        return values

    @api.model
    def _fit_description(self, vals):
        text = vals.get("description")
        return {"description": plaintext2html(text)} if text and not TAG.search(text) else {}
