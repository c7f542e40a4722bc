from odoo import api, fields, models
from odoo.tools import format_date


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

    def write(self, vals):
        res = super().write(vals)
        if "active" in vals:
            self.env["opportunity.share"]._forget_access()
        return res

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

    def _describe_membership(self, user):
        """Return a sentence: as what and until when the user covers opportunities in this group."""
        self.ensure_one()
        members = self.member_ids.filtered(lambda member: member.user_id == user and member.is_current)
        roles = ", ".join(members.role_id.mapped("name"))
        ends = members.mapped("date_to")
        values = {"user": user.name, "group": self.name, "roles": roles}
        if ends and all(ends):
            until = format_date(self.env, max(ends))
            return self.env._("%(user)s covers it as %(roles)s in %(group)s, until %(until)s.", **values, until=until)
        return self.env._("%(user)s covers it as %(roles)s in %(group)s.", **values)
