from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """What a company offers on opportunities, and how far salespeople may go."""

    _inherit = "res.config.settings"

    opportunity_discount_limit = fields.Float(related="company_id.opportunity_discount_limit", readonly=False)
    buy_link_days = fields.Integer(related="company_id.buy_link_days", readonly=False)
    opportunity_offers_all = fields.Boolean(
        string="Offer All Products",
        help="Every product that can be sold is offered on opportunities of this company, unless the product says"
        " otherwise. Untick it to choose the products one by one.",
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        defaults = self.env["ir.default"]._get_model_defaults("product.template")
        return {**values, "opportunity_offers_all": bool(defaults.get("opportunity_ok"))}

    def set_values(self):
        res = super().set_values()
        offers_all = self.opportunity_offers_all
        if offers_all != self.get_values()["opportunity_offers_all"]:
            # sudo: who sets up sales says what a company offers, without the right to set other defaults
            defaults = self.env["ir.default"].sudo()
            defaults.set("product.template", "opportunity_ok", offers_all, company_id=self.company_id.id)
        return res
