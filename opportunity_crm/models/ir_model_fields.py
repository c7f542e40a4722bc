from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class IrModelFields(models.Model):
    """A custom field on which an exit condition waits is not deleted under it."""

    _inherit = "ir.model.fields"

    def unlink(self):
        # not @api.ondelete: Odoo takes the field out of its model before it asks those
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self._check_no_exit_condition()
        return super().unlink()

    def _check_no_exit_condition(self):
        conditions = self.env["opportunity.template.condition"].search([("field_ids", "in", self.ids)])
        if conditions:
            raise UserError(
                self.env._(
                    "These templates have exit conditions that ask for the field: %s. Remove it from the conditions"
                    " first.",
                    ", ".join(conditions._get_templates().mapped("display_name")),
                )
            )
