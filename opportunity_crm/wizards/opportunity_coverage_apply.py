from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityCoverageApply(models.TransientModel):
    """Add coverage groups to opportunities and remove others, in all of them that the user may edit."""

    _name = "opportunity.coverage.apply"
    _description = "Change Coverage Groups"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", required=True, readonly=True, context={"active_test": False}
    )
    add_group_ids = fields.Many2many(
        "opportunity.coverage.group", "opportunity_coverage_apply_add_rel", string="Add These Groups"
    )
    remove_group_ids = fields.Many2many(
        "opportunity.coverage.group",
        "opportunity_coverage_apply_remove_rel",
        string="Remove These Groups",
        domain="[('id', 'in', applied_group_ids)]",
        context={"active_test": False},
    )
    applied_group_ids = fields.Many2many(
        "opportunity.coverage.group", compute="_compute_applied_group_ids", context={"active_test": False}
    )
    lead_count = fields.Integer(string="Opportunities to Change", compute="_compute_lead_count")
    left_names = fields.Char(
        string="Left as They Are",
        compute="_compute_lead_count",
        help="Opportunities that you may see and not edit, and leads.",
    )

    @api.depends("lead_ids")
    def _compute_applied_group_ids(self):
        for wizard in self:
            wizard.applied_group_ids = wizard.lead_ids.with_context(active_test=False).coverage_group_ids

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            editable = wizard._get_editable()
            left = wizard.lead_ids._origin - editable
            wizard.lead_count = len(editable)
            wizard.left_names = ", ".join(left[:20].mapped("name")) + (" …" if len(left) > 20 else "")

    def _get_editable(self):
        leads = self.lead_ids._origin.filtered(lambda lead: lead.type == "opportunity")
        return leads._filter_coverage_editable()

    def action_apply(self):
        """Change the groups of all opportunities that the user may edit, or of none; say what was done.

        A group of another company is not added to an opportunity.
        """
        self.ensure_one()
        self._check_choice()
        leads = self._get_editable()
        # archived groups too: they can be removed, and stay where nobody removes them
        wanted = {lead: self._get_wanted(lead) for lead in leads.with_context(active_test=False)}
        changed = leads._set_coverage(wanted)
        return self._tell(leads, changed)

    def _check_choice(self):
        if not self.add_group_ids and not self.remove_group_ids:
            raise UserError(self.env._("Which groups? Choose some to add or to remove."))
        both = self.add_group_ids & self.remove_group_ids
        if both:
            raise UserError(
                self.env._("To add or to remove? These groups are in both: %s.", ", ".join(both.mapped("name")))
            )
        if not self._get_editable():
            raise UserError(self.env._("You may edit none of these opportunities. Ask their salespeople."))

    def _get_wanted(self, lead):
        return (lead.coverage_group_ids | self.add_group_ids._filter_usable(lead.company_id)) - self.remove_group_ids

    def _tell(self, leads, changed):
        texts = [self.env._("Opportunities with other coverage groups now: %s.", len(changed))]
        if leads - changed:
            texts.append(self.env._("Unchanged, because they were covered so already: %s.", len(leads - changed)))
        foreign = leads.filtered(lambda lead: self.add_group_ids._filter_usable(lead.company_id) != self.add_group_ids)
        if foreign:
            texts.append(self.env._("Not all groups are for the company of the opportunity: %s.", len(foreign)))
        if self.left_names:
            texts.append(self.env._("Left as they are, because you may not edit them: %s.", self.left_names))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Coverage Groups"),
                "message": " ".join(texts),
                "type": "warning" if foreign or self.left_names else "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Coverage Groups"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
