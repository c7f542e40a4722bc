from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityOrderUpdate(models.TransientModel):
    """What an update of an open quotation from its opportunity changes, before it is changed."""

    _name = "opportunity.order.update"
    _description = "Update a Quotation"

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    is_sent = fields.Boolean(compute="_compute_is_sent")
    line_ids = fields.One2many("opportunity.order.update.line", "wizard_id", string="Differences", readonly=True)

    @api.depends("order_id.state")
    def _compute_is_sent(self):
        for wizard in self:
            wizard.is_sent = wizard.order_id.state == "sent"

    def action_update(self):
        """Change the quotation as shown, and open it; refused when something else would be changed by now."""
        self.ensure_one()
        self.lead_id._lock_orders()
        values = self.lead_id._prepare_order_values()
        differences = self.order_id._compare_offer(values)
        shown = [line._get_shown() for line in self.line_ids]
        if [difference.shown for difference in differences] != shown:
            raise UserError(
                self.env._("The quotation or the opportunity has changed meanwhile. Close this, and look again.")
            )
        self.order_id._follow_offer(values)
        return self.lead_id._open_orders(self.order_id)


class OpportunityOrderUpdateLine(models.TransientModel):
    """One difference between a quotation and its opportunity, in words."""

    _name = "opportunity.order.update.line"
    _description = "Difference of a Quotation"

    wizard_id = fields.Many2one("opportunity.order.update", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(
        [("added", "Added"), ("removed", "Removed"), ("changed", "Changed"), ("ordered", "Rearranged")],
        string="Change",
        readonly=True,
    )
    name = fields.Char(string="What", readonly=True)
    before = fields.Text(string="On the Quotation", readonly=True)
    after = fields.Text(string="On the Opportunity", readonly=True)

    def _get_shown(self):
        return self.kind, self.name or "", self.before or "", self.after or ""
