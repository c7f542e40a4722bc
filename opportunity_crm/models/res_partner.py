from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """Contacts and companies hand their coverage groups to their new opportunities."""

    _inherit = "res.partner"

    coverage_group_ids = fields.Many2many(
        "opportunity.coverage.group",
        "res_partner_coverage_group_rel",
        "partner_id",
        "group_id",
        string="Coverage Groups",
        groups="sales_team.group_sale_salesman",
        help="New opportunities of this contact, and of the people in this company, are covered by these groups.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("coverage_group_ids") for vals in vals_list):
            self._check_may_choose_coverage()
        return super().create(vals_list)

    def write(self, vals):
        if "coverage_group_ids" not in vals:
            return super().write(vals)
        self._check_may_choose_coverage()
        before = {partner: partner.coverage_group_ids for partner in self}
        res = super().write(vals)
        self.filtered(lambda partner: partner.coverage_group_ids != before[partner])._offer_coverage()
        return res

    @api.model
    def _check_may_choose_coverage(self):
        """A group covers opportunities of everybody who sells to the contact: that is not for one of them to say."""
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales administrators can choose the coverage groups of a contact. Ask one of them.")
            )
