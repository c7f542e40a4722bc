from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Which taxes customers of opportunities are offered: their fiscal positions, many at once."""

    _inherit = "res.partner"

    def _get_offer_fiscal_positions(self):
        """Return ``{id: fiscal position}`` that quotations to these customers would have in the current company.

        Odoo searches for each customer; here customers who are alike share one search, and none is made where no
        position applies by itself.
        """
        positions, known = {}, {}
        automatic = self._get_automatic_fiscal_positions()
        deliveries = self.browse([partner.address_get(["delivery"])["delivery"] for partner in self])
        for partner, delivery in zip(self, deliveries, strict=True):
            chosen = delivery.property_account_position_id or partner.property_account_position_id
            if not chosen and automatic:
                alike = partner._get_fiscal_traits(delivery, automatic)
                if alike not in known:
                    known[alike] = automatic.browse()._get_fiscal_position(partner, delivery)
                chosen = known[alike]
            positions[partner.id] = chosen
        return positions

    @api.model
    def _get_automatic_fiscal_positions(self):
        positions = self.env["account.fiscal.position"]
        domain = Domain(positions._check_company_domain(self.env.company)) & Domain("auto_apply", "=", True)
        return positions.search(domain)

    def _get_fiscal_traits(self, delivery, automatic):
        """Return what decides about the fiscal position of a customer with a delivery address."""
        by_zip = any(position.zip_from for position in automatic)
        places = [
            (address.country_id, address.state_id, by_zip and address.zip, (address.vat or "")[:2])
            for address in (self, delivery)
        ]
        by_vat = any(position.vat_required for position in automatic)
        return (*places, by_vat and delivery.id)
