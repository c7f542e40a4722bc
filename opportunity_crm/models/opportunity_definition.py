from odoo import api, fields, models
from odoo.exceptions import UserError


def differs(records, vals):
    """Tell whether values differ from what the records have: a file that is loaded again writes what is there.

    Commands that only touch the lines of a one2many are left to those lines.
    """
    return any(_differs(record, record._fields[name], value) for record in records for name, value in vals.items())


def _differs(record, field, value):
    if field.type == "one2many":
        return any(command[0] not in (fields.Command.UPDATE, fields.Command.LINK) for command in value or ())
    wanted = field.convert_to_record(field.convert_to_cache(value, record), record)
    present = record[field.name]
    return set(wanted.ids) != set(present.ids) if field.relational else wanted != present


class OpportunityDefinition(models.AbstractModel):
    """A part of a template: a stage, a step, an exit condition.

    It is edited freely until an opportunity uses the template. From then on only its texts can be corrected; every
    other change belongs to the next revision of the template.
    """

    _name = "opportunity.definition"
    _description = "Part of an Opportunity Template"

    _correctable = frozenset()

    is_frozen = fields.Boolean(string="In Use", compute="_compute_is_frozen")

    def _compute_is_frozen(self):
        used = self._get_templates()._filter_in_use()
        for definition in self:
            definition.is_frozen = bool(definition._get_templates() & used)

    def _get_templates(self):
        """Return the templates to which the records belong."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(vals_list)
        definitions._get_templates()._check_not_frozen()
        self.env.registry.clear_cache()
        return definitions

    def write(self, vals):
        changed = vals.keys() - self._correctable
        if not changed:
            return super().write(vals)
        templates = self._get_templates()
        if differs(self, {name: vals[name] for name in changed}):
            templates._check_not_frozen()
        res = super().write(vals)
        if self._get_templates() - templates:
            raise UserError(self.env._("A part of a template stays in its template. Create a new one in the other."))
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._get_templates()._check_not_frozen()
