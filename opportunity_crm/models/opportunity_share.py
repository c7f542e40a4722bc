from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

RECIPIENTS = ("user_id", "team_id", "coverage_group_id", "group_id")
LASTING = {"lead_id", "granted_by_id", "revoked_by_id", "date_revoked", "follow_state", *RECIPIENTS}


class OpportunityShare(models.Model):
    """One grant: an opportunity shared with a user, a sales team, a coverage group or a user group.

    Only the salesperson of the opportunity and people who see all documents grant and revoke. A grant is never deleted:
    revoked and expired ones stay as history. The idea is the Sharing tab of Keap Max Classic.
    """

    _name = "opportunity.share"
    _description = "Share of an Opportunity"
    _order = "active desc, id desc"
    _rec_name = "recipient"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", index="btree_not_null", ondelete="cascade", check_company=True
    )
    coverage_group_id = fields.Many2one(
        "opportunity.coverage.group", index="btree_not_null", ondelete="cascade", check_company=True
    )
    group_id = fields.Many2one(
        "res.groups",
        string="User Group",
        index="btree_not_null",
        ondelete="cascade",
        help="Everybody in this group of users, and in the groups that imply it.",
    )
    recipient = fields.Char(string="Shared with", compute="_compute_recipient", compute_sudo=True)
    recipient_kind = fields.Selection(
        [("user", "User"), ("team", "Sales Team"), ("coverage_group", "Coverage Group"), ("group", "User Group")],
        string="Kind",
        compute="_compute_recipient",
        compute_sudo=True,
    )
    access = fields.Selection([("read", "Can Read"), ("edit", "Can Edit")], required=True, default="read")
    date_start = fields.Date(string="From", help="First day of the access. Leave empty to begin at once.")
    date_end = fields.Date(string="Until", help="Last day of the access (UTC). Leave empty for no end.")
    reason = fields.Char(help="Why it is shared. Those it is shared with read it.")
    granted_by_id = fields.Many2one(
        "res.users", string="Shared by", required=True, readonly=True, index=True, default=lambda self: self.env.user
    )
    create_date = fields.Datetime(string="Shared on")
    active = fields.Boolean(default=True, help="Revoked shares are archived: they stay as history.")
    revoked_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    date_revoked = fields.Datetime(string="Revoked on", readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("current", "Current"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        search="_search_state",
    )

    is_revocable = fields.Boolean(
        compute="_compute_is_revocable", help="The share is not over, and the user may revoke it."
    )

    _check_recipient = models.Constraint(
        "CHECK(num_nonnulls(user_id, team_id, coverage_group_id, group_id) = 1)",
        "Share with exactly one: a user, a sales team, a coverage group or a user group.",
    )
    _check_dates = models.Constraint("CHECK(date_start <= date_end)", "A share cannot end before it begins.")

    @api.depends(*RECIPIENTS)
    def _compute_recipient(self):
        for share in self:
            name = next((name for name in RECIPIENTS if share[name]), False)
            share.recipient_kind = name and name.removesuffix("_id")
            share.recipient = name and share[name].display_name

    @api.depends("active", "date_start", "date_end")
    def _compute_state(self):
        today = self._get_day()
        for share in self:
            if not share.active:
                share.state = "revoked"
            elif share.date_end and share.date_end < today:
                share.state = "expired"
            else:
                share.state = "planned" if share.date_start and share.date_start > today else "current"

    @api.depends("state", "lead_id")
    @api.depends_context("uid")
    def _compute_is_revocable(self):
        for share in self:
            share.is_revocable = share.state in ("planned", "current") and share.lead_id.is_shareable

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_day()
        begun = Domain("date_start", "=", False) | Domain("date_start", "<=", today)
        ended = Domain("date_end", "<", today)
        active = Domain("active", "=", True)
        domains = {
            "planned": active & ~begun & ~ended,
            "current": active & begun & ~ended,
            "expired": active & ended,
            "revoked": Domain("active", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("user_id")
    def _check_user(self):
        users = self.user_id
        portal = users.filtered("share")
        if portal:
            raise ValidationError(
                self.env._(
                    "Opportunities are shared with internal users only, not with %s.",
                    ", ".join(portal.mapped("name")),
                )
            )
        lead = self.env["crm.lead"]
        strangers = users.filtered(lambda user: not lead.with_user(user).has_access("read"))
        if strangers:
            raise ValidationError(
                self.env._(
                    "%s cannot use CRM and would see nothing. Ask an administrator to give them access to Sales first.",
                    ", ".join(strangers.mapped("name")),
                )
            )

    @api.constrains("date_end")
    def _check_not_past(self):
        past = self.filtered(lambda share: share.state == "expired")
        if past and not self._is_loading_data():
            raise ValidationError(
                self.env._("The share with %s would end in the past. Choose today or a later day.", past[0].recipient)
            )

    @api.constrains("active", "date_start", "date_end", "lead_id", *RECIPIENTS)
    def _check_once_at_a_time(self):
        current = self.filtered("active")
        others = self.search([("lead_id", "in", current.lead_id.ids)]).grouped(lambda share: share._get_target())
        for share in current:
            twice = others.get(share._get_target(), self.browse()).filtered(share._overlaps)
            if twice:
                raise ValidationError(
                    self.env._(
                        "“%(opportunity)s” is shared with %(recipient)s already. Revoke that share first, or change"
                        " its dates.",
                        opportunity=share.lead_id.name,
                        recipient=share.recipient,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_loading_data():
            return super().create(vals_list)
        # before there is anything that could let the user read what an error would say about it
        self._get_leads_to_share(vals_list)._check_may_share()
        shares = super().create([self._sign(vals) for vals in vals_list])
        shares._forget_access()
        shares._update_followers()
        shares._tell_recipients()
        return shares

    @api.model
    def _sign(self, vals):
        """Return the values with the user as the one who grants now, whatever else was given."""
        given = {name: value for name, value in vals.items() if name != "follow_state"}
        return {**given, "granted_by_id": self.env.uid, "revoked_by_id": False, "date_revoked": False, "active": True}

    @api.model
    def _is_loading_data(self):
        """Tell whether demo data brings its own history along, and nobody is to be told."""
        return self.env["opportunity.stage.move"]._is_loading_data()

    def write(self, vals):
        if self.env.su and vals.keys() == {"follow_state"}:
            return super().write(vals)
        self.lead_id._check_may_share()
        vals = self._filter_changes(vals)
        self._check_history(vals)
        if vals.get("active") is False:
            vals = {**vals, "revoked_by_id": self.env.uid, "date_revoked": self.env.cr.now()}
        res = super().write(vals)
        self._forget_access()
        self._update_followers()
        return res

    def action_revoke(self):
        """End the access at once; the share stays as history."""
        return self.filtered("active").write({"active": False})

    @api.model
    def _get_leads_to_share(self, vals_list):
        """Return the opportunities that shares of these values would be about."""
        ids = {vals["lead_id"] for vals in vals_list if "lead_id" in vals}
        if any("lead_id" not in vals for vals in vals_list):
            ids.add(self.default_get(["lead_id"]).get("lead_id"))
        return self.env["crm.lead"].browse(filter(None, ids))

    def _filter_changes(self, vals):
        """Return the values without those that are there already: a file that was exported says them all again."""

        def is_changed(name, value):
            field = self._fields.get(name)
            if not field:
                return True  # refused by Odoo, in its words
            new = [field.convert_to_cache(value, share) for share in self]
            return new != [field.convert_to_cache(share[name], share) for share in self]

        return {name: value for name, value in vals.items() if is_changed(name, value)}

    def _check_history(self, vals):
        """Refuse to make a share another one, and to change one that is over."""
        if self.env.su:
            return
        if LASTING & vals.keys():
            raise UserError(
                self.env._("A share cannot be given to somebody else. Revoke it and share the opportunity again.")
            )
        if self.filtered(lambda share: share.state in ("expired", "revoked")):
            raise UserError(self.env._("This share is over and stays as history. Share the opportunity again."))

    def _get_target(self):
        """Return what is shared with whom, as something to compare."""
        return (self.lead_id.id, *(self[name].id for name in RECIPIENTS))

    def _is_like(self, other):
        """Tell whether another share is with the same recipient, of whichever opportunity."""
        return self._get_target()[1:] == other._get_target()[1:]

    def _overlaps(self, other):
        """Tell whether another share with the same recipient covers some of the same days."""
        return (
            self != other
            and (not self.date_end or not other.date_start or other.date_start <= self.date_end)
            and (not other.date_end or not self.date_start or self.date_start <= other.date_end)
        )

    @api.model
    def _get_day(self):
        """Return today, the same for all: neither the reader's time zone nor a context decides what is over."""
        return self.env.cr.now().date()

    @api.model
    def _forget_access(self):
        """Forget in this transaction who may see what."""
        self.env["crm.lead"].invalidate_model(["visible_by_grant", "writable_by_grant"], flush=False)
