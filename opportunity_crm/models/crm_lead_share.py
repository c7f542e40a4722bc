from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .mail_activity import ActivityReading

GOVERNED = {"user_id", "coverage_group_ids", "share_ids"}
SEES_ALL = "sales_team.group_sale_salesman_all_leads"


class CrmLead(models.Model):
    """Sharing opportunities: who may pass them on, and why somebody has one in their list."""

    _inherit = "crm.lead"

    access_origin = fields.Selection(
        [
            ("mine", "Mine"),
            ("unassigned", "Unassigned"),
            ("covered", "Covered by Me"),
            ("shared", "Shared with Me"),
            ("all", "I See All"),
        ],
        string="Why I See It",
        compute="_compute_access_origin",
        search="_search_access_origin",
    )
    access_badge = fields.Char(
        compute="_compute_access_origin", help="Why an opportunity that is not mine is in my list, in a few words."
    )
    is_shareable = fields.Boolean(
        compute="_compute_is_shareable", help="The user may share the opportunity and revoke its shares."
    )

    @api.depends("user_id", "coverage_group_ids")
    @api.depends_context("uid", "lang")
    def _compute_access_origin(self):
        granted = self._get_grants(self.env.user)
        badges = self._describe_grants(granted)
        for lead in self:
            grants = granted.get(lead._origin.id) if lead.user_id != self.env.user else None
            if grants:
                covered = any(grant.coverage_group_id for grant in grants)
                lead.access_origin = "covered" if covered else "shared"
            elif lead.user_id == self.env.user:
                lead.access_origin = "mine"
            else:
                lead.access_origin = "all" if lead.user_id else "unassigned"
            lead.access_badge = bool(grants) and badges[lead._origin.id]

    def _describe_grants(self, granted):
        """Return ``{lead id: text}``: in a few words, why a user sees opportunities.

        :param dict granted: the :meth:`_get_grants`
        """
        first = {
            lead_id: max(grants, key=lambda grant: grant.coverage_group_id or 0) for lead_id, grants in granted.items()
        }
        # sudo: who is granted something is told by whom, or in which group
        group_ids = [grant.coverage_group_id for grant in first.values()]
        share_ids = [grant.share_id for grant in first.values()]
        groups = self.env["opportunity.coverage.group"].sudo().browse(group_ids)
        shares = self.env["opportunity.share"].sudo().browse(share_ids)
        group_names = {group.id: group.name for group in groups.filtered("id")}
        givers = {share.id: share.granted_by_id.name for share in shares.filtered("id")}
        return {
            lead_id: self.env._("Covered by %s", group_names[grant.coverage_group_id])
            if grant.coverage_group_id
            else self.env._("Shared by %s", givers[grant.share_id])
            for lead_id, grant in first.items()
        }

    def _search_access_origin(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = ANY(%s)", self._sql_access_origin(alias), list(value))
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let people group by why they see an opportunity, which no column holds."""
        if field_expr == "access_origin":
            return self._sql_access_origin(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_access_origin(self, alias):
        """Return the value of ``access_origin`` in SQL, from the same grants as the access rules."""
        self.flush_model(["user_id"])
        grants = self.env["opportunity.share"]._select_grants(self.env.user)
        return SQL(
            """
            CASE WHEN %(owner)s = %(user)s THEN 'mine'
                 WHEN %(lead)s = ANY(ARRAY(
                      SELECT lead_id FROM (%(grants)s) AS covered WHERE coverage_group_id IS NOT NULL)) THEN 'covered'
                 WHEN %(lead)s = ANY(ARRAY(SELECT lead_id FROM (%(grants)s) AS shared)) THEN 'shared'
                 WHEN %(owner)s IS NULL THEN 'unassigned'
                 ELSE 'all' END
            """,
            owner=SQL.identifier(alias, "user_id"),
            lead=SQL.identifier(alias, "id"),
            user=self.env.uid,
            grants=grants,
        )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_shareable(self):
        shareable = self._filter_shareable()
        for lead in self:
            lead.is_shareable = lead in shareable

    def _filter_shareable(self):
        """Return the opportunities that the user may share: their own, or all for those who see all documents."""
        if self.env.su or self.env.user.has_group(SEES_ALL):
            return self
        return self.filtered(lambda lead: lead.user_id == self.env.user)

    def _check_may_share(self):
        """Let only those govern shares who govern the opportunity; see :meth:`_filter_shareable`."""
        self.check_access("write")
        refused = self - self._filter_shareable()
        if refused:
            raise AccessError(
                self.env._(
                    "Only the salesperson of an opportunity and people who see all documents can share it, which you"
                    " are not for: %s.",
                    ", ".join(refused.mapped("name")),
                )
            )

    def _check_governed(self, vals):
        """Refuse those who edit by share or coverage what would pass the opportunity on: owner, coverage, shares.

        :param dict vals: the values to write
        """
        touched = GOVERNED & vals.keys()
        if not touched or self.env.su or self.env.user.has_group(SEES_ALL):
            return
        leads = self.filtered(lambda lead: lead.user_id and lead.user_id != self.env.user)
        if touched == {"user_id"}:
            leads = leads.filtered(lambda lead: lead.user_id.id != vals["user_id"])
        leads._refuse_to_guests(
            self.env._(
                "You work on “%(opportunity)s” because it is shared with you or covered by you. Only its salesperson"
                " and people who see all documents can change its salesperson, its coverage groups or its shares. Ask"
                " %(owner)s."
            )
        )

    def _check_mergeable(self):
        """Refuse those who edit by share or coverage to merge: the opportunity would become part of theirs."""
        if not self.env.su and not self.env.user.has_group(SEES_ALL):
            others = self.filtered(lambda lead: lead.user_id and lead.user_id != self.env.user)
            others._refuse_to_guests(
                self.env._(
                    "You work on “%(opportunity)s” because it is shared with you or covered by you. Only its"
                    " salesperson and people who see all documents can merge it. Ask %(owner)s."
                )
            )

    def _refuse_to_guests(self, message):
        if self:
            # sudo: the name of a salesperson is no secret among colleagues
            raise AccessError(message % {"opportunity": self[0].name, "owner": self[0].sudo().user_id.name})

    def _merge_shares(self, merged):
        """Let those with whom merged opportunities were shared see the one that remains, in which these live on."""
        # sudo: a share is given to another opportunity in no other case, and its history with it
        shares = merged.sudo().share_ids.filtered(lambda share: share.company_id <= self.company_id)
        kept = self.sudo().share_ids.filtered("active")
        for share in shares.filtered("active"):
            twice = kept.filtered(lambda other, share=share: share._is_like(other) and share._overlaps(other))
            if twice:
                share.action_revoke()
            else:
                kept |= share
        shares.write({"lead_id": self.id})

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Send no mail to followers whose share has ended today and whom the scheduled action has not yet removed."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not recipients:
            return recipients
        # sudo: whoever writes a message need not see the shares
        over = self.sudo().share_ids.filtered(lambda share: share.follow_state == "added" and share.state != "current")
        lost = set(over.user_id.partner_id.ids) - set((msg_vals or {}).get("partner_ids") or message.partner_ids.ids)
        return [recipient for recipient in recipients if recipient["id"] not in lost]

    def _filtered_access(self, operation):
        if self.env.context.get("opportunity_activity_reading") is ActivityReading.READING:
            operation = "read"
        return super()._filtered_access(operation)

    def action_share(self):
        """Open the dialog that shares the opportunities."""
        self.check_access("write")
        return {
            **self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_share_wizard_action"),
            "context": {"default_lead_ids": self.ids, "dialog_size": "medium"},
        }

    def action_explain_access(self):
        """Open the dialog that says why the user, or for managers any user, sees the opportunity or does not."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_access_explanation_action"),
            "context": {"default_lead_id": self.id, "dialog_size": "medium"},
        }
