from odoo import api, fields, models


class OpportunityBundleLine(models.Model):
    """A product in a subscription bundle, with its quantity in one bundle."""

    _name = "opportunity.bundle.line"
    _description = "Product of a Subscription Bundle"
    _order = "bundle_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    bundle_id = fields.Many2one("opportunity.bundle", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="bundle_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")

    _check_quantity = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of each product of a bundle must be above zero."
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids
