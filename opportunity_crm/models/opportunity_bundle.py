from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class OpportunityBundle(models.Model):
    """A named programme of products that is sold for one price, once or for every period of a recurring plan.

    The idea is Max Classic's subscription programme. A bundle is a definition: an opportunity that gets it keeps its
    products, price and terms as they were then.
    """

    _name = "opportunity.bundle"
    _description = "Subscription Bundle"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="Shown to the customer below the name of the bundle.")
    company_id = fields.Many2one("res.company", index=True, help="Leave empty to offer the bundle in all companies.")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    line_ids = fields.One2many("opportunity.bundle.line", "bundle_id", string="Products", copy=True)
    recurring_plan_id = fields.Many2one(
        "crm.recurring.plan",
        ondelete="restrict",
        tracking=True,
        help="How often the price is due. Leave empty for a bundle that is sold once.",
    )
    pricing = fields.Selection(
        [("fixed", "Bundle Price"), ("parts", "Sum of the Products")],
        string="Priced By",
        default="fixed",
        required=True,
        tracking=True,
        help="Bundle Price: this price, whatever the customer's pricelist says. Sum of the Products: what the pricelist"
        " says for each of them, less the discount.",
    )
    price = fields.Monetary(tracking=True, help="For one bundle and one period, without the set-up fee.")
    discount = fields.Float(string="Discount (%)", digits="Discount", tracking=True)
    setup_fee = fields.Monetary(string="Set-Up Fee", tracking=True, help="Due once for each bundle.")
    setup_product_id = fields.Many2one(
        "product.product",
        string="Set-Up Product",
        check_company=True,
        ondelete="restrict",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        help="The service under which the set-up fee is ordered: it decides about taxes and accounts.",
    )
    trial_days = fields.Integer(string="Trial (Days)", tracking=True, help="Free days before the first period.")
    term_months = fields.Integer(
        string="Term (Months)", tracking=True, help="How long the customer is bound. Zero for no term."
    )
    date_start = fields.Date(string="Valid From", tracking=True)
    date_end = fields.Date(string="Valid Until", tracking=True, help="The last day on which the bundle is offered.")

    _check_amounts = models.Constraint(
        "CHECK(price >= 0 AND setup_fee >= 0)", "The price and the set-up fee of a bundle cannot be negative."
    )
    _check_discount = models.Constraint(
        "CHECK(discount BETWEEN 0 AND 100)", "The discount of a bundle is between 0 and 100 %."
    )
    _check_terms = models.Constraint(
        "CHECK(trial_days >= 0 AND term_months >= 0)", "The trial and the term of a bundle cannot be negative."
    )
    _check_dates = models.Constraint(
        "CHECK(date_end >= date_start)", "A bundle cannot end before it starts: check its dates of validity."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for bundle in self:
            bundle.currency_id = bundle.company_id.currency_id or bundle.currency_id or self.env.company.currency_id

    @api.constrains("line_ids", "active")
    def _check_products(self):
        for bundle in self.filtered(lambda bundle: bundle.active and not bundle.line_ids):
            raise ValidationError(self.env._("Add at least one product to the bundle “%s”.", bundle.name))

    @api.constrains("setup_fee", "setup_product_id")
    def _check_setup_product(self):
        for bundle in self.filtered(lambda bundle: bundle.setup_fee and not bundle.setup_product_id):
            raise ValidationError(
                self.env._(
                    "Under which service is the set-up fee of “%s” ordered? Choose its set-up product.", bundle.name
                )
            )

    @api.constrains("company_id")
    def _check_line_companies(self):
        self.line_ids._check_company()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", bundle.name)) for bundle, vals in zip(self, vals_list, strict=True)
        ]

    @api.model
    def _get_domain_offered(self, date, company):
        """Return the domain of the bundles that are offered on a day in a company (``res.company``)."""
        started = Domain("date_start", "=", False) | Domain("date_start", "<=", date)
        not_over = Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        return started & not_over & Domain("active", "=", True) & Domain("company_id", "in", [False, *company.ids])
