from odoo import fields, models


class SaleOrder(models.Model):
    """An order of an opportunity."""

    _inherit = "sale.order"

    is_from_lines = fields.Boolean(
        string="Made from the Opportunity",
        copy=False,
        readonly=True,
        help="The quotation was made from the products of its opportunity, and can be updated from them.",
    )

    def action_confirm(self):
        res = super().action_confirm()
        self._start_renewals()
        first = self.filtered(lambda order: not order.renewal_of_id)
        # sudo: whoever confirms, a customer who pays as well; where the opportunity goes, its template says
        leads = first.opportunity_id.sudo()
        leads._follow_confirmed_orders(first)
        return res
