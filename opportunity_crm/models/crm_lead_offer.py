from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """The terms on which an opportunity is offered: company, pricelist, currency, day, fiscal position, language."""

    _inherit = "crm.lead"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        inverse="_inverse_pricelist_id",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Where the list prices come from: the customer's pricelist when the first product was added, unless you"
        " choose another one.",
    )
    offer_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Offer",
        compute="_compute_offer_currency_id",
        help="The currency of the pricelist; the company's where there is none.",
    )
    offer_date = fields.Date(
        string="Prices Of",
        inverse="_inverse_offer_date",
        help="The day whose prices and currency rates are offered. Leave empty for those of the day on which a product"
        " is priced.",
    )

    @api.depends("pricelist_id", "partner_id", "company_id", "line_ids.currency_id")
    def _compute_offer_currency_id(self):
        pricelists = self._get_offer_pricelists()
        for lead in self:
            chosen = lead.pricelist_id.currency_id or lead.line_ids.currency_id[:1]
            company = lead._get_offer_company()
            lead.offer_currency_id = chosen or pricelists[lead].currency_id or company.currency_id

    @api.onchange("partner_id")
    def _onchange_partner_offer(self):
        """Offer another customer the prices of their own pricelist."""
        if self.line_ids:
            self.pricelist_id = self.with_company(self._get_offer_company()).partner_id.property_product_pricelist

    def _inverse_pricelist_id(self):
        """Price the lines anew that another pricelist has priced."""
        pricelists = self._get_offer_pricelists()
        moved = self.line_ids.filtered(lambda line: line.pricelist_id != pricelists[line.lead_id])
        moved._change_pricelist()
        moved._update_list_prices()
        moved._check_prices()

    def _inverse_offer_date(self):
        """Price the lines anew when the day of the offer changes."""
        self.action_update_prices()

    def action_update_prices(self):
        """Read the list prices of all products anew, of today unless the opportunity says which day's.

        Special prices, discounts and bundles stay as they were offered.
        """
        self.check_access("write")
        self.line_ids._update_list_prices()
        self.line_ids._check_prices()

    def _get_offer_company(self):
        return self.company_id or self.env.company

    def _get_offer_lang(self):
        return self.partner_id.lang or self.env.lang

    def _get_offer_moment(self):
        """Return the moment (UTC) whose prices and currency rates are offered."""
        return datetime.combine(self.offer_date, time.min) if self.offer_date else self.env.cr.now()

    def _get_offer_pricelists(self):
        """Return ``{lead: pricelist}``: the one chosen, or the customer's in the company of the opportunity."""
        pricelists = {}
        for company, leads in self.grouped(lambda lead: lead._get_offer_company()).items():
            for lead in leads.with_company(company):
                pricelists[lead] = lead.pricelist_id or lead.partner_id.property_product_pricelist
        return pricelists

    def _get_fiscal_positions(self):
        """Return ``{lead: fiscal position}``, as a quotation to the customer would have it."""
        positions = {}
        for company, leads in self.grouped(lambda lead: lead._get_offer_company()).items():
            found = leads.partner_id.with_company(company)._get_offer_fiscal_positions()
            positions |= {lead: found.get(lead.partner_id._origin.id) for lead in leads}
        return {lead: position or self.env["account.fiscal.position"] for lead, position in positions.items()}

    def _convert_to_offer(self, amount, currency, to_currency):
        """Convert an amount for an offer, at the rate of its day, unrounded.

        :raises UserError: where neither currency has a rate, which Odoo would take for one to one
        """
        if currency == to_currency or not amount:
            return amount
        company = self._get_offer_company()
        self._check_rate(currency, to_currency, company)
        return currency._convert(amount, to_currency, company, self._get_offer_moment(), round=False)

    @api.model
    def _check_rate(self, currency, to_currency, company):
        """Refuse to convert between currencies of which neither has a rate: Odoo would do so one to one."""
        if currency != to_currency and not any((currency | to_currency).with_company(company).mapped("has_rate")):
            raise UserError(
                self.env._(
                    "There is no exchange rate between %(from)s and %(to)s for %(company)s. Ask an accountant to enter"
                    " one under Accounting › Currencies, or choose a pricelist in %(to)s.",
                    **{"from": currency.name, "to": to_currency.name, "company": company.name},
                )
            )
