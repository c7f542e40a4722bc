from odoo import api, models
from odoo.exceptions import UserError

from ..tools.column_name import is_column_name, make_column_name

COLUMNS = {
    "char": {"ttype": "char"},
    "text": {"ttype": "text"},
    "integer": {"ttype": "integer"},
    "float": {"ttype": "float"},
    "monetary": {"ttype": "monetary", "currency_field": "company_currency"},
    "date": {"ttype": "date"},
    "datetime": {"ttype": "datetime"},
    "boolean": {"ttype": "boolean"},
    "choice": {"ttype": "many2one", "relation": "opportunity.field.option"},
    "choices": {"ttype": "many2many", "relation": "opportunity.field.option"},
    "partner": {"ttype": "many2one", "relation": "res.partner"},
    "user": {"ttype": "many2one", "relation": "res.users", "domain": "[('share', '=', False)]"},
    "product": {"ttype": "many2one", "relation": "product.product", "domain": "[('sale_ok', '=', True)]"},
    "link": {"ttype": "char"},
    "file": {"ttype": "binary"},
}


class OpportunityField(models.Model):
    """The column behind a custom field: a field of the opportunity as a technical administrator could add one.

    CRM administrators have no right to add such fields. The superuser does it for them, with values that are all
    written here; of theirs come only labels, which are texts, and a kind, which is a key of `COLUMNS`.
    """

    _inherit = "opportunity.field"

    @api.model
    def _name_columns(self, vals_list):
        """Return the values with the names of the columns; a file from another database may bring valid ones."""
        taken = set(self.env["crm.lead"]._fields) | set(self.env["ir.model.fields"]._get_ids("crm.lead"))
        named = []
        for vals in vals_list:
            name = vals.get("technical_name") or make_column_name(vals.get("name") or "", taken)
            if not is_column_name(name) or {name, f"{name}_filename"} & taken:
                raise UserError(self.env._("“%s” cannot be the name of a column. Leave it empty.", name))
            taken.add(name)
            named.append({**vals, "technical_name": name})
        return named

    def _keep_column_names(self, vals):
        """Return the values without the names of the columns, which never change."""
        if "technical_name" not in vals:
            return vals
        if any(field.technical_name != vals["technical_name"] for field in self):
            raise UserError(self.env._("The technical name of a field stays as it is. Change its label instead."))
        return {name: value for name, value in vals.items() if name != "technical_name"}

    def _has_column(self):
        return self.technical_name in self.env["crm.lead"]._fields

    def _get_columns(self):
        """Return the columns of the fields, with those that hold the names of files, as superuser."""
        get = self.env["ir.model.fields"]._get
        columns = self.env["ir.model.fields"].sudo()  # sudo: only the columns of these fields, by their names
        for field in self:
            columns |= get("crm.lead", field.technical_name)
            if field.kind == "file":
                columns |= get("crm.lead", f"{field.technical_name}_filename")
        return columns

    def _needs_other_column(self, kind):
        return COLUMNS[self.kind] != COLUMNS[kind]

    def _add_columns(self):
        values = [vals for field in self for vals in field._prepare_columns()]
        if values:
            # sudo: CRM administrators have no right on fields in general; the values are those of `_prepare_columns`
            self.env["ir.model.fields"].sudo().create(values)

    def _prepare_columns(self):
        values = {
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "name": self.technical_name,
            "field_description": self.name,
            "help": self.help,
            "state": "manual",
            **COLUMNS[self.kind],
        }
        if values.get("relation") == "opportunity.field.option":
            values["domain"] = repr([("field_id", "=", self.id)])
        if values["ttype"] == "many2many":
            values |= {"relation_table": f"{self.technical_name}_rel", "column1": "lead_id", "column2": "option_id"}
        yield values
        if self.kind == "file":
            name = self.env._("%s: file name", self.name)
            yield {**values, "name": f"{self.technical_name}_filename", "ttype": "char", "field_description": name}

    def _drop_columns(self):
        """Remove the columns with all they hold, the files among it."""
        columns = self._get_columns().with_context(opportunity_tab_removal=True)
        if files := self.filtered(lambda field: field.kind == "file"):
            # sudo: the files of opportunities that the administrator may not see go with their column as well
            attachments = self.env["ir.attachment"].sudo()
            attachments.search(files._get_file_domain()).unlink()
        columns.unlink()

    def _get_file_domain(self):
        return [("res_model", "=", "crm.lead"), ("res_field", "in", self.mapped("technical_name"))]

    def _sync_labels(self):
        """Give the columns the labels and helps of the fields, in all languages."""
        self.flush_recordset(["name", "help"])
        languages = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        for field in self:
            column = field._get_columns().filtered(lambda column: column.name == field.technical_name)  # noqa: B023
            for source, target in (("name", "field_description"), ("help", "help")):
                known = self._fields[source]._get_stored_translations(field) or {}
                texts = {code: text for code, text in known.items() if code in languages}
                if texts:
                    column._update_field_translations(target, texts)
                elif column[target]:
                    column.write({target: False})

    def _count_values(self):
        """Return ``{field: number of opportunities that have a value}``, whoever may see those, archived ones too."""
        # sudo: an opportunity that the administrator cannot see loses its value as well; only the number is told
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return {
            field: leads.search_count([(field.technical_name, "!=", False)]) for field in self if field._has_column()
        }
