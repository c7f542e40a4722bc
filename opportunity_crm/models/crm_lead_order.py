from odoo import models
from odoo.fields import Domain


class CrmLead(models.Model):
    """The orders that are made from an opportunity."""

    _inherit = "crm.lead"

    def _get_open_quotations(self):
        """Return the quotations of opportunities that are neither confirmed nor cancelled and that the user may
        change, without renewals of what was ordered before."""
        domain = Domain("opportunity_id", "in", self.ids) & Domain(self._get_lead_quotation_domain())
        return self.env["sale.order"].search(domain)._filtered_access("write")
