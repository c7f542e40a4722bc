from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class Grant(NamedTuple):
    """What lets a user see an opportunity: a share or a coverage group."""

    can_edit: bool
    share_id: int | None
    coverage_group_id: int | None


class CrmLead(models.Model):
    """Who sees an opportunity beside its salesperson: those with whom it is shared, and those who cover it, each in a
    role."""

    _inherit = "crm.lead"

    coverage_group_ids = fields.Many2many(
        "opportunity.coverage.group",
        "crm_lead_coverage_group_rel",
        "lead_id",
        "group_id",
        string="Coverage Groups",
        compute="_compute_coverage_group_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="The people of these groups work on the opportunity, each in a role. New opportunities take the groups of"
        " their contact and its company.",
    )
    share_ids = fields.One2many(
        "opportunity.share", "lead_id", string="Shares", copy=False, context={"active_test": False}
    )
    # their names come after that of the salesperson, as Odoo asks the conditions of a rule in the order of names: where
    # somebody checks access to their own, what is granted is not asked
    visible_by_grant = fields.Boolean(
        string="Granted to Me",
        compute="_compute_by_grant",
        search="_search_visible_by_grant",
        help="A share or a coverage group lets me read the opportunity today.",
    )
    writable_by_grant = fields.Boolean(
        string="Granted to Me to Edit",
        compute="_compute_by_grant",
        search="_search_writable_by_grant",
        help="A share or a coverage group lets me edit the opportunity today.",
    )

    @api.depends("coverage_group_ids")
    @api.depends_context("uid")
    def _compute_by_grant(self):
        """Ask the same query as the search does, about these opportunities: Odoo holds rules against records that are
        loaded in this way. What else changes a grant makes them be asked anew, see ``_forget_access``."""
        granted = self._get_grants(self.env.user)
        for lead in self:
            grants = granted.get(lead._origin.id, ())
            lead.visible_by_grant = bool(grants)
            lead.writable_by_grant = any(grant.can_edit for grant in grants)

    def _search_visible_by_grant(self, operator, value):
        return self._search_by_grant(operator, value, edit_only=False)

    def _search_writable_by_grant(self, operator, value):
        return self._search_by_grant(operator, value, edit_only=True)

    @api.model
    def _search_by_grant(self, operator, value, edit_only):
        if operator != "in":
            return NotImplemented
        granted = self._search_granted(self.env.user, edit_only)
        return granted if True in value else ~granted

    def _get_grants(self, user):
        """Return what shares and coverage grant to a user on these opportunities today.

        :param user: ``res.users`` record
        :return: ``{lead id: [Grant]}``, without a key where nothing is granted
        """
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id, can_edit, share_id, coverage_group_id FROM (%s) AS granted WHERE lead_id = ANY(%s)",
                self.env["opportunity.share"]._select_grants(user),
                self.ids,
            )
        )
        grants = {}
        for lead_id, *grant in rows:
            grants.setdefault(lead_id, []).append(Grant(*grant))
        return grants

    @api.depends("partner_id")
    def _compute_coverage_group_ids(self):
        """Cover new opportunities like their customer; those that exist keep the groups they have."""
        new = self.filtered(lambda lead: not lead._origin)
        for lead, groups in new._fit_coverage({lead: lead._get_customer() for lead in new}):
            lead.coverage_group_ids = groups

    def _get_customer(self):
        """Return the contact of a new opportunity, or the company that is to become its contact."""
        # the quick creation in the kanban gives a company only. Where nobody gave one, reading it would search by name
        # for each opportunity
        is_company_given = "commercial_partner_id" in self._cache
        return self.partner_id or (self.commercial_partner_id if is_company_given else self.partner_id)

    def _merge_get_fields_specific(self):
        """Let the groups of all cover the opportunity that remains, except of another company and beyond all credit."""
        return {
            **super()._merge_get_fields_specific(),
            "coverage_group_ids": lambda fname, leads: (
                leads[fname]._filter_usable(leads.company_id[:1])._filter_fitting()
            ),
        }

    def _get_role_users(self, roles):
        """Tell who holds the roles on saved opportunities today.

        The holder is the first current member, in the order of members, in the groups applied to the opportunity, who
        may use its company. Groups of another company cover nothing.

        :param roles: ``opportunity.coverage.role`` records
        :return: ``{(lead id, role id): res.users record}``, without a key where nobody holds the role
        """
        if not self.ids or not roles:
            return {}
        # sudo: who may ask for an opportunity is told who holds a role on it, and nothing else about the groups
        members = self.env["opportunity.coverage.member"].sudo()
        current = members._search(members._get_domain_current() & Domain("role_id", "in", roles.ids))
        members.flush_model(["company_id", "group_id", "role_id", "sequence", "user_id"])
        self.flush_recordset(["company_id", "coverage_group_ids"])
        rows = self.env.execute_query(self._select_role_users(current))
        users = {user.id: user for user in self.env["res.users"].browse({user_id for *_pair, user_id in rows})}
        return {(lead_id, role_id): users[user_id] for lead_id, role_id, user_id in rows}

    def _select_role_users(self, current):
        """Return the query of opportunity, role and holder among the current members (a query as well)."""
        # SQL: the ORM finds no first record for each pair of two others
        return SQL(
            """
            SELECT DISTINCT ON (lead.id, member.role_id) lead.id, member.role_id, member.user_id
              FROM crm_lead lead
              JOIN crm_lead_coverage_group_rel applied ON applied.lead_id = lead.id
              JOIN opportunity_coverage_member member ON member.group_id = applied.group_id
             WHERE lead.id = ANY(%(leads)s)
               AND member.id IN %(current)s
               AND (member.company_id IS NULL OR member.company_id = lead.company_id)
               AND (lead.company_id IS NULL OR EXISTS (
                       SELECT FROM res_company_users_rel allowed
                        WHERE allowed.user_id = member.user_id AND allowed.cid = lead.company_id))
          ORDER BY lead.id, member.role_id, member.sequence, member.id
            """,
            leads=self.ids,
            current=current.subselect(),
        )
