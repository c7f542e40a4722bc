from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class OpportunityCoverForMe(models.TransientModel):
    """Hand the open opportunities of a salesperson to a colleague for some time; it begins and ends by itself."""

    _name = "opportunity.cover.for.me"
    _description = "Cover for Me"

    owner_id = fields.Many2one(
        "res.users",
        string="Opportunities of",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    can_choose_owner = fields.Boolean(compute="_compute_can_choose_owner")
    user_id = fields.Many2one(
        "res.users", string="Covered by", domain="[('share', '=', False), ('id', '!=', owner_id)]"
    )
    date_start = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_end = fields.Date(
        string="Until",
        default=lambda self: fields.Date.context_today(self) + timedelta(days=6),
        help="Last day, after which it ends by itself.",
    )
    reason = fields.Char(default=lambda self: self.env._("I am away"), help="Your colleague reads it.")
    lead_ids = fields.Many2many("crm.lead", string="Open Opportunities", compute="_compute_lead_ids")
    summary = fields.Char(compute="_compute_lead_ids")

    @api.depends_context("uid")
    def _compute_can_choose_owner(self):
        self.can_choose_owner = self._sees_all()

    @api.depends("owner_id")
    def _compute_lead_ids(self):
        for wizard in self:
            wizard.lead_ids = wizard._find_open_leads()
            wizard.summary = self.env._(
                "Your colleague can edit all %s open opportunities, follows them in the meantime, and is told now."
                " Afterwards it ends by itself.",
                len(wizard.lead_ids),
            )

    def _find_open_leads(self):
        return self.env["crm.lead"].search(
            [("user_id", "=", self.owner_id.id), ("type", "=", "opportunity"), ("won_status", "=", "pending")]
        )

    def action_cover(self):
        """Share all open opportunities with the colleague, to edit, from one day to another."""
        self.ensure_one()
        self._check_complete()
        shares = self.env["opportunity.share"]
        leads = self.lead_ids - self._find_covered()
        shares.create(
            [
                {
                    "lead_id": lead.id,
                    "user_id": self.user_id.id,
                    "access": "edit",
                    "date_start": self.date_start,
                    "date_end": self.date_end,
                    "reason": self.reason,
                }
                for lead in leads
            ]
        )
        return self._prepare_result(len(leads))

    def _find_covered(self):
        """Return the opportunities that the colleague has for some of these days already."""
        shares = self.env["opportunity.share"].search(
            [("lead_id", "in", self.lead_ids.ids), ("user_id", "=", self.user_id.id), ("access", "=", "edit")]
        )
        return shares.filtered(
            lambda share: (
                (not share.date_end or share.date_end >= self.date_end)
                and (not share.date_start or share.date_start <= self.date_start)
            )
        ).lead_id

    def _check_complete(self):
        if self.owner_id != self.env.user and not self._sees_all():
            raise AccessError(self.env._("You can hand over your own opportunities only."))
        if not self.user_id or self.user_id == self.owner_id:
            raise ValidationError(self.env._("Who covers? Choose a colleague."))
        if not self.date_end:
            raise ValidationError(self.env._("Until when? Choose the last day, so that it ends by itself."))
        if not self.lead_ids:
            raise UserError(self.env._("%s has no open opportunities.", self.owner_id.name))

    def _sees_all(self):
        return self.env.user.has_group("sales_team.group_sale_salesman_all_leads")

    def _prepare_result(self, count):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(user)s covers %(count)s opportunities until %(date)s.",
                    user=self.user_id.name,
                    count=count,
                    date=fields.Date.to_string(self.date_end),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
