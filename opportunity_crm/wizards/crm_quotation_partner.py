from odoo import models


class CrmQuotationPartner(models.TransientModel):
    """Odoo's dialog that asks for the customer of a quotation: it goes on to the order of the opportunity's products
    where that was wanted."""

    _inherit = "crm.quotation.partner"

    def action_apply(self):
        action = super().action_apply()
        if self.env.context.get("opportunity_creates_order"):
            return self.lead_id.action_create_order()
        return action
