from odoo import models


class CrmLead(models.Model):
    """What an order takes over from its opportunity."""

    _inherit = "crm.lead"

    def _prepare_order_values(self):
        """Return the values of a ``sale.order`` with all lines of the opportunity and the prices of this moment.

        They can be stored as JSON and used later: ids, numbers and texts, commands as lists.
        """
        self.ensure_one()
        return self._prepare_all_order_values()[0]

    def _prepare_all_order_values(self):
        """Return the :meth:`_prepare_order_values` of each opportunity."""
        positions, pricelists = self._get_fiscal_positions(), self._get_offer_pricelists()
        return [
            lead._prepare_order_header(positions[lead], pricelists[lead])
            | {"order_line": [[0, 0, values] for values in lead.line_ids._prepare_order_lines(positions[lead])]}
            for lead in self
        ]

    def _prepare_order_header(self, fiscal_position, pricelist):
        addresses = self.partner_id.address_get(["invoice", "delivery"])
        return {
            "opportunity_id": self.id,
            "is_from_lines": True,
            "company_id": self._get_offer_company().id,
            "partner_id": self.partner_id.id,
            "partner_invoice_id": addresses["invoice"],
            "partner_shipping_id": addresses["delivery"],
            "fiscal_position_id": fiscal_position.id,
            "pricelist_id": pricelist.id,
            "origin": self.name,
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "tag_ids": [[6, 0, self.tag_ids.ids]],
            # without a salesperson or team Odoo chooses them, as on any quotation
            **({"user_id": self.user_id.id} if self.user_id else {}),
            **({"team_id": self.team_id.id} if self.team_id else {}),
        }
