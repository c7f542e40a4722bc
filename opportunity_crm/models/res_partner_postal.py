from odoo import api, models


class ResPartner(models.Model):
    """Addresses as the post wants them."""

    _inherit = "res.partner"

    def _get_postal_address(self):
        """Return what :func:`postal.address_lines` needs to know of the contact."""
        self.ensure_one()
        company = self.commercial_company_name if not self.is_company else self.name
        return {
            "name": None if self.is_company else self.name or self.parent_id.name,
            "company": company or None,
            **self._read_postal_place(self),
        }

    @api.model
    def _read_postal_place(self, record):
        """Return the place of a record that has Odoo's fields of an address."""
        country, state = record.country_id, record.state_id
        return {
            "street": record.street,
            "street2": record.street2,
            "city": record.city,
            "zip": record.zip,
            "state_code": state.code,
            "state_name": state.name,
            "country_code": country.code,
            "format": country.address_format,
            "name_after": country.name_position == "after",
            "zip_required": not country or country.zip_required,
        }

    def action_print_labels(self):
        """Open the wizard that prints address labels for the contacts, in the order in which they are."""
        return self.env["opportunity.label.wizard"]._open(self)
