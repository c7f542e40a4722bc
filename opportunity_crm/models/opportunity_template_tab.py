from odoo import api, models
from odoo.exceptions import UserError


class OpportunityTemplate(models.Model):
    """Templates and the custom tabs that only their opportunities show."""

    _inherit = "opportunity.template"

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        self.env.registry.clear_cache("templates")  # the views name the revisions that show a tab
        return templates

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_tabs(self):
        # sudo: a tab that the user cannot see would be shown everywhere without its template; only its label is told
        tabs = self.env["opportunity.tab"].sudo().with_context(active_test=False)
        if shown := tabs.search([("family_ids", "in", self.ids)]):
            raise UserError(
                self.env._(
                    "These tabs are shown for the templates only: %s. Choose other templates for them first.",
                    ", ".join(shown.mapped("name")),
                )
            )
