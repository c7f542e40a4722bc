from datetime import date
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class OpportunityCoverageMember(models.Model):
    """A user in a coverage group, with a role, a share of the credit and perhaps for some time only."""

    _name = "opportunity.coverage.member"
    _description = "Coverage Group Member"
    _order = "sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    group_id = fields.Many2one("opportunity.coverage.group", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, help="Where several people have a role, the first one is asked.")
    company_id = fields.Many2one(related="group_id.company_id", store=True, precompute=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    role_id = fields.Many2one("opportunity.coverage.role", required=True, index=True, ondelete="restrict")
    credit = fields.Float(
        string="Credit (%)", digits=(5, 2), help="Share in the credit for the opportunities that the group covers."
    )
    date_from = fields.Date(string="From", help="First day of the membership. Leave empty for no beginning.")
    date_to = fields.Date(string="To", help="Last day of the membership. Leave empty for no end.")
    is_current = fields.Boolean(
        compute="_compute_is_current",
        compute_sudo=True,
        help="The group and the user are active, and today is within the dates.",
    )

    _check_credit = models.Constraint("CHECK(credit >= 0 AND credit <= 100)", "The credit is between 0 and 100 %.")
    _check_dates = models.Constraint("CHECK(date_from <= date_to)", "A membership cannot end before it begins.")

    @api.depends("group_id.active", "user_id.active", "user_id.share", "date_from", "date_to")
    def _compute_is_current(self):
        self.is_current = False
        self.filtered_domain(self._get_domain_current()).is_current = True

    @api.constrains("user_id")
    def _check_internal_user(self):
        others = self.user_id.filtered("share")
        if others:
            raise ValidationError(
                self.env._(
                    "Only internal users can be members of a coverage group, not %s.", ", ".join(others.mapped("name"))
                )
            )

    @api.constrains("group_id", "user_id", "role_id", "date_from", "date_to")
    def _check_once_at_a_time(self):
        everyone = self.group_id.member_ids.sorted(lambda member: member.date_from or date.min)
        for members in everyone.grouped(lambda member: (member.group_id, member.user_id, member.role_id)).values():
            for former, later in pairwise(members):
                if (former.date_to or date.max) >= (later.date_from or date.min):
                    raise ValidationError(
                        self.env._(
                            "%(user)s has the role “%(role)s” twice at the same time in the group “%(group)s”. Remove"
                            " one of the two, or let one end before the other begins.",
                            user=later.user_id.name,
                            role=later.role_id.name,
                            group=later.group_id.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["opportunity.share"]._forget_access()
        return members

    def write(self, vals):
        res = super().write(vals)
        self.env["opportunity.share"]._forget_access()
        return res

    def unlink(self):
        res = super().unlink()
        self.env["opportunity.share"]._forget_access()
        return res

    @api.model
    def _get_domain_current(self):
        """Return the domain of the members who cover something today; nobody else does, whatever else is stored.

        The day is the same for all, in UTC: access depends on it, and a context is the reader's to choose.
        """
        today = self.env.cr.now().date()
        return (
            Domain("group_id.active", "=", True)
            & Domain("user_id.active", "=", True)
            & Domain("user_id.share", "=", False)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
