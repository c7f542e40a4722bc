from odoo import api, fields, models


class OpportunityCoverageGroup(models.Model):
    """People who work on opportunities together, each in a role, whoever owns the opportunity."""

    _name = "opportunity.coverage.group"
    _description = "Coverage Group"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    description = fields.Text(
        string="What It Covers", translate=True, help="Which opportunities this group is meant for."
    )
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index=True, help="Leave empty to use the group in all companies.")
    member_ids = fields.One2many("opportunity.coverage.member", "group_id", string="Members", copy=True)
    user_ids = fields.Many2many(
        "res.users",
        string="Covering Today",
        compute="_compute_user_ids",
        help="Members who are active, and today within their dates.",
    )
    lead_count = fields.Integer(string="Opportunities", compute="_compute_lead_count")

    @api.depends("member_ids.is_current")
    def _compute_user_ids(self):
        for group in self:
            group.user_ids = group.member_ids.filtered("is_current").user_id

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead_count(self):
        domain = [("coverage_group_ids", "in", self.ids), ("type", "=", "opportunity")]
        counts = dict(self.env["crm.lead"]._read_group(domain, ["coverage_group_ids"], ["__count"]))
        for group in self:
            group.lead_count = counts.get(group, 0)

    @api.constrains("company_id")
    def _check_company_of_members(self):
        self.member_ids._check_company(["user_id"])

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", group.name)) for group, vals in zip(self, vals_list, strict=True)
        ]

    def action_view_opportunities(self):
        """Open the opportunities that the group covers, in their pipeline."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_opportunities")
        action["display_name"] = self.name
        action["domain"] = [("type", "=", "opportunity"), ("coverage_group_ids", "in", self.ids)]
        action["context"] = {"default_type": "opportunity", "create": False}
        return action

    def _filter_usable(self, company):
        """Return the groups that may cover opportunities of the company (a record; empty: of no company)."""
        return self.filtered(lambda group: group.active and group.company_id <= company)
