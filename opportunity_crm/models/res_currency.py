from odoo import api, fields, models


class ResCurrency(models.Model):
    """Whether anybody entered exchange rates: Odoo converts one to one where nobody did."""

    _inherit = "res.currency"

    has_rate = fields.Boolean(string="Has Exchange Rates", compute="_compute_has_rate")

    @api.depends("rate_ids.rate", "rate_ids.company_id")
    @api.depends_context("company")
    def _compute_has_rate(self):
        # sudo: rates are those of the main company, which the user may not belong to; nothing of them is told
        rates = self.env["res.currency.rate"].sudo()
        domain = [("currency_id", "in", self.ids), ("company_id", "in", [False, self.env.company.root_id.id])]
        rated = {currency.id for (currency,) in rates._read_group(domain, ["currency_id"])}
        for currency in self:
            currency.has_rate = currency.id in rated
