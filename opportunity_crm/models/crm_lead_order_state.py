from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    """Where the order of an opportunity stands, and whether it still is what the opportunity says."""

    _inherit = "crm.lead"

    line_order_id = fields.Many2one(
        "sale.order",
        string="Order of the Products",
        compute="_compute_line_order_id",
        groups="sales_team.group_sale_salesman",
        help="The newest quotation made from the products of the opportunity, or else the order that it became.",
    )
    is_quotation_outdated = fields.Boolean(
        compute="_compute_is_quotation_outdated",
        groups="sales_team.group_sale_salesman",
        help="The open quotation differs from the products of the opportunity.",
    )

    @api.depends("order_ids.state", "order_ids.is_from_lines")
    def _compute_line_order_id(self):
        # those that the form counts as well; whoever computes this after the superuser sees no more than they may
        newest = self._origin.order_ids._filtered_access("read")._get_newest_of_lines()
        for lead in self:
            lead.line_order_id = newest.get(lead._origin.id)

    @api.depends("line_order_id", "line_ids", "partner_id", "pricelist_id")
    def _compute_is_quotation_outdated(self):
        for lead in self:
            order = lead.line_order_id
            is_open = order.state in ("draft", "sent") and lead._origin.line_ids and lead._origin.partner_id
            lead.is_quotation_outdated = is_open and bool(order._compare_offer(lead._origin._prepare_order_values()))

    def action_update_quotation(self):
        """Show what differs between the open quotation and the opportunity, to update it."""
        self.ensure_one()
        self.check_access("write")
        order = self.line_order_id
        self._check_orderable()
        if order.state not in ("draft", "sent"):
            raise UserError(self.env._("There is no open quotation to update. Make an order first."))
        differences = order._compare_offer(self._prepare_order_values())
        if not differences:
            return self._open_orders(order)
        wizard = self.env["opportunity.order.update"].create(self._prepare_order_update(order, differences))
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_order_update_action")
        return {**action, "res_id": wizard.id, "context": {"dialog_size": "extra-large"}}

    def _prepare_order_update(self, order, differences):
        names = ("kind", "name", "before", "after")
        lines = [Command.create(dict(zip(names, difference.shown, strict=True))) for difference in differences]
        return {"lead_id": self.id, "order_id": order.id, "line_ids": lines}
