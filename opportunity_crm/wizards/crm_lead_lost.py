from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """Odoo's dialog for losing opportunities: it asks for the reason where their template requires one, and offers to
    cancel their open quotations."""

    _inherit = "crm.lead.lost"

    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")
    quotation_ids = fields.Many2many("sale.order", string="Open Quotations", compute="_compute_quotation_ids")
    cancel_quotations = fields.Boolean(
        string="Cancel the Open Quotations",
        help="Otherwise the customer can still sign or pay them. Renewals of earlier orders are left alone.",
    )

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        for wizard in self:
            wizard.is_reason_required = any(wizard.lead_ids.template_id.mapped("require_loss_reason"))

    @api.depends("lead_ids")
    def _compute_quotation_ids(self):
        for wizard in self:
            wizard.quotation_ids = wizard.lead_ids._get_open_quotations()

    def action_lost_reason_apply(self):
        res = super().action_lost_reason_apply()
        if self.cancel_quotations:
            self.lead_ids._get_open_quotations().action_cancel()
        return res
