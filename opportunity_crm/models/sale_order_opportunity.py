from odoo import api, fields, models


class SaleOrder(models.Model):
    """The opportunity of an order: its template and where it stands, for those who may see it."""

    _inherit = "sale.order"

    opportunity_template_id = fields.Many2one("opportunity.template", compute="_compute_opportunity_standing")
    opportunity_stage_id = fields.Many2one("crm.stage", compute="_compute_opportunity_standing")

    @api.depends("opportunity_id.template_id", "opportunity_id.stage_id")
    @api.depends_context("uid")
    def _compute_opportunity_standing(self):
        visible = self.opportunity_id._filtered_access("read")
        for order in self:
            lead = order.opportunity_id & visible
            order.opportunity_template_id = lead.template_id
            order.opportunity_stage_id = lead.stage_id

    def _get_newest_of_lines(self):
        """Return ``{opportunity id: order}``: among these orders, the newest quotation made from the lines of the
        opportunity, or else the newest order."""
        made = [order for order in self if order.is_from_lines and order.state in ("draft", "sent", "sale")]
        ordered = sorted(made, key=lambda order: (order.state != "sale", order.id))
        return {order.opportunity_id.id: order for order in ordered}

    def action_view_opportunity(self):
        """Open the opportunity of the order."""
        self.ensure_one()
        return self.opportunity_id.get_formview_action()
