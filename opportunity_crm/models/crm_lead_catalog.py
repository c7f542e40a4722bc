from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """The catalogue of Odoo's sales, from which several products are put on an opportunity at once."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "product.catalog.mixin"]

    def _get_action_add_from_catalog_extra_context(self):
        price = self.env["opportunity.line"]._fields["price_unit"]
        return {
            **super()._get_action_add_from_catalog_extra_context(),
            "order_id": self.id,
            "child_field": "line_ids",
            "product_catalog_currency_id": self.offer_currency_id.id,
            "product_catalog_digits": price.get_digits(self.env),
            "precision": self.env["decimal.precision"].precision_get("Product Unit"),
        }

    def _get_product_catalog_domain(self):
        """Show the products that are offered on the opportunity, combos among them: their choices are made on it."""
        return Domain(self.env["product.template"]._get_domain_offered(self.template_id, self._get_offer_company()))

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        line = self.env["opportunity.line"].new({"lead_id": self.id})
        prices = line._price([(line, product, product.uom_id, 1.0) for product in products])
        for product, price in zip(products, prices, strict=True):
            data[product.id]["price"] = price
        return data

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        lines = self.line_ids.filtered(lambda line: line.product_id.id in product_ids)
        return lines.grouped("product_id")

    def _get_parent_field_on_child_model(self):
        return "lead_id"

    def _is_readonly(self):
        return not self.has_access("write")

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        """Put a product on the opportunity, change its quantity or, with none, take it off.

        :return: the price of one unit, after the discount
        """
        self.check_access("write")
        line = self.line_ids.filtered(lambda line: line.product_id.id == product_id)
        if len(line) > 1:
            raise UserError(
                self.env._("There are several lines of “%s” on this opportunity. Change them there.", line[0].name)
            )
        if quantity > 0 and line:
            line.quantity = quantity
        elif quantity > 0:
            sequence = max(self.line_ids.mapped("sequence"), default=0) + 1
            values = {"lead_id": self.id, "product_id": product_id, "quantity": quantity, "sequence": sequence}
            line = line.create(values)
        else:
            line.unlink()
            product = self.env["product.product"].browse(product_id)
            return self._get_product_catalog_order_data(product)[product_id]["price"]
        return line._get_offered_price()
