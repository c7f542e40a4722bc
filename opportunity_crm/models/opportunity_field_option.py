from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .opportunity_tab import check_label


class OpportunityFieldOption(models.Model):
    """One of the options between which people choose in a custom field."""

    _name = "opportunity.field.option"
    _description = "Option of a Custom Field"
    _order = "sequence, id"

    field_id = fields.Many2one("opportunity.field", required=True, index=True, ondelete="cascade", readonly=True)
    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(
        default=True, help="An archived option is not offered any more; opportunities that have it keep it."
    )
    is_default = fields.Boolean(string="Default", help="New opportunities that show the tab start with it.")

    @api.constrains("name")
    def _check_name(self):
        for option in self:
            check_label(option, "name")

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        self.env["opportunity.tab"]._forget_tabs()
        return options

    def write(self, vals):
        if "field_id" in vals and any(option.field_id.id != vals["field_id"] for option in self):
            raise UserError(self.env._("An option stays in its field. Add it to the other one."))
        res = super().write(vals)
        self.env["opportunity.tab"]._forget_tabs()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env.context.get("opportunity_discard_values"):
            return
        for option in self:
            if count := option._count_uses():
                raise UserError(
                    self.env._(
                        "“%(option)s” was chosen (opportunities: %(count)s). Archive the option instead: it is not"
                        " offered any more, and they keep it.",
                        count=count,
                        option=option.name,
                    )
                )

    def _count_uses(self):
        """Return the number of opportunities that have chosen the option, whoever may see those."""
        if not self.field_id._has_column():
            return 0
        # sudo: an opportunity that the user cannot see has chosen it as well; only the number is told
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search_count([(self.field_id.technical_name, "in", self.ids)])

    @api.model
    def _search_display_name(self, operator, value):
        """While a file is read, look among the options of the column that is being read; others may be named alike."""
        domain = super()._search_display_name(operator, value)
        name = self.env.context.get("opportunity_option_of")
        return Domain(domain) & Domain("field_id.technical_name", "=", name) if name else domain
