from odoo import api, fields, models


class CrmLead(models.Model):
    """The letters of an opportunity."""

    _inherit = "crm.lead"

    letter_ids = fields.One2many("opportunity.letter", "lead_id", string="Letters", readonly=True)
    letter_count = fields.Integer(compute="_compute_letter_count", groups="sales_team.group_sale_salesman")

    @api.depends("letter_ids")
    def _compute_letter_count(self):
        counts = dict(
            self.env["opportunity.letter"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        )
        for lead in self:
            lead.letter_count = counts.get(lead._origin, 0)

    def action_print_letter(self):
        """Open the wizard that prints or sends letters for the opportunities, in the order in which they are."""
        return self.env["opportunity.letter.wizard"]._open(self)

    def action_open_letters(self):
        """Open the letters of the opportunity."""
        self.ensure_one()
        return self.env["opportunity.letter"]._get_list_action([("lead_id", "=", self.id)])

    def _merge_letters(self, merged):
        """Let letters of merged opportunities be those of the one that remains."""
        # sudo: what becomes of letters does not depend on who merges
        letters = self.env["opportunity.letter"].sudo().search([("lead_id", "in", merged.ids)])
        letters.write({"lead_id": self.id})
