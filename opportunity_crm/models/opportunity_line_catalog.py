from odoo import api, models


class OpportunityLine(models.Model):
    """A line in the catalogue of products."""

    _inherit = "opportunity.line"

    @api.readonly
    def action_add_from_catalog(self):
        """Open the catalogue for the opportunity whose id is ``order_id`` in the context, as Odoo's catalogue wants."""
        return self.env["crm.lead"].browse(self.env.context.get("order_id")).action_add_from_catalog()

    def _get_product_catalog_lines_data(self, **kwargs):
        """Return quantity and price of the lines of one product; several are not changed in the catalogue."""
        several = len(self) > 1
        return {
            "quantity": sum(line._get_quantity_in_product_uom() for line in self) if several else self.quantity,
            "price": self[:1]._get_offered_price(),
            "readOnly": several or self.lead_id._is_readonly(),
            "uomDisplayName": (self.product_id.uom_id if several else self.product_uom_id).display_name,
        }

    def _get_quantity_in_product_uom(self):
        return self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id)

    def _get_offered_price(self):
        """Return the price of one unit after the discount."""
        return self.price_unit * (1 - self.discount / 100)
