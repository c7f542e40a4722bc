from odoo import api, fields, models


class OpportunityCoverageUpdate(models.TransientModel):
    """Bring the coverage groups of a contact to its open opportunities, if somebody wants that."""

    _name = "opportunity.coverage.update"
    _description = "Update Coverage of Opportunities"

    partner_id = fields.Many2one("res.partner", string="Contact", required=True, readonly=True, ondelete="cascade")
    mode = fields.Selection(
        [
            ("add", "Add the groups that are missing, and keep the others"),
            ("replace", "Give them the groups of their contact, and no others"),
        ],
        string="What to Do",
        default="add",
        required=True,
    )
    lead_ids = fields.Many2many("crm.lead", string="Opportunities", compute="_compute_lead_ids")
    lead_count = fields.Integer(string="Opportunities to Change", compute="_compute_lead_ids")

    @api.depends("partner_id", "mode")
    def _compute_lead_ids(self):
        for wizard in self:
            wizard.lead_ids = self.env["crm.lead"].union(*wizard._get_wanted())
            wizard.lead_count = len(wizard.lead_ids)

    def _get_wanted(self):
        """Return ``{opportunity: groups}`` of those that would change."""
        behind = self.partner_id._get_leads_behind()
        if self.mode == "replace":
            return behind
        return {
            lead: lead.coverage_group_ids | groups
            for lead, groups in behind.items()
            if groups - lead.coverage_group_ids
        }

    def action_update(self):
        """Change the groups of all these opportunities, or of none."""
        self.ensure_one()
        self.partner_id._check_may_choose_coverage()
        changed = self.env["crm.lead"]._set_coverage(self._get_wanted())
        self.partner_id.action_leave_coverage()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Opportunities with other coverage groups now: %s.", len(changed)),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_leave(self):
        """Leave them as they are."""
        self.ensure_one()
        self.partner_id.action_leave_coverage()
        return {"type": "ir.actions.act_window_close"}

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Coverage of Open Opportunities"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
