from odoo import api, fields, models
from odoo.exceptions import AccessError


class OpportunityAccessExplanation(models.TransientModel):
    """“Why can I see this?”: for oneself, and for managers for anybody."""

    _name = "opportunity.access.explanation"
    _description = "Why Can I See This?"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        context={"active_test": False},
    )
    can_ask_about_others = fields.Boolean(compute="_compute_can_ask_about_others")
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.constrains("lead_id")
    def _check_lead(self):
        """A dialog shows the name of its opportunity, to those only who may read it."""
        self.lead_id.sudo(False).check_access("read")  # Odoo runs constraints as superuser

    @api.depends_context("uid")
    def _compute_can_ask_about_others(self):
        self.can_ask_about_others = self.env.user.has_group("sales_team.group_sale_manager")

    @api.depends("lead_id", "user_id")
    @api.depends_context("uid", "lang")
    def _compute_explanation(self):
        for wizard in self:
            wizard.explanation = wizard.user_id and wizard._render_explanation()

    def _render_explanation(self):
        if self.user_id != self.env.user and not self.can_ask_about_others:
            raise AccessError(self.env._("Only sales managers can ask what others see."))
        self.lead_id.check_access("read")
        access = self.lead_id._explain_access(self.user_id)
        values = {**access, "verdict": self._describe_verdict(access["can_read"], access["can_edit"])}
        return self.env["ir.qweb"]._render("opportunity_crm.opportunity_access_explanation", values)

    def _describe_verdict(self, can_read, can_edit):
        name = self.user_id.name
        if self.user_id == self.env.user:
            if can_edit:
                return self.env._("You can see and edit this opportunity.")
            return self.env._("You can see this opportunity, but not edit it.")
        if can_edit:
            return self.env._("%s can see and edit this opportunity.", name)
        if can_read:
            return self.env._("%s can see this opportunity, but not edit it.", name)
        return self.env._("%s cannot see this opportunity.", name)
