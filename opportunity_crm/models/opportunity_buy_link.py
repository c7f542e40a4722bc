from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import format_date, format_datetime

from ..tools import buy_token


class OpportunityBuyLink(models.Model):
    """A Buy Now link: an offer, frozen when it was made, that whoever has the private link may accept once.

    It exists from the moment the e-mail is composed, and works from the moment the e-mail is sent until it expires, is
    revoked, or the opportunity is closed. Only the server creates and changes links; people send, revoke and prolong
    them. The offer is in ``offer``, see :meth:`~opportunity_buy_link_offer.OpportunityBuyLink._freeze`.
    """

    _name = "opportunity.buy.link"
    _description = "Buy Now Link"
    _order = "id desc"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Sent by", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    lang = fields.Char(readonly=True, help="Code of the language of the customer when the offer was made.")
    offer = fields.Json(readonly=True, groups="base.group_system", help="The frozen offer.")
    amount_total = fields.Monetary(string="Total", readonly=True, help="Total of the offer, with taxes.")
    token_selector = fields.Char(readonly=True, groups=NO_ACCESS, copy=False, index="btree_not_null")
    token_hash = fields.Char(readonly=True, groups=NO_ACCESS, copy=False, help="SHA-256 of the secret part.")
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    date_expiry = fields.Datetime(string="Valid Until", required=True)
    date_accepted = fields.Datetime(string="Accepted On", readonly=True)
    date_revoked = fields.Datetime(string="Revoked On", readonly=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    revoke_reason = fields.Char(readonly=True)
    view_count = fields.Integer(string="Views", readonly=True)
    date_viewed = fields.Datetime(string="Last Viewed On", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null", ondelete="set null")
    is_invoice_asked = fields.Boolean(string="Asked to Be Invoiced", readonly=True)
    problem = fields.Char(readonly=True, help="Why the customer could not accept when they tried.")
    state = fields.Selection(
        [
            ("draft", "Not Sent"),
            ("active", "Active"),
            ("accepted", "Accepted"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    reason = fields.Char(string="Details", compute="_compute_reason", help="Why the link is in its state.")
    preview_url = fields.Char(
        compute="_compute_preview_url",
        help="Where colleagues see what the customer sees. In the e-mail to the customer the private link replaces it.",
    )

    _token_selector_unique = models.UniqueIndex("(token_selector) WHERE token_selector IS NOT NULL")

    @api.depends("create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Name links by their day: names are told to people who may not see the link itself."""
        for link in self:
            link.display_name = self.env._("Buy Now link of %s", format_date(self.env, link.create_date))

    @api.depends("date_sent", "date_expiry", "date_accepted", "date_revoked")
    def _compute_state(self):
        now = self.env.cr.now()
        for link in self:
            link.state = link._get_state(now)

    def _get_state(self, now):
        if self.date_revoked:
            return "revoked"
        if self.date_accepted:
            return "accepted"
        if not self.date_sent:
            return "draft"
        return "active" if self.date_expiry > now else "expired"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        unanswered = Domain("date_revoked", "=", False) & Domain("date_accepted", "=", False)
        sent = unanswered & Domain("date_sent", "!=", False)
        now = self.env.cr.now()
        domains = {
            "revoked": Domain("date_revoked", "!=", False),
            "accepted": Domain("date_revoked", "=", False) & Domain("date_accepted", "!=", False),
            "draft": unanswered & Domain("date_sent", "=", False),
            "active": sent & Domain("date_expiry", ">", now),
            "expired": sent & Domain("date_expiry", "<=", now),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends(
        "state", "view_count", "date_viewed", "problem", "order_id.state", "lead_id.active", "lead_id.won_status"
    )
    @api.depends_context("lang", "tz")
    def _compute_reason(self):
        for link in self:
            link.reason = link._explain()

    def _explain(self):
        """Return why the link is in its state, for the people of sales."""
        if self.state == "revoked":
            return self.revoke_reason
        if self.state == "accepted":
            return self._explain_acceptance()
        if self.state == "draft":
            return self.env._("The e-mail was not sent. The link does not work.")
        if self.state == "expired":
            return self.env._("The time is over. Set a later date, or send a new link.")
        if not self._is_lead_open():
            return self.env._("The opportunity is closed. The link works again when it is restored.")
        if self.problem:
            return self.env._("The customer could not accept. %s", self.problem)
        return self._explain_views()

    def _explain_acceptance(self):
        if self.is_invoice_asked:
            return self.env._("The customer asks to be invoiced. Confirm the order and invoice it.")
        if not self.order_id:
            return self.env._("The order was deleted.")
        if self.order_id.state == "cancel":
            return self.env._("The order was cancelled. The link does not work any more.")
        return ""

    def _explain_views(self):
        if not self.view_count:
            return self.env._("Not viewed yet.")
        return self.env._("Viewed %(count)s times, last on %(date)s.", count=self.view_count, date=self._say_viewed())

    def _say_viewed(self):
        return format_datetime(self.env, self.date_viewed, dt_format="short")

    def _compute_preview_url(self):
        for link in self:
            link.preview_url = f"{link.get_base_url()}{buy_token.PREVIEW}{link.id}"

    def _is_lead_open(self):
        return self.lead_id.active and self.lead_id.won_status != "lost"

    def _is_open(self):
        """Tell whether the offer can be accepted."""
        return self.state == "active" and self._is_lead_open()

    def _is_viewable(self):
        """Tell whether the page shows the offer: while it can be accepted, and afterwards as the way to the order."""
        return self._is_open() or (self.state == "accepted" and self.order_id.state not in (False, "cancel"))

    def write(self, vals):
        """People may only give a link more or less time; all else is the server's (which is in superuser mode)."""
        if not self.env.su:
            if vals.keys() - {"date_expiry"}:
                raise AccessError(self.env._("Only the validity of a Buy Now link can be changed. Send a new link."))
            self._check_time_given(fields.Datetime.to_datetime(vals.get("date_expiry")))
        return super().write(vals)

    def _check_time_given(self, date):
        self.lead_id.check_access("write")
        if not date or date <= self.env.cr.now():
            raise UserError(self.env._("Until when is the link valid? Set a date to come, or revoke the link."))
        if any(link.state not in ("active", "expired") for link in self):
            raise UserError(self.env._("Only a link that is active or expired can be given another date."))

    def action_revoke(self):
        """Make links stop working at once, for whoever may edit their opportunities."""
        self.lead_id.check_access("write")
        self._revoke(self.env._("Revoked by %s.", self.env.user.name))
        return True

    def _revoke(self, reason):
        """Revoke the links that are not accepted, expired ones included.

        :param str reason: the sentence that people of sales will read
        """
        open_links = self.filtered(lambda link: link.state in ("draft", "active", "expired"))
        # sudo: nobody may write links directly
        open_links.sudo().write(
            {"date_revoked": self.env.cr.now(), "revoked_by_id": self.env.uid, "revoke_reason": reason}
        )

    def action_open_order(self):
        """Open the order that came of the link."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def action_preview(self):
        """Show what the customer sees."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"{buy_token.PREVIEW}{self.id}", "target": "new"}

    @api.autovacuum
    def _gc_unsent(self):
        """Forget what was composed and never sent, when it could not be accepted any more."""
        self.search([("state", "=", "draft"), ("date_expiry", "<=", self.env.cr.now())], limit=1000).unlink()
