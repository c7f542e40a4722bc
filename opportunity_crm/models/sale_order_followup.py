from odoo import models


class SaleOrder(models.Model):
    """A confirmed order is a goal of the sequences of its opportunity."""

    _inherit = "sale.order"

    def _action_confirm(self):
        res = super()._action_confirm()
        self.opportunity_id._reach_goal("order")
        return res
