from odoo import api, fields, models
from odoo.fields import Domain


class OpportunityLine(models.Model):
    """Who sees and edits a line: whoever may read and write its opportunity, for whichever reason they may."""

    _inherit = "opportunity.line"

    is_lead_readable = fields.Boolean(compute="_compute_is_lead_readable", search="_search_is_lead_readable")
    is_lead_editable = fields.Boolean(compute="_compute_is_lead_editable", search="_search_is_lead_editable")

    # Record rules look at these fields as superuser; the rights are those of the user all the same.

    @api.depends("lead_id.user_id", "lead_id.team_id", "lead_id.company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_lead_readable(self):
        allowed = self.lead_id.sudo(False)._filtered_access("read")
        for line in self:
            line.is_lead_readable = line.lead_id in allowed

    @api.depends("lead_id.user_id", "lead_id.team_id", "lead_id.company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_lead_editable(self):
        allowed = self.lead_id.sudo(False)._filtered_access("write")
        for line in self:
            line.is_lead_editable = line.lead_id in allowed

    def _search_is_lead_readable(self, operator, value):
        return self._search_lead_access("read", operator, value)

    def _search_is_lead_editable(self, operator, value):
        return self._search_lead_access("write", operator, value)

    def _search_lead_access(self, mode, operator, value):
        if operator != "in":
            return NotImplemented
        leads = self.env["crm.lead"].sudo(False).with_context(active_test=False)
        if not leads.has_access(mode):
            return Domain.FALSE if True in value else Domain.TRUE
        rule = leads.env["ir.rule"]._compute_domain("crm.lead", mode)
        # sudo: the rule itself says what may be found, as whoever searches
        found = Domain("lead_id", "in", leads.sudo()._search(rule))
        return found if True in value else ~found
