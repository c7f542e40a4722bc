from collections import defaultdict

from odoo import api, fields, models


class CrmLead(models.Model):
    """What the products of an opportunity come to, as the first order would: shown below them."""

    _inherit = "crm.lead"

    offer_tax_totals = fields.Binary(compute="_compute_offer_totals", exportable=False)
    offer_recurring = fields.Char(
        string="Recurring", compute="_compute_offer_totals", help="Without taxes, what is due for every period."
    )
    offer_once = fields.Monetary(
        string="Due Once",
        compute="_compute_offer_totals",
        currency_field="offer_currency_id",
        help="Without taxes: products that are sold once, and set-up fees.",
    )
    has_priced_lines = fields.Boolean(compute="_compute_has_priced_lines")

    # Apart from the totals, which are only read with the products; this decides on buttons of the whole form.
    @api.depends("line_ids.display_type")
    def _compute_has_priced_lines(self):
        for lead in self:
            lead.has_priced_lines = bool(lead._get_priced_lines())

    @api.depends("line_ids.price_total", "line_ids.setup_total", "line_ids.recurring_plan_id", "company_id")
    def _compute_offer_totals(self):
        for lead in self:
            lines = lead._get_priced_lines()
            lead.offer_tax_totals = lead._summarize_taxes(lines)
            lead.offer_recurring = lead._describe_recurring(lines)
            lead.offer_once = sum(
                line.setup_subtotal + (0 if line.recurring_plan_id else line.price_subtotal) for line in lines
            )

    def _summarize_taxes(self, lines):
        """Return what the widget of Odoo's quotations shows: set-up, products and first period, with taxes."""
        company, tax = self._get_offer_company(), self.env["account.tax"]
        base_lines = [base_line for line in lines for base_line in line._prepare_all_base_lines()]
        tax._add_tax_details_in_base_lines(base_lines, company)
        tax._round_base_lines_tax_details(base_lines, company)
        return tax._get_tax_totals_summary(base_lines, self.offer_currency_id, company)

    def _describe_recurring(self, lines):
        amounts = defaultdict(float)
        for line in lines:
            if line.recurring_plan_id:
                amounts[line.recurring_plan_id] += line.price_subtotal
        return " + ".join(
            f"{self.offer_currency_id.format(amount)} {plan.name}"
            for plan, amount in sorted(amounts.items(), key=lambda item: item[0].number_of_months)
        )
