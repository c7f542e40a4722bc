from odoo import fields, models


class OpportunityLinePart(models.Model):
    """A product inside a line that is sold for one price: of a bundle, or chosen in a combo.

    Parts are copies made when the line was: the server writes them, and what the bundle becomes later changes none.
    """

    _name = "opportunity.line.part"
    _description = "Part of an Opportunity Line"
    _order = "line_id, sequence, id"

    line_id = fields.Many2one("opportunity.line", required=True, readonly=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="restrict")
    combo_item_id = fields.Many2one("product.combo.item", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Text(string="Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In one bundle.")
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="line_id.currency_id")
    list_price = fields.Float(
        min_display_digits="Product Price",
        readonly=True,
        help="What one unit costs by itself: the measure by which the price of the line is spread over its parts.",
    )
