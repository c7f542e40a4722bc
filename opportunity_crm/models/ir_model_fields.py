from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class IrModelFields(models.Model):
    """A custom field on which an exit condition waits, from which a follow-up step counts, or that stands in a tab, is
    not deleted."""

    _inherit = "ir.model.fields"

    def _instanciate_attrs(self, field_data):
        """An option that is not offered any more is still seen where it was chosen, among several as well as alone."""
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data["ttype"] == "many2many" and field_data["relation"] == "opportunity.field.option":
            attrs["context"] = {"active_test": False}
        return attrs

    def unlink(self):
        # not @api.ondelete: Odoo takes the field out of its model before it asks those
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self.check_access("unlink")
            self._check_no_exit_condition()
            self._check_no_followup()
            self._check_no_tab()
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

    def _check_no_tab(self):
        if self.env.context.get("opportunity_tab_removal"):
            return
        names = self.filtered(lambda field: field.model == "crm.lead").mapped("name")
        # sudo: a technical administrator need not see the tabs of all companies
        definitions = self.env["opportunity.field"].sudo().with_context(active_test=False)
        if shown := definitions.search([("technical_name", "in", names)]):
            raise UserError(
                self.env._(
                    "These tabs of opportunities have the field: %s. Remove it there, in Tabs and Fields.",
                    ", ".join(shown.tab_id.mapped("name")),
                )
            )
