from odoo import api, fields, models


class OpportunityLine(models.Model):
    """Taxes and amounts of a line, computed as Odoo's quotations do."""

    _inherit = "opportunity.line"

    tax_ids = fields.Many2many(
        "account.tax",
        "opportunity_line_tax_rel",
        "line_id",
        "tax_id",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        check_company=True,
        context={"active_test": False, "hide_original_tax_ids": True},
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
    )
    price_subtotal = fields.Monetary(
        string="Amount", compute="_compute_amounts", store=True, help="Without taxes, for one period."
    )
    price_tax = fields.Monetary(string="Tax", compute="_compute_amounts", store=True)
    price_total = fields.Monetary(string="Tax Incl.", compute="_compute_amounts", store=True)
    setup_subtotal = fields.Monetary(
        string="Set-Up", compute="_compute_setup_amounts", store=True, help="Without taxes, due once."
    )
    setup_total = fields.Monetary(string="Set-Up Tax Incl.", compute="_compute_setup_amounts", store=True)

    @api.depends("product_id", "bundle_id", "combo_item_ids", "company_id")
    def _compute_tax_ids(self):
        """Map the taxes of the product; a line of several products has those of all of them."""
        positions, alike = self.lead_id._get_fiscal_positions(), {}
        for line in self:
            taxes = line._map_taxes(line._get_products(), positions.get(line.lead_id))
            alike.setdefault(taxes, []).append(line.id)
        for taxes, ids in alike.items():  # the lines of the same taxes at once: they are written in one query
            self.browse(ids).tax_ids = taxes

    def _get_products(self):
        if not self._is_compound():
            return self.product_id
        return self.product_id.browse().concat(*(component.product for component in self._get_components()))

    def _map_taxes(self, products, position):
        # sudo: the taxes of a product are no secret of its salespeople's; Odoo's quotation reads them likewise
        taxes = products.sudo().taxes_id._filter_taxes_by_company(self.company_id).sudo(False)
        return position.map_tax(taxes) if position else taxes

    @api.depends("quantity", "discount", "price_unit", "tax_ids", "part_ids", "currency_id", "display_type")
    def _compute_amounts(self):
        compounds = self.filtered(lambda line: line._is_compound())
        positions = compounds.lead_id._get_fiscal_positions()
        for line in self:
            base_lines = [] if line.display_type else line._prepare_base_lines(positions.get(line.lead_id))
            line.price_subtotal, line.price_total = line._sum_base_lines(base_lines)
            line.price_tax = line.price_total - line.price_subtotal

    @api.depends("setup_fee", "setup_product_id", "quantity", "currency_id")
    def _compute_setup_amounts(self):
        charged = self.filtered("setup_fee")
        positions = charged.lead_id._get_fiscal_positions()
        for line in self:
            base_lines = [line._prepare_setup_base_line(positions[line.lead_id])] if line in charged else []
            line.setup_subtotal, line.setup_total = line._sum_base_lines(base_lines)

    def _prepare_setup_base_line(self, position):
        taxes = self._map_taxes(self.setup_product_id, position)
        return self._prepare_base_line(self.setup_product_id, self.setup_fee, self.quantity, taxes)

    def _prepare_all_base_lines(self):
        """Return what the tax computation is fed with for a line and its set-up."""
        if not self._is_compound():
            return self._prepare_base_lines()
        position = self.lead_id._get_fiscal_positions()[self.lead_id]
        setup = [self._prepare_setup_base_line(position)] if self.setup_fee else []
        # a trial is free: the first order has the set-up alone
        is_free = self.trial_days and self.recurring_plan_id
        return setup if is_free else self._prepare_base_lines(position) + setup

    def _prepare_base_lines(self, position=None):
        """Return what Odoo's tax computation is fed with: the line, or each of its parts at its share of the price."""
        if not self._is_compound():
            values = {"discount": self.discount}
            return [self._prepare_base_line(self.product_id, self.price_unit, self.quantity, self.tax_ids, **values)]
        if position is None:
            position = self.lead_id._get_fiscal_positions()[self.lead_id]
        return [
            self._prepare_base_line(
                component.product,
                price,
                self.quantity * component.quantity,
                self._map_taxes(component.product, position),
                discount=self.discount,
            )
            for component, price in self._spread_price()
        ]

    def _prepare_base_line(self, product, price, quantity, taxes, **values):
        company = self.company_id or self.env.company
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            None,
            product_id=product,
            price_unit=price,
            quantity=quantity,
            tax_ids=taxes,
            partner_id=self.lead_id.partner_id,
            currency_id=self.currency_id or company.currency_id,
            rate=1.0,
            **values,
        )

    def _sum_base_lines(self, base_lines):
        """Return the sums without and with taxes."""
        company = self.company_id or self.env.company
        tax = self.env["account.tax"]
        tax._add_tax_details_in_base_lines(base_lines, company)
        tax._round_base_lines_tax_details(base_lines, company)
        details = [base_line["tax_details"] for base_line in base_lines]
        return (
            sum(detail["total_excluded_currency"] for detail in details),
            sum(detail["total_included_currency"] for detail in details),
        )
