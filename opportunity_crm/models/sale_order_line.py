from odoo import fields, models


class SaleOrderLine(models.Model):
    """A line of an order that comes from a line of an opportunity, with the terms on which it was offered."""

    _inherit = "sale.order.line"

    opportunity_line_id = fields.Many2one(
        "opportunity.line", copy=False, index="btree_not_null", ondelete="set null", readonly=True
    )
    is_offered = fields.Boolean(
        string="From the Opportunity",
        copy=False,
        readonly=True,
        help="The line was made from a product of the opportunity, and follows it when the quotation is updated.",
    )
    bundle_id = fields.Many2one("opportunity.bundle", index="btree_not_null", ondelete="set null", readonly=True)
    recurring_plan_id = fields.Many2one(
        "crm.recurring.plan",
        ondelete="restrict",
        readonly=True,
        help="The price is due for every period of this plan: an order is prepared for each of those that follow.",
    )
    trial_days = fields.Integer(string="Trial (Days)", readonly=True, help="Free days before the first paid period.")
    term_months = fields.Integer(
        string="Term (Months)", readonly=True, help="No period starts after so many months. Zero: until it is stopped."
    )
    recurring_discount = fields.Float(
        string="Discount after the Trial (%)",
        digits="Discount",
        readonly=True,
        help="The trial is ordered free of charge; the periods after it have this discount.",
    )

    def _compute_analytic_distribution(self):
        """Ask once whether there is any distribution to apply, where Odoo searches for each line."""
        distributions = self.env["account.analytic.distribution.model"]
        if len(self) > 1 and not distributions.search_count([], limit=1):
            for line in self:
                line.analytic_distribution = line.analytic_distribution
            return None
        return super()._compute_analytic_distribution()
