from odoo import models


class CrmLead(models.Model):
    """What an order takes over from its opportunity."""

    _inherit = "crm.lead"

    def _prepare_order_values(self):
        """Return the values of a ``sale.order`` with all lines of the opportunity and the prices of this moment.

        They can be stored as JSON and used later: ids, numbers and texts, commands as lists.
        """
        self.ensure_one()
        addresses = self.partner_id.address_get(["invoice", "delivery"])
        company = self._get_offer_company()
        position = self._get_fiscal_positions()[self]
        lines = self.line_ids._prepare_order_lines(position)
        return {
            "opportunity_id": self.id,
            "is_from_lines": True,
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "partner_invoice_id": addresses["invoice"],
            "partner_shipping_id": addresses["delivery"],
            "fiscal_position_id": position.id,
            "pricelist_id": self._get_offer_pricelists()[self].id,
            "origin": self.name,
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "tag_ids": [[6, 0, self.tag_ids.ids]],
            "order_line": [[0, 0, values] for values in lines],
            **({"user_id": self.user_id.id} if self.user_id else {}),
            **({"team_id": self.team_id.id} if self.team_id else {}),
        }
