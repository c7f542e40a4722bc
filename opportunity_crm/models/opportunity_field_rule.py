from typing import NamedTuple

from odoo import fields, models, tools

from ..tools.tab_arch import NUMBERS


class FieldRule(NamedTuple):
    """What an opportunity has to know of a custom field, without reading its definition."""

    name: str
    kind: str
    field_id: int
    tab_id: int
    required: bool
    family_ids: tuple
    company_id: int | None
    default: object


class OpportunityField(models.Model):
    """What the server holds opportunities to: defaults, what is required, options of the field itself."""

    _inherit = "opportunity.field"

    @tools.ormcache(cache="stable")
    def _get_rules(self):
        """Return ``{name of the column: FieldRule}`` of the fields that are not archived, nor is their tab."""
        # sudo: one answer is kept for all users; it decides nothing about what they see
        definitions = self.sudo().with_context(active_test=True, lang=None).search([("tab_id.active", "=", True)])
        return {field.technical_name: field._prepare_rule() for field in definitions if field._has_column()}

    def _prepare_rule(self):
        tab = self.tab_id
        return FieldRule(
            self.technical_name,
            self.kind,
            self.id,
            tab.id,
            self.required,
            tuple(tab.family_ids.with_context(active_test=False).ids),
            tab.company_id.id or None,
            self._get_default(),
        )

    def _get_default(self):
        """Return the value with which new opportunities start, as `write` takes it; nothing when there is none."""
        if self.kind in ("choice", "choices"):
            chosen = self.option_ids.filtered("is_default").ids
            return chosen if self.kind == "choices" else chosen[0] if chosen else False
        if self.kind in ("date", "datetime"):
            return "today" if self.default_today else False
        if self.kind in NUMBERS:
            return int(self.default_number) if self.kind == "integer" else self.default_number
        if self.kind in ("partner", "user", "product"):
            return self[f"default_{self.kind}_id"].id
        if self.kind == "boolean":
            return self.default_boolean
        return self.default_text if self.kind != "file" else False

    def _resolve_default(self, rule):
        """Return the default of a rule as of now, for the user."""
        if rule.default != "today" or rule.kind not in ("date", "datetime"):
            return rule.default
        return fields.Date.context_today(self) if rule.kind == "date" else fields.Datetime.now()
