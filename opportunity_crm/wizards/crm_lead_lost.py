from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """Odoo's dialog for losing opportunities: it asks for the reason where their template requires one."""

    _inherit = "crm.lead.lost"

    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        for wizard in self:
            wizard.is_reason_required = any(wizard.lead_ids.template_id.mapped("require_loss_reason"))
