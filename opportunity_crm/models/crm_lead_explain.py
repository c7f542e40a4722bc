from odoo import models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

RULE_REASONS = {
    "crm.crm_rule_all_lead": "all",
    "crm.crm_rule_personal_lead": "personal",
    "opportunity_crm.crm_lead_rule_granted_read": "granted",
    "opportunity_crm.crm_lead_rule_granted_edit": "granted",
}


class CrmLead(models.Model):
    """“Why can I see this?”: the access rules, asked one by one about one opportunity and one user."""

    _inherit = "crm.lead"

    def _explain_access(self, user):
        """Say why a user sees this opportunity, or why not.

        The verdict is Odoo's own ``has_access``; the reasons are those of its rules that let the opportunity pass, and
        the grants are the rows from which the rules are made.

        :param user: ``res.users`` record
        :return: ``{"can_read", "can_edit", "reasons": [{"icon", "text", "can_edit"}], "refusals": [text]}``
        """
        self.ensure_one()
        theirs = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        can_read = user.active and theirs.has_access("read")
        return {
            "can_read": can_read,
            "can_edit": user.active and theirs.has_access("write"),
            "reasons": theirs._list_reasons(user) if can_read else [],
            "refusals": [] if can_read else theirs._list_refusals(user),
        }

    def _list_reasons(self, user):
        """Return the reasons of the rules that let the user read, those that also let them edit first."""
        reading, editing = self._get_passed_rules("read"), self._get_passed_rules("write")
        reasons = []
        for rule in reading:
            reasons += self._describe_rule(rule, user, rule in editing)
        return sorted(reasons, key=lambda reason: not reason["can_edit"])

    def _get_passed_rules(self, operation):
        """Return the rules for groups that let this opportunity pass; one of them is enough."""
        rules = self.env["ir.rule"]
        # sudo: rules are no secret of those who are told their effect, and Odoo evaluates them so
        applicable = rules._get_rules(self._name, operation).sudo().filtered("groups")
        return applicable.filtered(lambda rule: self._passes_rule(rule))

    def _passes_rule(self, rule):
        """Tell whether a rule lets this opportunity pass for the user of this environment, as Odoo finds out."""
        domain = Domain(safe_eval(rule.domain_force or "[]", self.env["ir.rule"]._eval_context()))
        # sudo: as Odoo evaluates rules
        return bool(self.sudo().with_context(active_test=False).filtered_domain(domain))

    def _describe_rule(self, rule, user, can_edit):
        kind = RULE_REASONS.get(rule.get_external_id()[rule.id])
        # sudo below: whether the opportunity has a salesperson, which the rule that lets it pass has looked at too
        if kind == "granted":
            return [self._describe_granted(grant, user) for grant in self._get_grants(user).get(self.id, ())]
        if kind == "all":
            text = self.env._("%s sees all documents of Sales.", user.name)
        elif kind == "personal" and self.sudo().user_id:
            text = self.env._("%s is the salesperson.", user.name)
        elif kind == "personal":
            text = self.env._("The opportunity has no salesperson, so everybody in Sales sees it.")
        else:
            text = self.env._("The access rule “%s” of your Odoo allows it.", rule.name)
        return [{"icon": "fa-user" if kind == "personal" else "fa-globe", "text": text, "can_edit": can_edit}]

    def _describe_granted(self, grant, user):
        # sudo: who is granted something is told by whom, as a member of which group and until when
        if grant.coverage_group_id:
            group = self.env["opportunity.coverage.group"].sudo().browse(grant.coverage_group_id)
            return {"icon": "fa-users", "text": group._describe_membership(user), "can_edit": True}
        share = self.env["opportunity.share"].sudo().browse(grant.share_id)
        return {"icon": "fa-share-alt", "text": share._describe(), "can_edit": grant.can_edit}

    def _list_refusals(self, user):
        """Return the reasons why the user does not see the opportunity, each as a sentence."""
        # sudo, here and below: this environment is that of somebody who does not see the opportunity, and the manager
        # who asks has been checked to see it
        company = self.sudo().company_id
        if not user.active:
            return [self.env._("%s is archived and cannot log in.", user.name)]
        if not self.browse().has_access("read"):
            return [self.env._("%s has no rights in Sales. An administrator can give them some.", user.name)]
        if company and company not in user.company_ids:
            return [
                self.env._(
                    "The opportunity belongs to %(company)s, and %(user)s works in %(companies)s.",
                    company=company.name,
                    user=user.name,
                    companies=", ".join(user.company_ids.mapped("name")),
                )
            ]
        owner = self.sudo().user_id.name  # sudo: as above, a salesperson is no secret among colleagues
        return [
            self.env._("%(owner)s is the salesperson, not %(user)s.", owner=owner, user=user.name),
            *self._list_former_grants(user),
            self.env._("No share and no coverage group gives %s access today.", user.name),
        ]

    def _list_former_grants(self, user):
        """Return what gave access once, or will: shares that are over or have not begun, memberships likewise."""
        # sudo: only managers ask about others, and are told what the history of the opportunity says
        shares = self.sudo().share_ids.filtered(lambda share: share.state != "current" and share._is_with(user))
        members = self.sudo().coverage_group_ids.with_context(active_test=False).member_ids
        former = members.filtered(lambda member: member.user_id == user and not member.is_current)
        return [share._describe() for share in shares] + [
            self.env._(
                "%(user)s is in the coverage group %(group)s, but not today, or the group is archived.",
                user=user.name,
                group=member.group_id.name,
            )
            for member in former
        ]
