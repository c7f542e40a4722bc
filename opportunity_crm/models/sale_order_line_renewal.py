from datetime import timedelta

from odoo import fields, models

from ..tools.periods import first_period_from


class SaleOrderLine(models.Model):
    """The periods of a line that is due again."""

    _inherit = "sale.order.line"

    recurring_months = fields.Integer(
        string="Months of a Period", copy=False, readonly=True, help="As the plan was when the order was confirmed."
    )
    recurring_start = fields.Date(
        string="First Period From", copy=False, readonly=True, help="The first paid period starts on this day."
    )
    next_renewal_date = fields.Date(
        string="Next Renewal", copy=False, readonly=True, index="btree_not_null", help="When it is due again."
    )
    period_start = fields.Date(string="From", copy=False, readonly=True)
    period_end = fields.Date(string="To", copy=False, readonly=True, help="The last day that is paid with this line.")

    def _start_periods(self, day):
        """Count the periods of recurring lines from a day; a trial comes before the first one."""
        for line in self.filtered(lambda line: line._is_renewed()):
            if line.recurring_start:
                line._resume_periods(day)
                continue
            line.recurring_months = line.recurring_plan_id.number_of_months
            line.recurring_start = day + timedelta(days=line.trial_days)
            if line.trial_days:
                line.next_renewal_date = line.recurring_start
            else:
                line._set_period(line._find_period(day))
                line._resume_periods(day + timedelta(days=1))

    def _is_renewed(self):
        """Tell whether the line is to be ordered again; not where OCA's subscription_oca, when it is installed, makes
        a subscription of the product when the order is confirmed: nothing is to be due twice."""
        product = self.product_id
        is_subscribed = "subscribable" in product._fields and product.subscribable
        return bool(self.recurring_plan_id.number_of_months) and not is_subscribed

    def _find_period(self, day):
        return first_period_from(self.recurring_start, self.recurring_months, day, self.term_months)

    def _set_period(self, period):
        self.period_start, self.period_end = period

    def _resume_periods(self, day, due_only=False):
        """Let lines be due again with the first period that starts on a day or later.

        :param bool due_only: leave alone those whose renewals are stopped, and those that are not due before that day
        """
        for line in self.filtered("recurring_start"):
            if due_only and not (line.next_renewal_date and line.next_renewal_date < day):
                continue
            period = line._find_period(day)
            line.next_renewal_date = period and period.start

    def _prepare_renewed_line(self, period, text):
        """Return the values of the line in the renewal for a period, at the price of the order that was confirmed.

        :param str text: the days of the period, where the line is to tell them
        """
        return {
            "product_id": self.product_id.id,
            "name": "\n".join(filter(None, (self.name, text))),
            "product_uom_qty": self.product_uom_qty,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.recurring_discount if self.trial_days else self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            "bundle_id": self.bundle_id.id,
            "recurring_plan_id": self.recurring_plan_id.id,
            "period_start": period.start,
            "period_end": period.end,
        }

    def _prepare_renewed_heading(self, text):
        return {
            "display_type": "line_section",
            "name": f"{self.name} ({text})",
            "collapse_prices": self.collapse_prices,
            "bundle_id": self.bundle_id.id,
        }
