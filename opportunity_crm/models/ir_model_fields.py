from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class IrModelFields(models.Model):
    """A custom field on which an exit condition waits or from which a follow-up step counts is not deleted."""

    _inherit = "ir.model.fields"

    def unlink(self):
        # not @api.ondelete: Odoo takes the field out of its model before it asks those
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self._check_no_exit_condition()
            self._check_no_followup()
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

    def _check_no_followup(self):
        steps = self.env["opportunity.sequence.step"].search([("date_field_id", "in", self.ids)])
        if steps:
            raise UserError(
                self.env._(
                    "Steps of these follow-up sequences count from the field: %s. Choose another date for them first.",
                    ", ".join(steps.sequence_id.mapped("name")),
                )
            )
