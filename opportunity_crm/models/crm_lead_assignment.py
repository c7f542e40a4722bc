from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CrmLead(models.Model):
    """New opportunities that nobody was given are assigned by turns, where their template says so.

    A salesperson who is given wins, in a form, an import, over RPC or by the website's settings. Whoever may see only
    own opportunities keeps what they create: they could not see it any more otherwise.
    """

    _inherit = "crm.lead"

    assignment_id = fields.Many2one(
        "opportunity.assignment",
        string="Assigned by Turn",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The rotation that gave the opportunity to its salesperson.",
    )
    turn_notice = fields.Char(compute="_compute_turn_notice")

    @api.depends("template_id", "user_id", "type")
    def _compute_turn_notice(self):
        """Tell who will get a new opportunity without a salesperson."""
        for lead in self:
            rotation = lead.template_id.assignment_id.filtered("active")
            waiting = rotation and not lead._origin and not lead.user_id and lead.type == "opportunity"
            lead.turn_notice = lead._get_turn_notice(rotation) if waiting and lead._can_assign_by_turn() else ""

    def _get_turn_notice(self, rotation):
        if rotation.next_user_id:
            # sudo: everybody who creates may know whose turn it is
            return self.env._("By turn: %s is next", rotation.sudo().next_user_id.name)
        return self.env._("By turn, but nobody is there at the moment: it stays unassigned")

    @api.onchange("template_id")
    def _onchange_template_turn(self):
        """Leave the salesperson of a new opportunity to the rotation, unless another one than oneself is chosen."""
        if self._origin or not self._can_assign_by_turn():
            return
        if self.template_id.assignment_id.active:
            if self.user_id == self.env.user and not self.env.context.get("default_user_id"):
                self.user_id = False
        elif not self.user_id and "default_user_id" not in self.env.context:
            self.user_id = self.env.user

    @api.model
    def _can_assign_by_turn(self):
        """Tell whether what the user creates may go to others: not where its creator could not see it any more."""
        return self.env.su or self.env.user.has_group("sales_team.group_sale_salesman_all_leads")

    @api.model
    def _assign_by_turn(self, vals_list):
        """Complete creation values with the salesperson whose turn it is, where nobody is given.

        One lock and one search for each rotation and company, however many opportunities there are.
        """
        assigning = self.env["opportunity.assignment"]._get_assigning_templates()
        if not assigning or not self._can_assign_by_turn():
            return vals_list
        vals_list = [dict(vals) for vals in vals_list]
        waiting = defaultdict(list)
        for vals in filter(self._is_without_salesperson, vals_list):
            template, team = self._get_template_to_be(vals)
            if template.id in assigning:
                company = self._get_company_to_be(vals, template, team)
                waiting[template.assignment_id, company].append((vals, template, team))
        for (rotation, company), places in sorted(waiting.items(), key=lambda item: item[0][0].id):
            rotation._give(places, company)
        return vals_list

    @api.model
    def _is_without_salesperson(self, vals):
        context = self.env.context
        kind = vals.get("type") or context.get("default_type") or self.default_get(["type"]).get("type")
        return kind == "opportunity" and not (vals.get("user_id") or context.get("default_user_id"))

    @api.model
    def _get_template_to_be(self, vals):
        """Return the template and the team that a new opportunity will have, as far as they are known before."""
        context = self.env.context
        team = self.env["crm.team"].browse(vals.get("team_id", context.get("default_team_id")) or ())
        if "template_id" in vals or context.get("default_template_id"):
            template_id = vals.get("template_id", context.get("default_template_id"))
            return self.env["opportunity.template"].browse(template_id or ()), team
        if not team and "team_id" not in vals:
            team = team._get_default_team_id(domain=[("use_opportunities", "=", True)])
        return team._get_default_template(), team

    @api.model
    def _get_company_to_be(self, vals, template, team):
        known = self.env["res.company"].browse(vals.get("company_id") or ())
        return known or team.company_id or template.company_id or template.assignment_id.company_id or self.env.company

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Never lose a mail because somebody else takes a turn at the same moment.

        A request is tried again then; the fetching of mails is not. The opportunity goes to the team's leader or stays
        unassigned instead, as it does in Odoo, and can be assigned by turns from the list.
        """
        leads = self.with_context(opportunity_turn_optional=True)
        return super(CrmLead, leads).message_new(msg_dict, custom_values=custom_values).with_env(self.env)

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """A lead that becomes an opportunity is a new opportunity too."""
        res = super().convert_opportunity(partner, user_ids=user_ids, team_id=team_id)
        if self._can_assign_by_turn():
            self._filter_awaiting_turn()._assign_existing_by_turn()
        return res

    def action_assign_by_turn(self):
        """Assign those of the opportunities that are open, have no salesperson and a template with a rotation."""
        if not self._can_assign_by_turn():
            raise AccessError(
                self.env._("Only people who see all opportunities can assign them by turns. Ask a sales manager.")
            )
        waiting = self._filter_awaiting_turn()
        if not waiting:
            raise UserError(
                self.env._(
                    "None of these opportunities is open, has no salesperson and has a template that assigns by turns."
                )
            )
        waiting._assign_existing_by_turn()
        return waiting._tell_assigned()

    def _filter_awaiting_turn(self):
        if not self.env["opportunity.assignment"]._get_assigning_templates():
            return self.browse()
        return self.filtered(
            lambda lead: (
                lead.type == "opportunity"
                and lead.active
                and lead.won_status == "pending"
                and not lead.user_id
                and lead.template_id.current_id.assignment_id.active
            )
        )

    def _assign_existing_by_turn(self):
        together = self.grouped(lambda lead: (lead.template_id.current_id.assignment_id, lead.company_id))
        for (rotation, company), leads in sorted(together.items(), key=lambda item: item[0][0].id):
            users = rotation._take(len(leads), company)
            for user in dict.fromkeys(users):
                mine = leads.browse(lead.id for lead, taker in zip(leads, users, strict=False) if taker == user)
                mine.write({"user_id": user, "assignment_id": rotation.id})

    def _tell_assigned(self):
        assigned = self.filtered("user_id")
        texts = [
            self.env._("%(user)s: %(count)s", user=user.name, count=len(leads))
            for user, leads in assigned.grouped("user_id").items()
        ]
        if self - assigned:
            texts.append(self.env._("Nobody is there to take the others: %s", len(self - assigned)))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Assigned by Turns"),
                "message": ", ".join(texts),
                "type": "success" if assigned == self else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class OpportunityAssignment(models.Model):
    """New opportunities get their salesperson."""

    _inherit = "opportunity.assignment"

    def _give(self, places, company):
        """Write salesperson, template and team of the rotation into creation values.

        :param places: list of ``(values, template, team)``
        """
        users = self._take(len(places), company)
        users += [False] * (len(places) - len(users))
        for (vals, template, team), user in zip(places, users, strict=True):
            vals.update(user_id=user, assignment_id=self.id if user else False, template_id=template.id)
            if team := team or self._get_team_offered(template):
                vals["team_id"] = team.id

    def _get_team_offered(self, template):
        """Return the team of the rotation, if it may use the template."""
        return self.team_id.filtered(lambda team: self.source == "team" and team in (template.team_ids or team))
