from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.column_name import PREFIX
from ..tools.tab_arch import NUMBERS


class CrmLead(models.Model):
    """The custom tabs of an opportunity: what new ones start with, what they must have, and what merging keeps."""

    _inherit = "crm.lead"

    def _shows_tab(self, rule):
        """Tell whether the opportunity shows the tab to which a rule belongs."""
        return (
            self.type == "opportunity"
            and (not rule.family_ids or self.template_id.family_id.id in rule.family_ids)
            and (not rule.company_id or self.company_id.id == rule.company_id)
        )

    def _begin_tabs(self, vals_list):
        """Give new opportunities the defaults of their tabs, and refuse those that lack what is required.

        What arrives by itself, by e-mail or from a web form, is created by the superuser and never refused.

        :param list vals_list: the values with which each was created
        """
        rules = self.env["opportunity.field"]._get_rules().values()
        if not rules:
            return
        given = dict(zip(self, vals_list, strict=True))
        for rule in rules:
            if rule.default:
                self._apply_tab_default(rule, given)
        self._check_chosen_options({name for vals in vals_list for name in vals})
        if not self.env.su:
            self._check_begun(rules, given)

    def _apply_tab_default(self, rule, given):
        empty = self.filtered(
            lambda lead: rule.name not in given[lead] and lead._shows_tab(rule) and not lead[rule.name]
        )
        if empty:
            empty.write({rule.name: self.env["opportunity.field"]._resolve_default(rule)})

    def _check_begun(self, rules, given):
        for lead in self:
            missing = [
                rule
                for rule in rules
                if rule.required
                and not lead[rule.name]
                and not (rule.kind in NUMBERS and isinstance(given[lead].get(rule.name), (int, float)))
                and lead._shows_tab(rule)
            ]
            lead._refuse_missing(missing)

    def _check_tabs(self, vals):
        """Refuse to empty what a tab requires, and options of other fields."""
        names = [name for name in vals if name.startswith(PREFIX)]
        if not names:
            return
        self._check_chosen_options(names)
        if self.env.su:
            return
        rules = self.env["opportunity.field"]._get_rules()
        emptied = [rules[name] for name in names if name in rules and rules[name].required]
        for lead in self if emptied else ():
            lead._refuse_missing([rule for rule in emptied if lead._lacks(rule, vals) and lead._shows_tab(rule)])

    def _lacks(self, rule, vals):
        if rule.kind in NUMBERS:
            return vals[rule.name] is False or vals[rule.name] is None
        return not self[rule.name]

    def _refuse_missing(self, rules):
        if not rules:
            return
        # sudo: the label of a tab, which the opportunity shows
        tab = self.env["opportunity.tab"].sudo().browse(rules[0].tab_id)
        labels = [self._fields[rule.name]._description_string(self.env) for rule in rules]
        raise ValidationError(
            self.env._(
                "“%(opportunity)s” needs a value for %(fields)s in the tab “%(tab)s”.",
                opportunity=self.name,
                fields=", ".join(f"“{label}”" for label in labels),
                tab=tab.name,
            )
        )

    def _check_chosen_options(self, names):
        rules = self.env["opportunity.field"]._get_rules()
        chosen = [rules[name] for name in names if name in rules and rules[name].kind in ("choice", "choices")]
        for rule in chosen:
            options = self.sudo()[rule.name]  # sudo: to which field an option belongs
            if any(option.field_id.id != rule.field_id for option in options):
                raise ValidationError(
                    self.env._(
                        "Choose among the options of “%s”; those of another field are no choice.",
                        self._fields[rule.name]._description_string(self.env),
                    )
                )

    @api.onchange("template_id", "type", "company_id")
    def _onchange_tabs(self):
        """Show the defaults of the tabs while an opportunity is being created."""
        if self._origin:
            return
        definitions = self.env["opportunity.field"]
        for rule in definitions._get_rules().values():
            if rule.default and not self[rule.name] and self._shows_tab(rule):
                self[rule.name] = definitions._resolve_default(rule)

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *self._get_filled_columns()]

    def _merge_get_fields_specific(self):
        """Several choices are united; of everything else the first value is kept, as Odoo does."""
        several = [name for name in self._get_filled_columns() if self._fields[name].type == "many2many"]
        return {**super()._merge_get_fields_specific(), **dict.fromkeys(several, self._merge_choices)}

    @api.model
    def _merge_choices(self, name, leads):
        return leads[name]

    def _get_filled_columns(self):
        """Return the names of the columns of all custom tabs, archived ones included, in which one of the opportunities
        has a value."""
        columns = [name for name, field in self._fields.items() if field.manual and name.startswith(PREFIX)]
        return [name for name in columns if any(lead[name] for lead in self)]
