from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.tab_arch import FieldPart
from .opportunity_tab import check_label

KINDS = [
    ("char", "Text"),
    ("text", "Long Text"),
    ("integer", "Whole Number"),
    ("float", "Decimal Number"),
    ("monetary", "Money"),
    ("date", "Date"),
    ("datetime", "Date and Time"),
    ("boolean", "Yes / No"),
    ("choice", "Choice"),
    ("choices", "Several Choices"),
    ("partner", "Contact"),
    ("user", "User"),
    ("product", "Product"),
    ("link", "Link"),
    ("file", "File"),
]
CHOICES = ("choice", "choices")


class OpportunityField(models.Model):
    """A field of a custom tab. It is a column of the opportunity, so that Odoo searches, groups, imports and exports it
    as its own.

    The administrator decides about labels, kind and place; the name of the column is made from the first label and
    stays, and nothing else of a column can be set here: no code, no formula, no domain.
    """

    _name = "opportunity.field"
    _description = "Custom Field of Opportunities"
    _order = "tab_id, sequence, id"

    tab_id = fields.Many2one("opportunity.tab", required=True, index=True, ondelete="cascade")
    name = fields.Char(string="Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="An archived field is not shown anywhere; what was filled in stays and comes back with it."
    )
    kind = fields.Selection(KINDS, string="Type", required=True, default="char")
    section = fields.Char(
        string="Group", translate=True, help="Fields with the same group stand together under it as their title."
    )
    help = fields.Char(translate=True, help="Shown when somebody points at the label.")
    technical_name = fields.Char(
        readonly=True, copy=False, help="The name of the column, made from the label, for imports and formulas."
    )
    required = fields.Boolean(
        help="Whoever creates an opportunity that shows the tab must fill it in, and nobody can empty it again."
        " Opportunities that exist already are left alone; an exit condition of their template can ask for it."
    )
    in_list = fields.Boolean(string="In the List", help="An optional column in the list of opportunities.")
    in_kanban = fields.Boolean(string="On the Card", help="A line on the cards of the pipeline, where it has a value.")
    in_search = fields.Boolean(
        string="In the Search", default=True, help="Offered in the search bar, the filters and to group by."
    )
    option_ids = fields.One2many("opportunity.field.option", "field_id", string="Options", copy=True)
    default_text = fields.Char()
    default_number = fields.Float()
    default_boolean = fields.Boolean(string="Default Yes")
    default_today = fields.Boolean(string="Starts with the Day of Creation")
    default_partner_id = fields.Many2one("res.partner", string="Default Contact", ondelete="set null")
    default_user_id = fields.Many2one("res.users", domain=[("share", "=", False)], ondelete="set null")
    default_product_id = fields.Many2one("product.product", ondelete="set null")

    _technical_name_unique = models.UniqueIndex("(technical_name)", "Two fields cannot share a column.")

    @api.constrains("name", "section", "help")
    def _check_labels(self):
        for field in self:
            check_label(field, "name", "section")
            if len(field.help or "") > 500 or not (field.help or "").isprintable():
                raise ValidationError(
                    self.env._("The help of “%s” is too long: use at most 500 characters.", field.name)
                )

    @api.constrains("name", "tab_id", "active")
    def _check_label_unique(self):
        for tab in self.tab_id:
            labels = [field.name.strip().casefold() for field in tab.field_ids]
            twice = tab.field_ids.filtered(lambda field: labels.count(field.name.strip().casefold()) > 1)  # noqa: B023
            if twice:
                raise ValidationError(
                    self.env._(
                        "The tab “%(tab)s” has two fields “%(field)s”. Give one of them another label.",
                        tab=tab.name,
                        field=twice[0].name,
                    )
                )

    @api.constrains("kind", "required")
    def _check_required(self):
        if answered := self.filtered(lambda field: field.required and field.kind == "boolean"):
            raise ValidationError(
                self.env._("“%s” is a yes or a no and always has a value: it cannot be required.", answered[0].name)
            )

    @api.constrains("kind", "option_ids")
    def _check_options(self):
        for field in self.filtered(lambda field: field.kind in CHOICES):
            if not field.option_ids:
                raise ValidationError(self.env._("Between what can people choose? Add options to “%s”.", field.name))
            if field.kind == "choice" and len(field.option_ids.filtered("is_default")) > 1:
                raise ValidationError(self.env._("“%s” can start with one option only.", field.name))

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(self._name_columns(vals_list))
        definitions._add_columns()
        self.env["opportunity.tab"]._forget_tabs()
        return definitions

    def write(self, vals):
        vals = self._keep_column_names(vals)
        retyped = self.filtered(lambda field: field.kind != vals.get("kind", field.kind))
        retyped._check_type_may_change(vals)
        self._check_tab_stays(vals)
        replaced = retyped.filtered(lambda field: field._needs_other_column(vals["kind"]))
        relabeled = (self - replaced)._filter_relabeled(vals)
        replaced._drop_columns()
        res = super().write(vals)
        replaced._add_columns()
        relabeled._sync_labels()
        self.env["opportunity.tab"]._forget_tabs()
        return res

    def _filter_relabeled(self, vals):
        """Return the fields whose label or help the values change: a file that is loaded again writes what is there."""
        given = {"name", "help"} & vals.keys()
        return self.filtered(lambda field: any(field[name] != vals[name] for name in given))

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        self._sync_labels()
        return res

    def unlink(self):
        self.check_access("unlink")
        if not self.env.context.get("opportunity_discard_values"):
            self._check_nothing_lost()
        self._forget_searches()
        self._drop_columns()
        res = super().unlink()
        self.env["opportunity.tab"]._forget_tabs()
        return res

    def _check_tab_stays(self, vals):
        """A field may move to another tab, but not to one that its owner may not change."""
        if "tab_id" in vals:
            self.env["opportunity.tab"].browse(vals["tab_id"]).check_access("write")

    def _check_type_may_change(self, vals):
        changing = self.filtered(lambda field: field._needs_other_column(vals["kind"]))
        for field, count in changing._count_values().items():
            if count:
                raise UserError(
                    self.env._(
                        "“%(field)s” keeps its type: it is filled in (opportunities: %(count)s). Archive it and add a"
                        " new field of the other type; to take the values along, export them and import them into"
                        " that.",
                        field=field.name,
                        count=count,
                    )
                )

    def _check_nothing_lost(self):
        for field, count in self._count_values().items():
            if count:
                raise UserError(
                    self.env._(
                        "“%(field)s” is filled in (opportunities: %(count)s), and that would be lost. Archive it to"
                        " hide it, or press “Remove” if you want to lose it.",
                        field=field.name,
                        count=count,
                    )
                )

    def action_remove(self):
        """Open the dialog that says what would be lost with the fields, and removes them."""
        return self.env["opportunity.field.removal"]._open(fields=self)

    def _prepare_part(self):
        return FieldPart(
            self.technical_name,
            self.kind,
            self.id,
            self.name,
            self.section or "",
            self.required,
            self.in_list,
            self.in_kanban,
            self.in_search,
        )
