from odoo import models


class CrmLead(models.Model):
    """Opportunities have the address of their contact, or one of their own until there is a contact."""

    _inherit = "crm.lead"

    def action_print_labels(self):
        """Open the wizard that prints address labels for the opportunities, in the order in which they are."""
        return self.env["opportunity.label.wizard"]._open(self)

    def _get_postal_address(self):
        """Return what :func:`postal.address_lines` needs to know of the opportunity's contact."""
        self.ensure_one()
        if self.partner_id:
            return self.partner_id._get_postal_address()
        return {
            "name": self.contact_name,
            "company": self.partner_name,
            **self.env["res.partner"]._read_postal_place(self),
        }
