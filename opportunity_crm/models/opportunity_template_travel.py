from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityTemplateCondition(models.Model):
    """An exit condition in a file names its fields by their technical names, which mean the same in every database."""

    _inherit = "opportunity.template.condition"

    field_names = fields.Char(readonly=False, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_field_names(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._read_field_names(vals))

    @api.model
    def _read_field_names(self, vals):
        """Return the values with the fields instead of their technical names."""
        if "field_names" not in vals:
            return vals
        vals = dict(vals)
        names = [name.strip() for name in (vals.pop("field_names") or "").split(",") if name.strip()]
        found = {name: self.env["ir.model.fields"]._get("crm.lead", name) for name in names}
        missing = [name for name, field in found.items() if not field]
        if missing:
            raise UserError(
                self.env._(
                    "Opportunities have no such fields: %s. Create them first, or correct them.", ", ".join(missing)
                )
            )
        vals.setdefault("field_ids", [fields.Command.set([field.id for field in found.values()])])
        return vals
