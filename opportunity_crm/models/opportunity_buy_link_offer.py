from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from ..tools.offer_lines import fold


class OpportunityBuyLink(models.Model):
    """The offer of a Buy Now link: what the order will hold, and what the page shows, as it was when it was made.

    ``offer`` is ``{"order": the values of the order, "lines": […], "untaxed": amount, "taxes": [{"name", "amount"}],
    "total": amount, "recurring": [{"plan", "amount"}]}``; what recurs is due for each period after the first, with
    taxes. A line is ``{"kind", "name", "subtotal", "folds", "combo", "combo_of", "is_part"}``, see
    :func:`~tools.offer_lines.fold`, of a product also ``"quantity", "uom", "price", "discount", "taxes"``.
    """

    _inherit = "opportunity.buy.link"

    @api.model
    def _freeze(self, lead):
        """Create the link of an opportunity with its offer as it is now; it works from when it is sent."""
        values = lead._prepare_order_values()
        lang = self.env["res.lang"]._get_code(lead.lang_code or lead._get_offer_lang()) or self.env.lang
        order = self.env["sale.order"].with_context(lang=lang).with_company(values["company_id"]).new(values)
        # sudo: nobody may write links directly; who may edit the opportunity sends them
        return self.sudo().create(
            {
                "lead_id": lead.id,
                "partner_id": order.partner_id.id,
                "user_id": self.env.uid,
                "company_id": order.company_id.id,
                "currency_id": order.currency_id.id,
                "lang": lang,
                "offer": {"order": values, **self._describe_order(order, values["order_line"])},
                "amount_total": order.amount_total,
                "date_expiry": self._get_expiry(order.company_id.buy_link_days),
            }
        )

    @api.model
    def _get_expiry(self, days):
        """Return when a link that is made now expires: the end of the last day, where the user is (UTC)."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        day = fields.Date.context_today(self.with_context(tz=zone.zone)) + timedelta(days=days)
        return zone.localize(datetime.combine(day, time(23, 59, 59))).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _describe_order(self, order, lines):
        """Return what the page shows of an order that is not made yet.

        :param order: a new ``sale.order`` with the values
        :param list lines: the commands that make its lines
        """
        groups = [group for subtotal in order.tax_totals["subtotals"] for group in subtotal["tax_groups"]]
        return {
            "lines": fold(
                [self._describe_line(line, given[2]) for line, given in zip(order.order_line, lines, strict=True)]
            ),
            "untaxed": order.amount_untaxed,
            "taxes": [{"name": group["group_name"], "amount": group["tax_amount_currency"]} for group in groups],
            "total": order.amount_total,
            "recurring": self._describe_recurring(order),
        }

    @api.model
    def _describe_recurring(self, order):
        """Return what is due for every following period, by plan, with taxes."""
        return [
            {"plan": plan.name, "amount": sum(self._get_period_total(line) for line in lines)}
            for plan, lines in order.order_line.grouped("recurring_plan_id").items()
            if plan
        ]

    @api.model
    def _get_period_total(self, line):
        price = line.price_unit * (1 - line.recurring_discount / 100)
        amounts = line.tax_ids.compute_all(
            price, line.currency_id, line.product_uom_qty, product=line.product_id, partner=line.order_id.partner_id
        )
        return amounts["total_included"]

    @api.model
    def _describe_line(self, line, values):
        described = {
            "kind": line.display_type or "product",
            "name": line.name,
            "subtotal": line.price_subtotal,
            "folds": bool(line.collapse_prices or values.get("virtual_id")),
            "combo": values.get("virtual_id"),
            "combo_of": values.get("linked_virtual_id"),
        }
        return described if line.display_type else described | self._describe_product(line)

    @api.model
    def _describe_product(self, line):
        return {
            "quantity": line.product_uom_qty,
            "uom": line.product_uom_id.name,
            "price": line.price_unit,
            "discount": line.discount,
            "taxes": ", ".join(tax.tax_label or tax.name for tax in line.tax_ids),
        }

    def _prepare_page(self):
        """Return what the page shows, as plain values: the offer, and nothing else of us or the customer.

        ``order_url`` is there once the offer is accepted.
        """
        accepted = self.state == "accepted"
        return {
            "offer": {name: value for name, value in self.offer.items() if name != "order"},
            "currency": self.currency_id,
            "res_company": self.company_id,  # whose logo the layout shows
            "contact": self._get_contact(),
            "date_expiry": self.date_expiry,
            "can_pay": self._can_pay(),
            "is_accepted": accepted,
            "is_invoice_asked": self.is_invoice_asked,
            "order_url": self.order_id.get_portal_url() if accepted else "",
        }

    def _get_contact(self):
        """Return who answers questions about the offer: name, e-mail and phone of the salesperson, or the company's."""
        rep = self._get_rep()
        contact = rep.partner_id if rep else self.company_id.partner_id
        return {"name": contact.name, "email": contact.email, "phone": contact.phone}

    def _get_rep(self):
        """Return the user who is told of views and acceptance: who owns the opportunity, else who sent the link."""
        return (self.lead_id.user_id or self.user_id).filtered("active")

    def _can_pay(self):
        """Tell whether the customer can pay the order online, with a provider that Odoo would offer them."""
        if self.currency_id.compare_amounts(self.amount_total, 0) <= 0:
            return False
        # sudo: a visitor may not read providers, and is told no more than whether there is one; as the public user,
        # since others are offered providers that are not published
        env = self.with_user(self.env.ref("base.public_user")).sudo().env
        customer = {"partner_id": self.partner_id.id, "currency_id": self.currency_id.id}
        providers = env["payment.provider"]._get_compatible_providers(
            self.company_id.id, amount=self.amount_total, **customer
        )
        return bool(env["payment.method"]._get_compatible_payment_methods(providers.ids, **customer))
