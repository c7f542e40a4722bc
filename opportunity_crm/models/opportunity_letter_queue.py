from odoo import api, models


class OpportunityLetter(models.Model):
    """Collecting letters until somebody prints them."""

    _inherit = "opportunity.letter"

    @api.model
    def _queue(self, template, leads):
        """Draw up a letter to the contact of each opportunity and put it into the batch that collects those of this
        template and company. Somebody who sees all opportunities prints the batch; each salesperson may print their own
        from “Letters to Print”.

        :param template: ``opportunity.letter.template``
        :return: the letters, in the order of the opportunities
        """
        letters = self._draw_up(template, [(lead, lead.partner_id) for lead in leads])
        for company, collected in letters.grouped("company_id").items():
            self._get_open_batch(template, company)._take(collected)
        return letters

    @api.model
    def _get_open_batch(self, template, company):
        # sudo: who queues a letter may not see what else is collected
        batches = self.env["opportunity.letter.batch"].sudo()
        domain = [("template_id", "=", template.id), ("company_id", "=", company.id)]
        found = batches.search([*domain, ("state", "=", "open"), ("user_id", "=", False)], limit=1)
        return found or batches.create({"template_id": template.id, "company_id": company.id})
