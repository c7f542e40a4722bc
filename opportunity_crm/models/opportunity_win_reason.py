from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityWinReason(models.Model):
    """Why opportunities are won: the other side of Odoo's reasons for losing."""

    _name = "opportunity.win.reason"
    _description = "Win Reason"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lead_count = fields.Integer(string="Opportunities", compute="_compute_lead_count")

    @api.depends_context("uid")
    def _compute_lead_count(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        counts = dict(leads._read_group([("win_reason_id", "in", self.ids)], ["win_reason_id"], ["__count"]))
        for reason in self:
            reason.lead_count = counts.get(reason, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        # sudo: opportunities that the user cannot see count as well; only names of reasons are shown
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        # sudo: so does their history
        moves = self.env["opportunity.stage.move"].sudo()
        used = self.browse()
        for records in (leads, moves):
            groups = records._read_group([("win_reason_id", "in", self.ids)], ["win_reason_id"])
            used = used.concat(*(reason for (reason,) in groups))
        if used:
            raise UserError(
                self.env._(
                    "Opportunities were won for these reasons: %s. Archive them instead of deleting them.",
                    ", ".join(set(used.mapped("name"))),
                )
            )

    def action_view_opportunities(self):
        """Open the opportunities that were won for these reasons."""
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_all_leads")
        action.update(
            name=self.env._("Won Opportunities"),
            domain=[("win_reason_id", "in", self.ids), ("type", "=", "opportunity")],
            context={"create": False, "active_test": False},
            view_mode="list,form",
            views=[(False, "list"), (False, "form")],
        )
        return action
