from odoo import api, models


class ProductComboItem(models.Model):
    """A choice of a combo, by the name of its product: people make it on the line of an opportunity."""

    _inherit = "product.combo.item"

    @api.depends("product_id.display_name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.product_id.display_name
