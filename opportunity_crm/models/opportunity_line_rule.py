from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare


class OpportunityLine(models.Model):
    """What may be put on an opportunity, and at which price."""

    _inherit = "opportunity.line"

    def _fix_offer(self):
        """Keep the pricelist by which the first product of an opportunity was priced."""
        for pricelist, lines in self.filtered(lambda line: not line.lead_id.pricelist_id).grouped("pricelist_id").items():
            if pricelist:
                lines.lead_id.pricelist_id = pricelist

    def _check_offered(self):
        """Refuse products and bundles that are not offered on their opportunity, and incomplete combos."""
        for (template, company), lines in self._group_by_offer().items():
            # as the company, on which the flag of a product depends; archived ones are found, and refused by the domain
            products = lines.product_id.with_company(company)
            refused = products - products.filtered_domain(products.product_tmpl_id._get_domain_offered(template, company))
            if refused:
                raise ValidationError(lines._explain_refused_products(refused))
            for line in lines.filtered("bundle_id"):
                line._check_bundle_offered(company)
        self._check_combo_choices()

    def _group_by_offer(self):
        return self.filtered(lambda line: not line.display_type).grouped(
            lambda line: (line.lead_id.template_id, line.company_id)
        )

    def _explain_refused_products(self, products):
        return self.env._(
            "These products are not offered on “%(opportunity)s”: %(products)s. Choose others, or ask a sales manager to"
            " offer them under CRM › Configuration › Opportunity Products.",
            opportunity=self.filtered(lambda line: line.product_id in products)[:1].lead_id.name,
            products=", ".join(products.mapped("display_name")),
        )

    def _check_bundle_offered(self, company):
        bundle, day = self.bundle_id, self.lead_id._get_offer_moment().date()
        if bundle.filtered_domain(bundle._get_domain_offered(day, company)):
            return
        if bundle.date_end and bundle.date_end < day:
            raise ValidationError(
                self.env._(
                    "The bundle “%(bundle)s” was offered until %(date)s. Choose another one, or ask a sales manager to"
                    " extend it.",
                    bundle=bundle.name,
                    date=bundle.date_end,
                )
            )
        raise ValidationError(
            self.env._(
                "The bundle “%s” is not offered: it is archived, not valid yet, or of another company. Choose another"
                " one.",
                bundle.name,
            )
        )

    def _check_combo_choices(self):
        for line in self.filtered(lambda line: line.product_id.type == "combo"):
            # sudo: a salesperson sells combos without reading their definition
            line = line.sudo()
            if line.combo_item_ids.combo_id != line.product_id.combo_ids or len(line.combo_item_ids) != len(
                line.product_id.combo_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Choose one product for each of these choices of “%(combo)s”: %(choices)s.",
                        combo=line.product_id.name,
                        choices=", ".join(line.product_id.combo_ids.mapped("name")),
                    )
                )

    def _check_prices(self):
        """Refuse negative prices, and those below what salespeople may offer to whoever is no sales manager."""
        priced = self.filtered(lambda line: not line.display_type)
        for line in priced:
            if not 0 <= line.discount <= 100 or line.price_unit < 0 or line.setup_fee < 0:
                raise ValidationError(
                    self.env._(
                        "The price of “%s” cannot be negative, and its discount is between 0 and 100 %%.",
                        line._get_short_name(),
                    )
                )
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            for line in priced:
                line._check_discount_limit()

    def _check_discount_limit(self):
        limit = self.company_id.opportunity_discount_limit
        least = (1 - limit / 100) * self.list_price
        if self._is_below(self.price_unit * (1 - self.discount / 100), least):
            raise UserError(
                self.env._(
                    "“%(product)s” costs %(list_price)s, and salespeople may go down to %(least)s (%(limit)g %%). Raise"
                    " the price, or ask a sales manager to grant it.",
                    product=self._get_short_name(),
                    list_price=self.currency_id.format(self.list_price),
                    least=self.currency_id.format(least),
                    limit=limit,
                )
            )
        least_fee = (1 - limit / 100) * self.setup_list_fee
        if self._is_below(self.setup_fee, least_fee):
            raise UserError(
                self.env._(
                    "The set-up fee of “%(product)s” is %(list_price)s, and salespeople may go down to %(least)s"
                    " (%(limit)g %%). Raise it, or ask a sales manager to grant it.",
                    product=self._get_short_name(),
                    list_price=self.currency_id.format(self.setup_list_fee),
                    least=self.currency_id.format(least_fee),
                    limit=limit,
                )
            )

    def _is_below(self, price, least):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_compare(price, least, precision_digits=max(digits, self.currency_id.decimal_places)) < 0

    def _get_short_name(self):
        return (self.bundle_id or self.product_id).display_name or self.name
