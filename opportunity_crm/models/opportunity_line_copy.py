from odoo import models


class OpportunityLine(models.Model):
    """What becomes of lines when their opportunity is duplicated or merged, or they are moved."""

    _inherit = "opportunity.line"

    def copy_data(self, default=None):
        """A copy offers what is offered now, at the prices of now: special prices stay while whoever copies may grant
        them. In place of what is no longer offered stands a note that says so."""
        refused = self._filter_not_offered()
        return [
            line._prepare_note_of_refusal() if line in refused else line._keep_grantable(vals)
            for line, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    def _prepare_note_of_refusal(self):
        return {
            "lead_id": self.lead_id.id,
            "display_type": "line_note",
            "sequence": self.sequence,
            "name": self.env._("Not copied, because it is no longer offered: %s", self._get_short_name()),
        }

    def _keep_grantable(self, vals):
        """Return the values of a copy without those prices that follow the list, or that the user may not grant."""
        if self.display_type:
            return vals
        dropped = {"price_unit"} if not self.is_price_special else set()
        if not self._is_free_to_grant():
            today, listed = self._get_listed_today()
            price = self.price_unit if self.is_price_special else today
            if self._is_below_limit(price * (1 - self.discount / 100), today):
                dropped |= {"price_unit", "discount", "is_price_special"}
            if self._is_below_limit(self.setup_fee, listed):
                dropped.add("setup_fee")
        return {name: value for name, value in vals.items() if name not in dropped}

    def _get_listed_today(self):
        """Return the list price and the set-up fee that a copy would have."""
        if self.bundle_id:
            return self._get_bundle_price(), self._convert_from_bundle(self.bundle_id.setup_fee)
        [price] = self._price([(self, self.product_id, self.product_uom_id, self.quantity)])
        return price + self._get_combo_extra(), 0

    def _move_to(self, lead):
        """Move lines to another opportunity, after its own, in its currency and by its pricelist.

        What was offered for a special price or as a bundle is converted. Nothing is checked: what was granted stays
        granted when opportunities are merged.
        """
        start = max(lead.line_ids.mapped("sequence"), default=0)
        pricelist = lead._get_offer_pricelists()[lead]
        currency = pricelist.currency_id or lead._get_offer_company().currency_id
        for number, line in enumerate(self, start + 1):
            converted = line._prepare_converted_prices(currency)
            line._write_server_values({"lead_id": lead.id, "sequence": number, **converted})
        self._fix_offer()
        self._update_list_prices()
