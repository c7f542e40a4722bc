from odoo import models


class IrFieldsConverter(models.AbstractModel):
    """Reading options of custom fields from a file: by label, among those of the column."""

    _inherit = "ir.fields.converter"

    def db_id_for(self, model, field, subfield, value, savepoint):
        if field.comodel_name == "opportunity.field.option":
            self = self.with_context(opportunity_option_of=field.name)
        return super().db_id_for(model, field, subfield, value, savepoint)
