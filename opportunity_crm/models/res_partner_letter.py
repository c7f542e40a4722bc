from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The letters to a contact."""

    _inherit = "res.partner"

    letter_count = fields.Integer(compute="_compute_letter_count", groups="sales_team.group_sale_salesman")

    def _compute_letter_count(self):
        letters = self.env["opportunity.letter"]
        for partner in self:
            partner.letter_count = letters.search_count(partner._get_letter_domain())

    def _get_letter_domain(self):
        own = Domain("partner_id", "child_of", self._origin.ids)
        of_deals = Domain("lead_id.partner_id", "child_of", self._origin.ids)
        return own | Domain("household_ids", "in", self._origin.ids) | of_deals

    def action_print_letter(self):
        """Open the wizard that prints or sends letters to the contacts, in the order in which they are."""
        return self.env["opportunity.letter.wizard"]._open(self)

    def action_open_letters(self):
        """Open the letters to the contact, those to its people included."""
        self.ensure_one()
        return self.env["opportunity.letter"]._get_list_action(list(self._get_letter_domain()))
