from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class OpportunityCoverageRole(models.Model):
    """What somebody is to the opportunities that a coverage group covers: technical specialist, partner manager."""

    _name = "opportunity.coverage.role"
    _description = "Coverage Role"
    _order = "sequence, name, id"

    name = fields.Char(string="Role", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True, help="What people with this role do for an opportunity.")
    member_ids = fields.One2many("opportunity.coverage.member", "role_id", string="Members")
    is_held = fields.Boolean(
        string="Held Today",
        compute="_compute_is_held",
        compute_sudo=True,
        help="Somebody holds this role in a coverage group today.",
    )

    @api.depends("member_ids.is_current")
    def _compute_is_held(self):
        for role in self:
            role.is_held = bool(role._get_holders())

    @api.constrains("name")
    def _check_name(self):
        first_words = {role._get_spelling().split(" ")[0] for role in self}
        similar = Domain.OR(Domain("name", "ilike", word) for word in first_words)
        spellings = Counter(role._get_spelling() for role in self.with_context(active_test=False).search(similar))
        twice = self.filtered(lambda role: spellings[role._get_spelling()] > 1)
        if twice:
            raise ValidationError(
                self.env._(
                    "There is already a role of this name: %s. Use that one, or restore it if it is archived.",
                    ", ".join(sorted(set(twice.mapped("name")))),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        # sudo: a member of another company holds the role as well; only names of roles are shown
        members = self.env["opportunity.coverage.member"].sudo()
        held = members._read_group([("role_id", "in", self.ids)], ["role_id"])
        if held:
            raise UserError(
                self.env._(
                    "Members of coverage groups have these roles, which therefore cannot be deleted: %s. Archive them"
                    " instead: they are no longer offered, and the members keep them.",
                    ", ".join(role.name for (role,) in held),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [dict(vals, name=self.env._("%s (copy)", role.name)) for role, vals in zip(self, vals_list, strict=True)]

    def _get_spelling(self):
        """Return the name as it is compared: without case and superfluous spaces."""
        return " ".join(self.name.casefold().split())

    def _get_holders(self):
        """Return the users who hold one of the roles today, in any active group of any company."""
        # sudo: whether a role is held does not depend on who asks
        return self.sudo().member_ids.filtered("is_current").user_id.with_env(self.env)
