from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class OpportunityLine(models.Model):
    """What may be put on an opportunity, and at which price."""

    _inherit = "opportunity.line"

    def _fix_offer(self):
        """Keep the pricelist by which the first product of an opportunity was priced."""
        unfixed = self.filtered(lambda line: line.pricelist_id and not line.lead_id.pricelist_id)
        for pricelist, lines in unfixed.grouped("pricelist_id").items():
            lines.lead_id.pricelist_id = pricelist

    def _check_offered(self):
        """Refuse products and bundles that are not offered on their opportunity, and incomplete combos."""
        refused = self._filter_not_offered()
        bundles = refused.filtered("bundle_id")
        if bundles:
            raise ValidationError(bundles[0]._explain_refused_bundle())
        if refused:
            raise ValidationError(
                self.env._(
                    "These products are not offered on “%(opportunity)s”: %(products)s. Choose others, or ask a sales"
                    " manager to offer them under CRM › Configuration › Opportunity Products.",
                    opportunity=refused[0].lead_id.name,
                    products=", ".join(refused.product_id.mapped("display_name")),
                )
            )
        self._check_combo_choices()

    def _filter_not_offered(self):
        """Return the lines whose product or bundle cannot be put on their opportunity now."""
        refused = self.browse()
        for (template, company, day), lines in self._group_by_offer().items():
            # as the company, on which the flag of a product depends
            products = lines.product_id.with_company(company)
            domain = self.env["product.template"].with_company(company)._get_domain_offered(template, company)
            unoffered = products - products.filtered_domain(domain)
            bundles = lines.bundle_id
            expired = bundles - bundles.filtered_domain(bundles._get_domain_offered(day, company))
            refused |= lines.filtered(
                lambda line, products=unoffered, bundles=expired: (
                    line.product_id in products or line.bundle_id in bundles
                )
            )
        return refused

    def _group_by_offer(self):
        return self.filtered(lambda line: not line.display_type).grouped(
            lambda line: (line.lead_id.template_id, line.company_id, line.lead_id._get_offer_moment().date())
        )

    def _explain_refused_bundle(self):
        bundle, day = self.bundle_id, self.lead_id._get_offer_moment().date()
        if bundle.date_end and bundle.date_end < day:
            return self.env._(
                "The bundle “%(bundle)s” was offered until %(date)s. Choose another one, or ask a sales manager to"
                " extend it.",
                bundle=bundle.name,
                date=format_date(self.env, bundle.date_end),
            )
        if bundle.date_start and bundle.date_start > day:
            return self.env._(
                "The bundle “%(bundle)s” is offered from %(date)s on. Choose another one.",
                bundle=bundle.name,
                date=format_date(self.env, bundle.date_start),
            )
        return self.env._(
            "The bundle “%s” is not offered: it is archived, or of another company. Choose another one.", bundle.name
        )

    def _check_combo_choices(self):
        for line in self.filtered(lambda line: line.product_id.type == "combo"):
            choices, items = line.product_id.combo_ids, line.combo_item_ids
            if items.combo_id != choices or len(items) != len(choices):
                raise ValidationError(
                    self.env._(
                        "Choose one product for each of these choices of “%(combo)s”: %(choices)s.",
                        combo=line.product_id.name,
                        choices=", ".join(choices.mapped("name")),
                    )
                )

    def _check_prices(self):
        """Refuse negative prices, and those below what salespeople may offer to whoever is no sales manager."""
        priced = self.filtered(lambda line: not line.display_type)
        for line in priced:
            if not 0 <= line.discount <= 100 or line.price_unit < min(line.list_price, 0) or line.setup_fee < 0:
                raise ValidationError(
                    self.env._(
                        "The price of “%s” cannot be negative, and its discount must be between 0 and 100 %%.",
                        line._get_short_name(),
                    )
                )
        if not self.env.su and not self._is_free_to_grant():
            for line in priced:
                line._check_discount_limit()

    def _is_free_to_grant(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    def _check_discount_limit(self):
        name = self._get_short_name()
        if self._is_below_limit(self._get_offered_price(), self.list_price):
            raise UserError(self._explain_limit(name, self.list_price))
        if self._is_below_limit(self.setup_fee, self.setup_list_fee):
            raise UserError(self._explain_limit(self.env._("%s: set-up fee", name), self.setup_list_fee))

    def _is_below_limit(self, price, list_price):
        """Is a price lower than what salespeople may offer against a list price?"""
        least = self._get_least_price(list_price)
        rounding = min(self.currency_id.rounding / 2, least / 1000)  # converted prices are rounded; tiny ones count too
        return price < least - rounding

    def _get_least_price(self, list_price):
        return list_price * (1 - self.company_id.opportunity_discount_limit / 100)

    def _explain_limit(self, name, list_price):
        return self.env._(
            "“%(product)s” has a list price of %(list_price)s. Salespeople may go down to %(least)s (%(limit)g %%)."
            " Raise the price, or ask a sales manager to grant it.",
            product=name,
            list_price=self.currency_id.format(list_price),
            least=self.currency_id.format(self._get_least_price(list_price)),
            limit=self.company_id.opportunity_discount_limit,
        )

    def _get_short_name(self):
        return (self.bundle_id or self.product_id).display_name or self.name or ""
