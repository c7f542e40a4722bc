from typing import Any, NamedTuple

from odoo import api, fields, models


class Component(NamedTuple):
    """A product in a line of several products: how much of it is in one, and what one unit costs by itself."""

    product: Any
    quantity: float
    uom: Any
    list_price: float
    combo_item: Any


class OpportunityLine(models.Model):
    """The parts and terms of a line that is a bundle or a combo, as they were when it was chosen."""

    _inherit = "opportunity.line"

    bundle_price = fields.Float(
        compute="_compute_bundle_terms", store=True, help="List price of one bundle when it was chosen."
    )
    setup_list_fee = fields.Float(string="Listed Set-Up Fee", compute="_compute_bundle_terms", store=True)
    setup_product_id = fields.Many2one(
        "product.product", string="Set-Up Product", compute="_compute_bundle_terms", store=True, ondelete="restrict"
    )
    trial_days = fields.Integer(string="Trial (Days)", compute="_compute_bundle_terms", store=True)
    term_months = fields.Integer(string="Term (Months)", compute="_compute_bundle_terms", store=True)
    setup_fee = fields.Float(
        string="Set-Up Fee",
        compute="_compute_setup_fee",
        store=True,
        readonly=False,
        min_display_digits="Product Price",
        help="Due once for each bundle.",
    )

    terms = fields.Char(compute="_compute_terms", help="What is agreed besides the price.")

    @api.depends("setup_fee", "quantity", "trial_days", "term_months", "currency_id")
    def _compute_terms(self):
        for line in self:
            line.terms = " · ".join(filter(None, line._list_terms()))

    def _list_terms(self):
        yield self.setup_fee and self.env._("Set-up fee %s", self.currency_id.format(self.setup_fee))
        yield self.trial_days and self.env._("%s days free", self.trial_days)
        yield self.term_months and self.env._("for %s months", self.term_months)

    @api.depends("bundle_id")
    def _compute_bundle_terms(self):
        for line in self:
            bundle = line.bundle_id
            line.trial_days, line.term_months = bundle.trial_days, bundle.term_months
            line.setup_product_id = bundle.setup_product_id
            line.setup_list_fee = line._convert_from_bundle(bundle.setup_fee)
            line.bundle_price = line._get_bundle_price()

    @api.depends("setup_list_fee")
    def _compute_setup_fee(self):
        for line in self:
            line.setup_fee = line.setup_list_fee

    def _convert_from_bundle(self, amount):
        currency = self.currency_id or self.env.company.currency_id
        return currency.round(self.lead_id._convert_to_offer(amount, self.bundle_id.currency_id, currency))

    def _get_bundle_price(self):
        """Return what the bundle costs as it is defined now, in the currency of the line."""
        bundle = self.bundle_id
        if bundle.pricing == "parts":
            parts = sum(component.list_price * component.quantity for component in self._define_components())
            return (self.currency_id or self.env.company.currency_id).round(parts * (1 - bundle.discount / 100))
        return self._convert_from_bundle(bundle.price)

    def _get_components(self):
        """Return the products of which the line consists: the frozen ones, or those it would get when it is saved."""
        if not self.part_ids:
            return self._define_components()
        return [
            Component(part.product_id, part.quantity, part.product_uom_id, part.list_price, part.combo_item_id)
            for part in self.part_ids
        ]

    def _define_components(self):
        """Return the products of the bundle, or those chosen in the combo, as they are defined now."""
        if self.bundle_id:
            contents = [(part.product_id, part.quantity, part.product_uom_id, None) for part in self.bundle_id.line_ids]
            wanted = [(self, product, uom, quantity) for product, quantity, uom, _item in contents]
            prices = self._price(wanted)
            return [Component(*content[:3], price, None) for content, price in zip(contents, prices, strict=True)]
        return [
            Component(item.product_id, 1, item.product_id.uom_id, item.combo_id.base_price, item)
            for item in self.combo_item_ids._origin
        ]

    def _get_combo_extra(self):
        """Return what the products chosen in a combo cost above the price of the combo."""
        items = self.combo_item_ids._origin
        convert = self.lead_id._convert_to_offer
        return sum(convert(item.extra_price, item.currency_id, self.currency_id) for item in items)

    def _freeze_parts(self):
        """Keep the products of which lines consist now, whatever becomes of bundle and combo."""
        values = []
        for line in self:
            values += [line._prepare_part_values(*numbered) for numbered in enumerate(line._define_components(), 1)]
        # sudo: nobody may write parts directly; they are what the line was when somebody chose it
        self.env["opportunity.line.part"].sudo().create(values)

    def _prepare_part_values(self, number, component):
        product = component.product.with_context(lang=self.lead_id._get_offer_lang())
        return {
            "line_id": self.id,
            "sequence": number,
            "product_id": product.id,
            "combo_item_id": component.combo_item.id if component.combo_item else False,
            "name": product.get_product_multiline_description_sale(),
            "quantity": component.quantity,
            "product_uom_id": component.uom.id,
            "list_price": component.list_price,
        }

    def _spread_price(self):
        """Spread the unit price over the parts, in proportion to what they cost by themselves.

        :return: pairs of component and price of one of its units; over one bundle they come to ``price_unit``
        """
        components = self._get_components()
        weights = [component.list_price * component.quantity for component in components]
        if not sum(weights):
            weights = [1] * len(components)
        currency = self.currency_id or self.env.company.currency_id
        left, spread = self.price_unit, []
        for number, (component, weight) in enumerate(zip(components, weights, strict=True), 1):
            is_last = number == len(components)
            amount = left if is_last else currency.round(self.price_unit * weight / sum(weights))
            left -= amount
            spread.append((component, amount / component.quantity))
        return spread
