from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

RECIPIENTS = {
    "user_ids": "user_id",
    "team_ids": "team_id",
    "coverage_group_ids": "coverage_group_id",
    "group_ids": "group_id",
}


class OpportunityShareWizard(models.TransientModel):
    """Share one opportunity or many with people, teams and groups."""

    _name = "opportunity.share.wizard"
    _description = "Share Opportunities"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True, readonly=True)
    left_out = fields.Char(compute="_compute_left_out")
    user_ids = fields.Many2many("res.users", string="Users", domain="[('share', '=', False)]")
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    coverage_group_ids = fields.Many2many("opportunity.coverage.group", string="Coverage Groups")
    group_ids = fields.Many2many("res.groups", string="User Groups")
    access = fields.Selection([("read", "Can read"), ("edit", "Can edit")], required=True, default="read")
    date_end = fields.Date(string="Until", help="Last day of the access. Leave empty for no end.")
    reason = fields.Char(help="Those with whom you share read it.")

    @api.depends("lead_ids")
    def _compute_left_out(self):
        for wizard in self:
            others = wizard.lead_ids - wizard.lead_ids._filter_shareable()
            wizard.left_out = bool(others) and self.env._(
                "%(refused)s of the %(count)s opportunities have another salesperson and are left out.",
                refused=len(others),
                count=len(wizard.lead_ids),
            )

    def action_share(self):
        """Share those of the opportunities that the user may share; what somebody has already is not given twice."""
        self.ensure_one()
        leads = self.lead_ids._filter_shareable()
        if not leads:
            raise UserError(
                self.env._("You can share opportunities of which you are the salesperson; none of these is.")
            )
        targets = self._get_targets()
        if not targets:
            raise ValidationError(self.env._("With whom? Choose users, sales teams, coverage groups or user groups."))
        values = self._prepare_shares(leads, targets)
        self.env["opportunity.share"].create(values)
        return self._prepare_result(len(values), len(leads) * len(targets) - len(values))

    def _get_targets(self):
        """Return the recipients: pairs of the field of a share and the id."""
        return [(field, record.id) for name, field in RECIPIENTS.items() for record in self[name]]

    def _prepare_shares(self, leads, targets):
        """Return the values of the shares that nobody has yet; those that grant less or for less long are replaced."""
        present = self._get_present(leads)
        replaced, values = self.env["opportunity.share"], []
        for lead in leads:
            for field, record_id in targets:
                share = present.get((lead.id, field, record_id))
                if share and self._suffices(share):
                    continue
                replaced |= share or replaced
                values.append(self._prepare_share(lead, field, record_id))
        replaced.action_revoke()
        return values

    def _get_present(self, leads):
        shares = self.env["opportunity.share"].search(
            [("lead_id", "in", leads.ids), ("state", "in", ("current", "planned"))]
        )
        return {
            (share.lead_id.id, field, share[field].id): share
            for share in shares
            for field in RECIPIENTS.values()
            if share[field]
        }

    def _suffices(self, share):
        """Tell whether a share grants already what is asked for."""
        grants_enough = share.access == "edit" or self.access == "read"
        lasts = not share.date_end or (self.date_end and self.date_end <= share.date_end)
        return share.state == "current" and grants_enough and lasts

    def _prepare_share(self, lead, field, record_id):
        return {
            "lead_id": lead.id,
            field: record_id,
            "access": self.access,
            "date_end": self.date_end,
            "reason": self.reason,
        }

    def _prepare_result(self, created, kept):
        message = self.env._("%s shares granted.", created)
        if kept:
            message += " " + self.env._("%s were there already.", kept)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if created else "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
