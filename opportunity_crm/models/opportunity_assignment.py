from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError


class OpportunityAssignment(models.Model):
    """A rotation: whose turn it is to get the next new opportunity.

    Templates use it. It stands outside of them and their revisions, because people come and go without anything
    changing in how deals are worked, and because its balances go on when the next revision is published. Several
    templates may share one, and are then fair together.
    """

    _name = "opportunity.assignment"
    _description = "Assignment Rotation"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, help="An archived rotation assigns nothing.")
    company_id = fields.Many2one("res.company", index=True, help="Leave empty to use the rotation in all companies.")
    source = fields.Selection(
        [("team", "Sales Team"), ("group", "Coverage Group")], string="Among", default="team", required=True
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True, ondelete="restrict")
    group_id = fields.Many2one("opportunity.coverage.group", check_company=True, ondelete="restrict")
    role_ids = fields.Many2many(
        "opportunity.coverage.role",
        string="Roles",
        help="Only members with one of these roles take turns. Leave empty for all members.",
    )
    mode = fields.Selection(
        [("equal", "Equally"), ("ratio", "By Ratio")],
        string="How",
        default="equal",
        required=True,
        help="Equally: everybody who is there gets as many. By ratio: as their capacity in the sales team, or their"
        " weight in the coverage group, says.",
    )
    turn_ids = fields.One2many("opportunity.assignment.turn", "assignment_id", string="Turns", readonly=True)
    turn_count = fields.Integer(string="Assigned", default=0, readonly=True, copy=False, help="Number of turns taken.")
    template_ids = fields.One2many("opportunity.template", "assignment_id", string="Templates", readonly=True)

    @api.constrains("source", "team_id", "group_id", "role_ids")
    def _check_people(self):
        for rotation in self:
            people = rotation.team_id if rotation.source == "team" else rotation.group_id
            if not people:
                raise ValidationError(
                    self.env._("Among whom? Choose a sales team or a coverage group for “%s”.", rotation.name)
                )
            if not rotation._get_pool():
                raise ValidationError(
                    self.env._("“%s” has nobody who could take turns. Add members first.", people.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        # sudo: a template of another company uses the rotation as well; only names of templates are shown
        templates = self.sudo().with_context(active_test=False).template_ids
        if templates:
            raise UserError(
                self.env._(
                    "These templates assign their opportunities by turns: %s. Archive the rotation instead of deleting"
                    " it, or choose another one there.",
                    ", ".join(sorted(set(templates.mapped("name")))),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "active" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", rotation.name))
            for rotation, vals in zip(self, vals_list, strict=True)
        ]

    @api.model
    @tools.ormcache()
    def _get_assigning_templates(self):
        """Return the ids of the templates that are active and assign by turns. Nearly every creation asks."""
        # sudo: the same for everybody, and kept for everybody
        templates = self.env["opportunity.template"].sudo()
        domain = [("state", "=", "active"), ("assignment_id.active", "=", True)]
        return frozenset(templates.search(domain).ids)


class OpportunityCoverageRole(models.Model):
    """A role by which a rotation chooses, or with which somebody had credit, stays."""

    _inherit = "opportunity.coverage.role"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: rotations and opportunities of other companies count as well; only names of roles are shown
        used = (
            self.env["opportunity.assignment"]
            .sudo()
            .with_context(active_test=False)
            .search([("role_ids", "in", self.ids)])
            .role_ids
            & self
        )
        used |= self.env["opportunity.credit"].sudo().search([("role_id", "in", self.ids)]).role_id
        if used:
            raise UserError(
                self.env._(
                    "Rotations or closed opportunities refer to these roles, which therefore cannot be deleted: %s."
                    " Archive them instead.",
                    ", ".join(used.sorted().mapped("name")),
                )
            )
