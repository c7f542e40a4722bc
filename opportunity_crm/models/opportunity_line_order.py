from odoo import fields, models

from ..tools.sections import arrange


class OpportunityLine(models.Model):
    """What the lines of an opportunity become on an order.

    A product becomes one line. A bundle becomes a heading with its plan and terms, and one line for each of its
    products: they have the taxes, accounts and deliveries. The price of the bundle is spread over them by their list
    prices, to the cent; what customers read shows it under the heading, not with the products. A set-up fee is a line
    of its own. During a trial the recurring lines are free.
    """

    _inherit = "opportunity.line"

    order_line_ids = fields.One2many("sale.order.line", "opportunity_line_id", string="Order Lines", readonly=True)

    def _prepare_order_lines(self, fiscal_position):
        """Return the values of the order lines of one opportunity, in their order.

        :param fiscal_position: ``account.fiscal.position`` of the customer, may be empty
        :return: a list of dicts that can be stored as JSON
        """
        prepared = []
        items = [item for line in self.sorted() for item in line._get_order_items()]
        for kind, origin in arrange(items):
            prepared += origin._prepare_order_item(kind, fiscal_position)
        return [{**values, "sequence": 10 * number} for number, values in enumerate(prepared, 1)]

    def _get_order_items(self):
        """Return what the line becomes, as ``tools.sections`` arranges it."""
        headings = {"line_section": "section", "line_subsection": "subsection"}
        if self.bundle_id:
            return [*([("line", self)] if self.setup_fee else []), ("bundle", self)]
        return [(headings.get(self.display_type, "line"), self)]

    def _prepare_order_item(self, kind, fiscal_position):
        if kind.startswith("bundle_"):
            heading = self._prepare_order_heading(kind.removeprefix("bundle_"))
            return [heading, *self._prepare_order_trial(), *self._prepare_order_parts(fiscal_position)]
        if self.bundle_id:
            return [self._prepare_order_setup(fiscal_position)]
        if self.display_type:
            heading = {"section": "line_section", "subsection": "line_subsection"}.get(kind, self.display_type)
            return [self._prepare_order_origin() | {"display_type": heading, "name": self.name or ""}]
        if self.part_ids:
            return self._prepare_order_combo(fiscal_position)
        return [self._prepare_order_product()]

    def _prepare_order_origin(self):
        return {"opportunity_line_id": self.id, "is_offered": True}

    def _prepare_order_product(self):
        return {
            **self._prepare_order_origin(),
            **self._prepare_order_terms(),
            "product_id": self.product_id.id,
            "name": "\n".join(filter(None, (self.name, self._describe_terms()))),
            "product_uom_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "tax_ids": [[6, 0, self.tax_ids.ids]],
        }

    def _prepare_order_terms(self):
        """Return what is recorded on a line that is due for every period; a trial is free."""
        if not self.recurring_plan_id:
            return {"discount": self.discount, "bundle_id": self.bundle_id.id}
        return {
            "discount": 100 if self.trial_days else self.discount,
            "recurring_discount": self.discount,
            "bundle_id": self.bundle_id.id,
            "recurring_plan_id": self.recurring_plan_id.id,
            "trial_days": self.trial_days,
            "term_months": self.term_months,
        }

    def _prepare_order_heading(self, kind):
        name = (self.name or self.bundle_id.name).split("\n", 1)[0]
        title = name if self.quantity == 1 else f"{self.quantity:g} × {name}"
        return {
            **self._prepare_order_origin(),
            "display_type": f"line_{kind}",
            "name": " – ".join(filter(None, (title, self._describe_terms()))),
            "collapse_prices": True,
            "bundle_id": self.bundle_id.id,
        }

    def _describe_terms(self):
        """Return in the customer's language how often the price is due, and for how long."""
        line = self.with_context(lang=self.lead_id._get_offer_lang())
        if not line.recurring_plan_id:
            return ""
        terms = [line.recurring_plan_id.name]
        if line.term_months:
            terms.append(line.env._("term of %s months", line.term_months))
        return ", ".join(terms)

    def _prepare_order_trial(self):
        """Return the note that tells the customer what follows the free trial; without a trial nothing."""
        if not self.recurring_plan_id or not self.trial_days:
            return []
        line = self.with_context(lang=self.lead_id._get_offer_lang())
        amount = line.currency_id.round(line.price_unit * line.quantity * (1 - line.discount / 100))
        text = line.env._(
            "The first %(days)s days are free, then %(amount)s is due for every period.",
            days=line.trial_days,
            amount=line.currency_id.format(amount),
        )
        return [self._prepare_order_origin() | {"display_type": "line_note", "name": text}]

    def _prepare_order_parts(self, fiscal_position):
        return [
            {
                **self._prepare_order_origin(),
                **self._prepare_order_terms(),
                **self._prepare_order_part(part, price, fiscal_position),
            }
            for part, (_component, price) in zip(self.part_ids, self._spread_price(), strict=True)
        ]

    def _prepare_order_part(self, part, price, fiscal_position):
        return {
            "product_id": part.product_id.id,
            "name": part.name or part.product_id.display_name,
            "product_uom_qty": part.quantity * self.quantity,
            "product_uom_id": part.product_uom_id.id,
            "price_unit": price,
            "tax_ids": [[6, 0, self._map_taxes(part.product_id, fiscal_position).ids]],
        }

    def _prepare_order_combo(self, fiscal_position):
        """Return the lines of a combo: without a price itself, with its choices linked to it as Odoo does."""
        combo = self._prepare_order_product() | {"price_unit": 0, "tax_ids": [[6, 0, []]], "virtual_id": str(self.id)}
        parts = self._prepare_order_parts(fiscal_position)
        return [combo] + [
            values | {"combo_item_id": part.combo_item_id.id, "linked_virtual_id": str(self.id)}
            for part, values in zip(self.part_ids, parts, strict=True)
        ]

    def _prepare_order_setup(self, fiscal_position):
        product = self.setup_product_id
        name = (self.name or self.bundle_id.name).split("\n", 1)[0]
        return {
            **self._prepare_order_origin(),
            "bundle_id": self.bundle_id.id,
            "product_id": product.id,
            "name": self.with_context(lang=self.lead_id._get_offer_lang()).env._("Set-up: %s", name),
            "product_uom_qty": self.quantity,
            "product_uom_id": product.uom_id.id,
            "price_unit": self.setup_fee,
            "discount": 0,
            "tax_ids": [[6, 0, self._map_taxes(product, fiscal_position).ids]],
        }
