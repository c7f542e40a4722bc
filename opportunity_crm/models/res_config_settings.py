from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    buy_link_days = fields.Integer(related="company_id.buy_link_days", readonly=False)
