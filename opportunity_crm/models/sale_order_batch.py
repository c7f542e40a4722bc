from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import clean_context


class SaleOrder(models.Model):
    """Many orders at once: what Odoo asks the database for each of them is asked once."""

    _inherit = "sale.order"

    @api.model
    def _create_many(self, values_list):
        """Create orders from values, without the defaults that the context holds for other records."""
        orders = self.with_env(self.env(context=clean_context(self.env.context)))
        values_list = orders._drop_deleted(values_list)
        if len(values_list) > 1:
            values_list = orders._number(orders._complete_defaults(values_list))
        return orders.create(values_list)

    @api.model
    def _complete_defaults(self, values_list):
        """Read the default headers and footers of Odoo's PDF quotes, where it is installed, once for all."""
        defaults = self.default_get(["quotation_document_ids"]) if "quotation_document_ids" in self._fields else {}
        return [{**defaults, **values} for values in values_list]

    @api.model
    def _number(self, values_list):
        """Draw the numbers of the orders at once, where the sequence allows it; Odoo numbers the others."""
        numbers = {
            company_id: iter(self._draw_numbers(company_id, [values["company_id"] for values in values_list]))
            for company_id in {values["company_id"] for values in values_list}
        }
        numbered = []
        for values in values_list:
            name = next(numbers[values["company_id"]], None)
            numbered.append({**values, "name": name} if name else values)
        return numbered

    @api.model
    def _draw_numbers(self, company_id, company_ids):
        domain = [("code", "=", "sale.order"), ("company_id", "in", [company_id, False])]
        # sudo: who may create orders may number them, as Odoo does it
        sequence = self.env["ir.sequence"].sudo().search(domain, order="company_id", limit=1)
        if not sequence or sequence.implementation != "standard" or sequence.use_date_range:
            return []
        # SQL: the numbers of a sequence are a database's, and the ORM draws one by one
        count = company_ids.count(company_id)
        query = SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", count)
        return [sequence.get_next_char(number) for (number,) in self.env.execute_query(query)]
