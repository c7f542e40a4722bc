from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.tab_arch import TabPart

LONGEST_LABEL = 80
ICONS = [
    ("fa-wrench", "Wrench"),
    ("fa-cogs", "Gears"),
    ("fa-shopping-cart", "Shopping Cart"),
    ("fa-money", "Money"),
    ("fa-calendar", "Calendar"),
    ("fa-users", "People"),
    ("fa-building", "Building"),
    ("fa-truck", "Truck"),
    ("fa-globe", "Globe"),
    ("fa-balance-scale", "Scales"),
    ("fa-shield", "Shield"),
    ("fa-flask", "Flask"),
    ("fa-laptop", "Computer"),
    ("fa-leaf", "Leaf"),
    ("fa-line-chart", "Chart"),
    ("fa-list-ul", "List"),
    ("fa-star", "Star"),
    ("fa-flag", "Flag"),
]


def check_label(record, *names):
    """Refuse labels that no screen could show: too long, or with characters that cannot be printed."""
    for name in names:
        text = record[name] or ""
        if len(text) > LONGEST_LABEL or not text.isprintable():
            raise ValidationError(
                record.env._(
                    "“%(label)s” cannot be a label: use at most %(count)s characters on one line.",
                    label=text[:LONGEST_LABEL],
                    count=LONGEST_LABEL,
                )
            )


class OpportunityTab(models.Model):
    """A tab of the opportunity with fields that an administrator defines, shown for all opportunities or for those of
    some templates."""

    _name = "opportunity.tab"
    _description = "Custom Tab of Opportunities"
    _order = "sequence, id"

    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="An archived tab is not shown anywhere; what was filled in stays and comes back with it."
    )
    icon = fields.Selection(ICONS)
    family_ids = fields.Many2many(
        "opportunity.template",
        "opportunity_tab_template_rel",
        string="First Revisions of the Templates",
        context={"active_test": False},
        copy=True,
    )
    template_ids = fields.Many2many(
        "opportunity.template",
        string="Opportunity Templates",
        compute="_compute_template_ids",
        inverse="_inverse_template_ids",
        context={"active_test": False},
        help="Only opportunities of these templates, in whichever revision, show the tab. Leave empty to show it on"
        " every opportunity.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to show the tab on the opportunities of all companies."
    )
    field_ids = fields.One2many("opportunity.field", "tab_id", string="Fields", copy=True)
    field_count = fields.Integer(string="Number of Fields", compute="_compute_field_count")

    @api.depends("family_ids.current_id")
    def _compute_template_ids(self):
        for tab in self:
            tab.template_ids = tab.family_ids.current_id

    def _inverse_template_ids(self):
        for tab in self:
            tab.family_ids = tab.template_ids.family_id

    @api.depends("field_ids")
    def _compute_field_count(self):
        for tab in self:
            tab.field_count = len(tab.field_ids)

    @api.constrains("name")
    def _check_name(self):
        for tab in self:
            check_label(tab, "name")

    @api.model_create_multi
    def create(self, vals_list):
        tabs = super().create(vals_list)
        self._forget_tabs()
        return tabs

    def write(self, vals):
        res = super().write(vals)
        self._forget_tabs()
        return res

    def unlink(self):
        self.check_access("unlink")
        self.with_context(active_test=False).field_ids.unlink()
        res = super().unlink()
        self._forget_tabs()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [dict(vals, name=self.env._("%s (copy)", tab.name)) for tab, vals in zip(self, vals_list, strict=True)]

    def action_remove(self):
        """Open the dialog that says what would be lost with the tab, and removes it."""
        self.ensure_one()
        return self.env["opportunity.field.removal"]._open(tab=self)

    @api.model
    def _forget_tabs(self):
        """Forget what is kept of tabs between requests, in every server: the views, and the rules of the fields."""
        self.env.registry.clear_cache("stable", "templates")

    @api.model
    def _get_parts(self):
        """Return the tabs as a view shows them, in the language of the environment."""
        # sudo: one view is kept for all users, those of other companies included; each tab says where it is hidden
        return [tab._prepare_part() for tab in self.sudo().search([])]

    def _prepare_part(self):
        # with its own context: an archived template keeps its tab
        families = self.family_ids.with_context(active_test=False)
        return TabPart(
            self.id,
            self.name,
            self.icon or "",
            tuple(families.revision_ids.ids) if families else None,
            self.company_id.id or None,
            tuple(field._prepare_part() for field in self.field_ids if field._has_column()),
        )
