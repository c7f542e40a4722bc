from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    """What the customer of an opportunity is interested in, and what it comes to.

    While ``is_amount_manual`` is off, an opportunity with products has their amounts: what is due once as expected
    revenue, what is due for every period as recurring revenue, in the currency of the company and without taxes.
    Amounts that are written otherwise give way to them, as in other systems with products on opportunities.
    """

    _inherit = "crm.lead"

    line_ids = fields.One2many("opportunity.line", "lead_id", string="Products", copy=True)
    is_amount_manual = fields.Boolean(
        string="Manual Amounts",
        help="The expected and recurring revenue stay as you enter them, whatever the products come to.",
    )
    is_amount_from_lines = fields.Boolean(compute="_compute_is_amount_from_lines")
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue", inverse="_inverse_amounts", store=True, readonly=False
    )
    recurring_revenue = fields.Monetary(
        compute="_compute_recurring_revenue", inverse="_inverse_amounts", store=True, readonly=False
    )
    recurring_plan = fields.Many2one(
        compute="_compute_recurring_revenue",
        inverse="_inverse_amounts",
        store=True,
        readonly=False,
        # given, so that nothing is computed for new opportunities
        default=lambda self: False,
    )
    revenue_low = fields.Monetary(
        string="Low Estimate", currency_field="company_currency", help="What you expect to sell at least."
    )
    revenue_high = fields.Monetary(
        string="High Estimate", currency_field="company_currency", help="What you expect to sell at most."
    )

    @api.depends("is_amount_manual", "line_ids.display_type")
    def _compute_is_amount_from_lines(self):
        for lead in self:
            lead.is_amount_from_lines = not lead.is_amount_manual and bool(lead._get_priced_lines())

    def _get_priced_lines(self):
        """Return the lines, in a list, that are no sections or notes."""
        # a list: a recordset made of them would lose the prefetching over the lines of many opportunities
        return [line for line in self.line_ids if not line.display_type]

    @api.depends("line_ids.price_subtotal", "line_ids.setup_subtotal", "line_ids.recurring_plan_id", "is_amount_manual")
    def _compute_expected_revenue(self):
        for lead in self:
            if lead.is_amount_from_lines:
                lead.expected_revenue = sum(line._get_amount_once() for line in lead.line_ids)
            else:
                lead.expected_revenue = lead.expected_revenue

    @api.depends(
        "line_ids.price_subtotal", "line_ids.recurring_plan_id.number_of_months", "is_amount_manual", "company_id"
    )
    def _compute_recurring_revenue(self):
        """Add up what is due for every period: in the plan of the lines, or by the month where they have several."""
        monthly = None
        for lead in self:
            if not lead.is_amount_from_lines:
                lead.recurring_revenue, lead.recurring_plan = lead.recurring_revenue, lead.recurring_plan
                continue
            plan = lead.line_ids.recurring_plan_id
            if len(plan) > 1:
                monthly = monthly or self._get_monthly_plan()
                plan = monthly or plan.sorted("number_of_months")[:1]
            amount = sum(line._get_amount_a_month() for line in lead.line_ids)
            lead.recurring_plan = plan
            lead.recurring_revenue = lead.company_currency.round(amount * (plan.number_of_months or 1))

    @api.model
    def _get_monthly_plan(self):
        return self.env["crm.recurring.plan"].search([("number_of_months", "=", 1)], limit=1)

    def _inverse_amounts(self):
        """Give way to the amounts of the products, where these are followed."""
        following = self.filtered("is_amount_from_lines")
        amounts = ("expected_revenue", "recurring_revenue", "recurring_plan")
        for name in amounts:
            self.env.add_to_compute(self._fields[name], following)
        following.modified(amounts)

    @api.constrains("revenue_low", "revenue_high")
    def _check_estimates(self):
        for lead in self:
            if min(lead.revenue_low, lead.revenue_high) < 0:
                raise ValidationError(self.env._("The estimates of “%s” cannot be negative.", lead.name))
            if lead.revenue_high and lead.revenue_low > lead.revenue_high:
                raise ValidationError(
                    self.env._("The low estimate of “%s” is above its high estimate. Swap them.", lead.name)
                )

    @api.constrains("company_id")
    def _check_line_companies(self):
        self.line_ids._check_company()

    def _update_revenues_from_so(self, order):
        """An order changes no amounts that follow the products."""
        return super(CrmLead, self.filtered(lambda lead: not lead.is_amount_from_lines))._update_revenues_from_so(order)
