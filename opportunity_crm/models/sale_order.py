from odoo import models


class SaleOrder(models.Model):
    """An order of an opportunity."""

    _inherit = "sale.order"

    def action_confirm(self):
        res = super().action_confirm()
        # sudo: whoever confirms, a customer who pays as well; where the opportunity goes, its template says
        leads = self.opportunity_id.sudo()
        leads._follow_confirmed_orders(self)
        return res
