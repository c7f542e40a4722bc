from odoo import models
from odoo.fields import Domain

PAGE = 10
MAX_PAGE = 80
PURCHASE_DATES = {"orders": "date_order", "invoices": "invoice_date", "payments": "date"}


class CrmLead(models.Model):
    """What the customer has bought: orders, invoices, refunds and payments, for the Orders tab.

    All of it is read with the rights of the person who looks; what these do not show is not there.
    """

    _inherit = "crm.lead"

    def get_purchases(self, names=None, offset=0, limit=PAGE):
        """Return what the customer has bought, what belongs to this opportunity first.

        :param list names: the sections to read, of ``orders``, ``invoices`` and ``payments``; all without
        :param int offset: how many rows to leave out
        :param int limit: how many rows to return, 80 at most
        :return: ``[{"name", "model", "total", "offset", "limit", "rows": [{"id", "name", "date", "status", "tone",
            "note", "amount", "due", "currency_id", "is_own", "buttons": [{"type", "name", "label"}]}]}]``, without the
            sections that the user may not read at all
        """
        self.ensure_one()
        self.check_access("read")
        limit = min(max(limit, 1), MAX_PAGE)
        sections = self._get_purchase_sections()
        return [
            self._read_purchases(name, max(offset, 0), limit)
            for name in sections
            if (not names or name in names) and self.env[sections[name]].has_access("read")
        ]

    def _get_purchase_sections(self):
        """Return ``{name: model}`` of what the tab shows, in its order."""
        return {"orders": "sale.order", "invoices": "account.move", "payments": "account.payment"}

    def _read_purchases(self, name, offset, limit):
        model = self.env[self._get_purchase_sections()[name]]
        domain, own = getattr(self, f"_get_domain_purchased_{name}")()
        order = f"{PURCHASE_DATES[name]} desc, id desc"
        # those of one deal are few
        first = model.search(domain & own, order=order)
        others = domain & Domain("id", "not in", first.ids)
        records = first[offset : offset + limit]
        if len(records) < limit:
            skipped = max(0, offset - len(first))
            records += model.search(others, offset=skipped, limit=limit - len(records), order=order)
        return {
            "name": name,
            "model": model._name,
            "total": len(first) + model.search_count(others),
            "offset": offset,
            "limit": limit,
            "rows": [
                row | {"id": record.id, "is_own": record in first}
                for record, row in zip(records, getattr(self, f"_prepare_purchased_{name}")(records), strict=True)
            ],
        }

    def _get_domain_of_customer(self, field_name="partner_id"):
        """Return the domain of what the customer's company and all its contacts have bought; of nothing without."""
        customer = self.partner_id.commercial_partner_id
        return Domain(field_name, "child_of", customer.ids) if customer else Domain.FALSE

    def _get_domain_purchased_orders(self):
        own = Domain("opportunity_id", "=", self.id)
        return self._get_domain_of_customer() | own, own

    def _get_domain_purchased_invoices(self):
        own = Domain("line_ids.sale_line_ids.order_id.opportunity_id", "=", self.id)
        sales = Domain("move_type", "in", ("out_invoice", "out_refund"))
        return sales & (self._get_domain_of_customer() | own), own

    def _get_domain_purchased_payments(self):
        invoices = self.env["account.move"].search(Domain.AND(self._get_domain_purchased_invoices()))
        own = Domain("reconciled_invoice_ids", "in", invoices.ids) if invoices else Domain.FALSE
        return Domain("partner_type", "=", "customer") & (self._get_domain_of_customer() | own), own

    def _prepare_purchased_orders(self, orders):
        writable = orders._filtered_access("write")
        tones = {"draft": "info", "sent": "primary", "sale": "success", "cancel": "secondary"}
        return [
            {
                "name": order.name,
                "date": order.date_order.date().isoformat(),
                "status": self._label(order, "state"),
                "tone": tones[order.state],
                "note": self._describe_purchased_order(order),
                "amount": order.amount_total,
                "due": None,
                "currency_id": order.currency_id.id,
                "buttons": self._get_order_buttons(order) if order in writable else [],
            }
            for order in orders
        ]

    def _describe_purchased_order(self, order):
        if order.state == "sale":
            return self._label(order, "invoice_status")
        # the number of the first order is its origin: the user may not be allowed to read the first order itself
        return self.env._("Renewal of %s", order.origin) if order.renewal_date else ""

    def _get_order_buttons(self, order):
        """Return the buttons of an order: those that Odoo's own form shows in its state."""
        if order.state in ("draft", "sent"):
            return [
                self._button("action_quotation_send", self.env._("Send")),
                self._button("action_confirm", self.env._("Confirm")),
            ]
        if order.invoice_status == "to invoice":
            action = "sale.action_view_sale_advance_payment_inv"
            return [self._button(action, self.env._("Create Invoice"), type="action")]
        return []

    def _prepare_purchased_invoices(self, invoices):
        return [
            {
                "name": invoice.name or self.env._("Draft"),
                "date": invoice.invoice_date and invoice.invoice_date.isoformat(),
                **self._get_invoice_status(invoice),
                "note": self.env._("Credit Note") if invoice.move_type == "out_refund" else "",
                "amount": invoice.amount_total_in_currency_signed,
                "due": (-1 if invoice.move_type == "out_refund" else 1) * invoice.amount_residual or 0,
                "currency_id": invoice.currency_id.id,
                "buttons": self._get_invoice_buttons(invoice),
            }
            for invoice in invoices
        ]

    def _get_invoice_status(self, invoice):
        if invoice.state != "posted":
            tone = "info" if invoice.state == "draft" else "secondary"
            return {"status": self._label(invoice, "state"), "tone": tone}
        tones = {"paid": "success", "in_payment": "success", "not_paid": "warning", "partial": "warning"}
        return {
            "status": self._label(invoice, "payment_state"),
            "tone": tones.get(invoice.payment_state, "secondary"),
        }

    def _get_invoice_buttons(self, invoice):
        if invoice.state != "posted":
            return []
        buttons = [self._button("action_invoice_sent", self.env._("Send"))]
        is_open = invoice.payment_state in ("not_paid", "partial")
        if is_open and self.env.user.has_group("account.group_account_invoice"):
            buttons.append(self._button("action_register_payment", self.env._("Register Payment")))
        return buttons

    def _prepare_purchased_payments(self, payments):
        tones = {"draft": "info", "in_process": "warning", "paid": "success"}
        return [
            {
                "name": payment.name or self.env._("Draft"),
                "date": payment.date.isoformat(),
                "status": self._label(payment, "state"),
                "tone": tones.get(payment.state, "secondary"),
                "note": payment.memo or "",
                "amount": payment.amount * (-1 if payment.payment_type == "outbound" else 1),
                "due": None,
                "currency_id": payment.currency_id.id,
                "buttons": [],
            }
            for payment in payments
        ]

    def _button(self, name, label, type="object"):
        return {"type": type, "name": name, "label": label}

    def _label(self, record, field_name):
        """Return the value of a selection as people read it."""
        field = record._fields[field_name]
        return dict(field._description_selection(self.env)).get(record[field_name], "")
