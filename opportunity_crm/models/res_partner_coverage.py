from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.credit import FULL


class OpportunityCoverageGroup(models.Model):
    """Groups that a customer hands to its opportunities."""

    _inherit = "opportunity.coverage.group"

    def _filter_fitting(self):
        """Return those of the groups, in their order, that can cover an opportunity together: those that have members,
        as long as the members have no more than all of the credit.

        An opportunity that comes in by mail or from the website must not be lost because somebody has chosen groups for
        the contact and for its company that do not go together.
        """
        fitting = self.browse()
        for group in self.filtered("member_ids"):
            if (fitting | group)._get_credit_peak()[0] <= FULL:
                fitting |= group
        return fitting


class ResPartner(models.Model):
    """Coverage groups go down from a company to its people, and to the companies and people below it."""

    _inherit = "res.partner"

    is_coverage_changed = fields.Boolean(
        string="Coverage Groups Changed",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_manager",
        help="The groups have changed since somebody decided about the open opportunities.",
    )
    coverage_behind_count = fields.Integer(
        string="Open Opportunities with Other Groups",
        compute="_compute_coverage_behind_count",
        groups="sales_team.group_sale_manager",
        help="Open opportunities of the contact, and of those below it, that would have other coverage groups if they"
        " were created today.",
    )

    @api.depends("coverage_group_ids", "is_coverage_changed")
    def _compute_coverage_behind_count(self):
        for partner in self:
            behind = partner._get_leads_behind() if partner.is_coverage_changed else ()
            partner.coverage_behind_count = len(behind)

    @api.constrains("coverage_group_ids")
    def _check_coverage_credit(self):
        """Refuse groups that, with those of the companies above, cannot cover one opportunity together."""
        # sudo: members of other companies have credit as well; names of groups and numbers are shown
        self.sudo().coverage_group_ids._require_members()
        for groups in self.sudo()._get_coverage_to_inherit().values():
            groups._require_credit_left()

    def _get_lines(self):
        """Return ``{contact: the contact and all companies above it}``, the nearest first. One query for each level."""
        everyone, above = self, self.parent_id
        while above:
            everyone |= above
            above = above.parent_id - everyone
        above_them = {partner: partner.parent_id for partner in everyone}
        lines = {}
        for partner in self:
            line, step = partner, above_them[partner]
            while step:
                line, step = line | step, above_them[step]
            lines[partner] = line.with_prefetch(everyone._prefetch_ids)
        return lines

    def _get_coverage_to_inherit(self):
        """Return ``{contact: groups}``: its own and those of all companies above it."""
        return {partner: line.coverage_group_ids for partner, line in self._get_lines().items()}

    def _get_leads_behind(self):
        """Return ``{opportunity: groups}`` of the open opportunities below the contact that would have others today."""
        domain = Domain("type", "=", "opportunity") & Domain("won_status", "=", "pending")
        leads = self.env["crm.lead"].search(domain & Domain("partner_id", "child_of", self._origin.ids))
        editable = leads._filter_coverage_editable()
        fitting = leads._fit_coverage({lead: lead.partner_id for lead in editable})
        return {lead: groups for lead, groups in fitting if lead.coverage_group_ids != groups}

    def action_update_coverage(self):
        """Open the dialog that brings the groups of the contact to its open opportunities."""
        self.ensure_one()
        self._check_may_choose_coverage()
        wizard = self.env["opportunity.coverage.update"].create({"partner_id": self.id})
        return wizard._get_form_action()

    def action_leave_coverage(self):
        """Leave the open opportunities as they are; new ones have the groups of the contact."""
        self._check_may_choose_coverage()
        self.is_coverage_changed = False

    def _offer_coverage(self):
        """Remember that the groups have changed, where there are open opportunities to decide about."""
        customers = self.env["res.partner"].union(*(lead.partner_id for lead in self._get_leads_behind()))
        offered = self & self.browse().union(*customers._get_lines().values())
        (self - offered).filtered("is_coverage_changed").is_coverage_changed = False
        offered.is_coverage_changed = True
