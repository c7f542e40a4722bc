from odoo import api, fields, models


class OpportunityLine(models.Model):
    """What a line costs: its list price, the price offered, taxes and amounts."""

    _inherit = "opportunity.line"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_pricelist_id",
        store=True,
        ondelete="set null",
        help="Where the list price comes from; empty where the company uses no pricelists.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_pricelist_id", store=True, ondelete="restrict")
    list_price = fields.Float(
        compute="_compute_list_price",
        store=True,
        min_display_digits="Product Price",
        help="What the customer's pricelist says for one unit.",
    )
    price_unit = fields.Float(
        string="Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        min_display_digits="Product Price",
        help="What is offered for one unit, before the discount. It follows the list price until you set a special"
        " price.",
    )
    is_price_special = fields.Boolean(string="Special Price", help="Somebody offered another price than the list's.")
    discount = fields.Float(string="Discount (%)", digits="Discount")
    price_difference = fields.Float(
        string="Difference",
        compute="_compute_price_difference",
        min_display_digits="Product Price",
        help="What one unit is offered for, after the discount, against its list price.",
    )
    granted_discount = fields.Float(
        string="Granted (%)",
        compute="_compute_price_difference",
        digits="Discount",
        help="Special price and discount together, in percent of the list price.",
    )

    @api.depends("lead_id")
    def _compute_pricelist_id(self):
        pricelists = self.lead_id._get_offer_pricelists()
        for line in self:
            line.pricelist_id = pricelists.get(line.lead_id)
            line.currency_id = line.pricelist_id.currency_id or line.lead_id._get_offer_company().currency_id

    @api.depends("product_id", "product_uom_id", "quantity", "combo_item_ids", "bundle_price")
    def _compute_list_price(self):
        products = self.filtered("product_id")
        wanted = [(line, line.product_id, line.product_uom_id, line.quantity) for line in products]
        prices = dict(zip(products, self._price(wanted), strict=True))
        for line in self:
            line.list_price = prices[line] + line._get_combo_extra() if line.product_id else line.bundle_price

    @api.model
    def _price(self, wanted):
        """Return what pricelists say for one unit, tax included where the customer's taxes are.

        :param list wanted: line, ``product.product``, ``uom.uom`` and quantity of each product
        """
        prices = {}
        for terms, items in self._group_by_terms(wanted).items():
            prices.update(self._price_on_terms(terms, items))
        return [prices[number] for number in range(len(wanted))]

    @api.model
    def _group_by_terms(self, wanted):
        groups = {}
        for number, (line, *product) in enumerate(wanted):
            terms = (line.company_id, line.pricelist_id, line.currency_id, line.lead_id._get_offer_moment())
            groups.setdefault(terms, []).append((number, line, *product))
        return groups

    @api.model
    def _price_on_terms(self, terms, items):
        """Price products that are sold on the same terms, with one search for the rules of the pricelist."""
        company, pricelist, currency, moment = terms
        # as the company, whose costs and taxes count
        pricelist = pricelist.with_company(company)
        products = self.env["product.product"].concat(*(product for _number, _line, product, _uom, _quantity in items))
        rules = pricelist._get_applicable_rules(products, moment)
        positions = self.concat(*(line for _number, line, *_product in items)).lead_id._get_fiscal_positions()
        for number, line, product, uom, quantity in items:
            product = product.with_company(company)
            in_own_uom = uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False) if uom else quantity
            rule = next((rule for rule in rules if rule._is_applicable_for(product, in_own_uom)), rules.browse())
            if rule.compute_price != "fixed":
                line.lead_id._check_rate(product.currency_id, currency, company)
            price = rule.with_company(company)._compute_price(
                product, quantity, uom or product.uom_id, date=moment, currency=currency
            )
            taxes = product.taxes_id._filter_taxes_by_company(company)
            yield (
                number,
                product._get_tax_included_unit_price_from_price(
                    price, product_taxes=taxes, fiscal_position=positions[line.lead_id]
                ),
            )

    @api.depends("list_price")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.price_unit if line.is_price_special else line.list_price

    @api.onchange("price_unit")
    def _onchange_price_unit(self):
        self._mark_special_prices()

    def _mark_special_prices(self):
        """Remember which prices are not the list's: these no longer follow it."""
        for line in self:
            currency = line.currency_id or self.env.company.currency_id
            line.is_price_special = bool(currency.compare_amounts(line.price_unit, line.list_price))

    @api.onchange("product_id", "bundle_id")
    def _onchange_content(self):
        self.is_price_special = False
        self.price_unit = self.list_price

    def _forget_special_prices(self):
        """Go back to the list price: the special price was one for another product."""
        special = self.filtered("is_price_special")
        special.is_price_special = False
        self.env.add_to_compute(self._fields["price_unit"], special)
        special.modified(["price_unit"])

    @api.depends("price_unit", "discount", "list_price")
    def _compute_price_difference(self):
        for line in self:
            line.price_difference = line._get_offered_price() - line.list_price
            line.granted_discount = -100 * line.price_difference / line.list_price if line.list_price else 0

    def _update_list_prices(self):
        """Read the list prices anew; those of bundles stay as they were when the bundle was chosen."""
        products = self.filtered("product_id")
        self.env.add_to_compute(self._fields["list_price"], products)
        products.modified(["list_price"])

    def _change_pricelist(self):
        """Move lines to the pricelist that their opportunity has now; special prices and bundles are converted."""
        pricelists = self.lead_id._get_offer_pricelists()
        for line in self:
            pricelist = pricelists[line.lead_id]
            currency = pricelist.currency_id or line.lead_id._get_offer_company().currency_id
            converted = line._prepare_converted_prices(currency)
            line._write_server_values({"pricelist_id": pricelist.id, "currency_id": currency.id, **converted})

    def _prepare_converted_prices(self, currency):
        names = ["bundle_price", "setup_list_fee", "setup_fee"]
        if self.is_price_special or self.bundle_id:
            names.append("price_unit")
        return {
            name: currency.round(self.lead_id._convert_to_offer(self[name], self.currency_id, currency))
            for name in names
            if self[name] and currency != self.currency_id
        }

    def _get_amount_once(self):
        """Return what is due once, without taxes, in the currency of the opportunity's company."""
        amount = self.setup_subtotal + (0 if self.recurring_plan_id else self.price_subtotal)
        return self._convert_to_company(amount)

    def _get_amount_a_month(self):
        """Return what a recurring line comes to in a month, without taxes, unrounded, in the company's currency."""
        if not self.recurring_plan_id:
            return 0
        return self._convert_to_company(self.price_subtotal) / (self.recurring_plan_id.number_of_months or 1)

    def _convert_to_company(self, amount):
        lead = self.lead_id
        return lead._convert_to_offer(amount, self.currency_id, lead.company_currency)
