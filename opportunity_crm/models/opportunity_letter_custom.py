from functools import partial

from odoo import api, models
from odoo.tools import format_datetime, formatLang
from odoo.tools.i18n import format_list

TYPES = frozenset({"char", "text", "integer", "float", "monetary", "date", "datetime", "boolean", "selection"})
# Of what a field points to, only the name is printed, and only of these.
NAMED = frozenset({"opportunity.field.option", "res.partner", "res.users", "product.product"})


class OpportunityLetterField(models.AbstractModel):
    """The fields that administrators added to opportunities, as merge fields."""

    _inherit = "opportunity.letter.field"

    def _get_custom_fields(self):
        """Return the fields that administrators added to opportunities, for everybody to see."""
        fields = self.env["crm.lead"]._fields
        names = [name for name, field in fields.items() if field.manual and self._is_printable(field)]
        # without any, all fields would be described
        described = self.env["crm.lead"].fields_get(names, ["string"]) if names else {}
        return {f"opportunity.{name}": described[name]["string"] for name in names}

    @api.model
    def _is_printable(self, field):
        is_named = field.type in ("many2one", "many2many") and field.comodel_name in NAMED
        return not field.groups and (is_named or field.type in TYPES)

    def _get_custom_readers(self):
        names = [key.partition(".")[2] for key in self._get_custom_fields()]
        return {f"opportunity.{name}": partial(self._read_custom, name) for name in names}

    def _read_custom(self, name, letter):
        field, value = letter.lead._fields[name], letter.lead[name]
        if field.type == "boolean":
            return self._format_custom_boolean(letter.lead, value)
        read = getattr(self, f"_format_custom_{field.type}", None)
        if read and value:
            return read(letter.lead, field, value)
        return str(value) if value else ""

    def _format_custom_boolean(self, lead, value):
        if not lead:
            return ""
        return self.env._("Yes") if value else self.env._("No")

    def _format_custom_integer(self, _lead, _field, value):
        return formatLang(self.env, value, digits=0)

    def _format_custom_float(self, _lead, field, value):
        return formatLang(self.env, value, digits=(field.get_digits(self.env) or (16, 2))[1])

    def _format_custom_monetary(self, lead, field, value):
        return self._format_amount(value, lead[field.get_currency_field(lead)])

    def _format_custom_date(self, _lead, _field, value):
        return self._format_date(value)

    def _format_custom_datetime(self, _lead, _field, value):
        return format_datetime(self.env, value, dt_format="short")

    def _format_custom_selection(self, _lead, field, value):
        return dict(field._description_selection(self.env)).get(value, "")

    def _format_custom_many2one(self, _lead, _field, value):
        return self._get_printed_names(value)[0]

    def _format_custom_many2many(self, _lead, _field, value):
        return format_list(self.env, self._get_printed_names(value))

    def _get_printed_names(self, records):
        """Return the names that a letter prints: those of people without their company, of products without code."""
        # sudo: the names alone, as Odoo shows those of what an opportunity points to
        named = records.sudo().with_context(display_default_code=False)
        if records._name in ("res.partner", "res.users"):
            return [record.name or record.display_name for record in named]
        return named.mapped("display_name")
