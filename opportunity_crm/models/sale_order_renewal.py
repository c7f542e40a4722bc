import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from ..tools.periods import due_periods, local_day

_logger = logging.getLogger(__name__)

RENEWED_FIELDS = (
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "fiscal_position_id",
    "payment_term_id",
    "pricelist_id",
    "company_id",
    "user_id",
    "team_id",
    "opportunity_id",
    "campaign_id",
    "medium_id",
    "source_id",
    "client_order_ref",
    "tag_ids",
)


class SaleOrder(models.Model):
    """Orders of what is due for every period: Odoo Community bills no subscriptions.

    The first order has the first period (or the free trial). When a following period starts, a scheduled action
    prepares its order: a quotation like the first order, linked to it, once for each period, for a person to check and
    send. Periods are counted in days of the company's time zone from the day on which the first order was confirmed;
    those that were missed are made up for. It goes on until the term is over, the first order is cancelled, or
    somebody stops it.
    """

    _inherit = "sale.order"

    renewal_of_id = fields.Many2one(
        "sale.order",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The first order of what is due again with this one.",
    )
    renewal_date = fields.Date(
        string="Period From", copy=False, readonly=True, help="When the periods start that this renewal is for."
    )
    renewal_ids = fields.One2many("sale.order", "renewal_of_id", string="Renewals", readonly=True)
    renewal_count = fields.Integer(string="Number of Renewals", compute="_compute_renewal_count")
    next_renewal_date = fields.Date(
        string="Next Renewal",
        compute="_compute_next_renewal_date",
        help="When the order for the next period is prepared. Empty when nothing is due again.",
    )
    is_renewable = fields.Boolean(compute="_compute_next_renewal_date")
    has_recurring_lines = fields.Boolean(compute="_compute_has_recurring_lines")
    renewal_error = fields.Char(
        copy=False, readonly=True, help="Why the next renewal could not be prepared. It is tried again by itself."
    )

    _renewal_once = models.UniqueIndex(
        "(renewal_of_id, renewal_date) WHERE renewal_of_id IS NOT NULL",
        "The order of this period exists already.",
    )

    @api.depends("order_line.recurring_plan_id")
    def _compute_has_recurring_lines(self):
        for order in self:
            order.has_recurring_lines = bool(order.order_line.recurring_plan_id)

    @api.depends("renewal_ids")
    def _compute_renewal_count(self):
        for order in self:
            order.renewal_count = len(order.renewal_ids)

    @api.depends("order_line.next_renewal_date", "order_line.recurring_start", "renewal_of_id", "state")
    def _compute_next_renewal_date(self):
        for order in self:
            lines = order.order_line.browse() if order.renewal_of_id else order.order_line
            order.next_renewal_date = min(filter(None, lines.mapped("next_renewal_date")), default=False)
            order.is_renewable = order.state == "sale" and bool(lines.filtered("recurring_start"))

    def _start_renewals(self):
        """Let the periods of confirmed orders begin; those of an order that was cancelled before go on."""
        for order in self.filtered(lambda order: not order.renewal_of_id):
            order.order_line._start_periods(order._get_local_day(order.date_order))

    def _get_local_day(self, moment):
        """Return the day at a moment (UTC), where the company is."""
        # sudo: the time zone of the company is no secret
        company = self.company_id.sudo()
        return local_day(moment, company.partner_id.tz or self.user_id.tz)

    def _action_cancel(self):
        res = super()._action_cancel()
        self._stop_renewals()
        return res

    def action_stop_renewals(self):
        """Prepare no more renewals of these orders, or of the first orders of which they are renewals.

        Renewals that were prepared already stay: confirm or cancel them.
        """
        orders = self.renewal_of_id | self.filtered(lambda order: not order.renewal_of_id)
        orders.check_access("write")
        for order in orders.filtered("next_renewal_date"):
            order._message_log(body=self.env._("No more renewals: stopped by %s.", self.env.user.name))
        orders._stop_renewals()

    def _stop_renewals(self):
        lines = self.order_line.filtered(lambda line: line.next_renewal_date and not line.order_id.renewal_of_id)
        lines.next_renewal_date = False
        self.filtered("renewal_error").renewal_error = False

    def action_resume_renewals(self):
        """Prepare renewals again from the next period that starts; what was missed meanwhile is not made up for."""
        self.check_access("write")
        for order in self:
            if not order.is_renewable:
                raise UserError(self.env._("%s is not confirmed, or has nothing that is due again.", order.name))
            order.order_line._resume_periods(order._get_local_day(fields.Datetime.now()))
            order._message_log(body=self.env._("Renewals go on: resumed by %s.", self.env.user.name))

    def action_view_renewals(self):
        """Open the renewals of the order."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_quotations")
        action["domain"] = [("renewal_of_id", "=", self.id)]
        action["display_name"] = self.env._("Renewals of %s", self.name)
        action["context"] = {"create": False}
        return action

    @api.model
    def _cron_prepare_renewals(self):
        """Prepare the renewals that are due, order by order: what one of them lacks stops none of the others."""
        cron = self.env["ir.cron"]
        due = self._find_due_renewals()
        cron._commit_progress(remaining=len(due))
        for order_id in due.ids:
            self.browse(order_id)._try_to_renew()
            if not cron._commit_progress(1):
                break

    @api.model
    def _find_due_renewals(self):
        """Return the orders of which a period has started somewhere on earth, those that failed before at the end."""
        latest = fields.Datetime.now().date() + timedelta(days=1)
        lines = Domain("order_line", "any", [("next_renewal_date", "<=", latest)])
        domain = lines & Domain("renewal_of_id", "=", False) & Domain("state", "=", "sale")
        due = self.search(domain, order="id")
        return due.sorted(lambda order: bool(order.renewal_error))

    def _try_to_renew(self):
        try:
            with self.env.cr.savepoint():
                self._renew()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return  # somebody else is at it; the next run looks again
        except Exception as error:
            _logger.warning("The renewal of %s could not be prepared", self.name, exc_info=True)
            self.renewal_error = str(error)

    def _renew(self):
        """Prepare the renewals of one order for all periods that have started."""
        if not self.try_lock_for_update():
            return self.browse()
        today = self._get_local_day(fields.Datetime.now())
        periods = self._get_due_periods(today)
        known = set(self.renewal_ids.mapped("renewal_date"))
        values = [self._prepare_renewal(day, due) for day, due in sorted(periods.items()) if day not in known]
        # as Odoo's own orders do: nobody is subscribed or written to for what a machine prepares
        renewals = self.with_company(self.company_id).with_context(mail_create_nosubscribe=True).create(values)
        self.order_line._resume_periods(today + timedelta(days=1), due_only=True)
        self.filtered("renewal_error").renewal_error = False
        for renewal in renewals:
            self._message_log(body=self.env._("Renewal prepared: %s", renewal._get_html_link()))
        return renewals

    def _get_due_periods(self, today):
        """Return ``{first day: [(order line, Period)]}`` of the periods that have started and have no order yet."""
        due = defaultdict(list)
        for line in self.order_line.sorted().filtered("next_renewal_date"):
            terms = (line.recurring_start, line.recurring_months, line.next_renewal_date, today, line.term_months)
            for period in due_periods(*terms):
                due[period.start].append((line, period))
        return due

    def _prepare_renewal(self, day, due):
        names = [name for name in RENEWED_FIELDS if name != "tag_ids"]
        lines, told = [], self.order_line.browse()
        for line, period in due:
            heading = line.parent_id.filtered("bundle_id")
            if heading and heading not in told:
                lines.append(heading._prepare_renewed_heading(self._describe_period(period)))
                told |= heading
            lines.append(line._prepare_renewed_line(period, "" if heading else self._describe_period(period)))
        return {
            **{name: self[name].id if self._fields[name].relational else self[name] for name in names},
            "tag_ids": [fields.Command.set(self.tag_ids.ids)],
            "origin": self.name,
            "renewal_of_id": self.id,
            "renewal_date": day,
            "order_line": [
                fields.Command.create({**values, "sequence": 10 * number}) for number, values in enumerate(lines, 1)
            ],
        }

    def _describe_period(self, period):
        """Return the days of a period, as the customer writes them."""
        lang = self.partner_id.lang or self.env.lang
        return " – ".join(format_date(self.env, day, lang_code=lang) for day in period)
