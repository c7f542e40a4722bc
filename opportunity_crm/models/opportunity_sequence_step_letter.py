from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunitySequenceStep(models.Model):
    """Letters as steps of a follow-up sequence."""

    _inherit = "opportunity.sequence.step"

    kind = fields.Selection(selection_add=[("letter", "Letter"), ("note",)], ondelete={"letter": "cascade"})
    letter_template_id = fields.Many2one("opportunity.letter.template", ondelete="restrict")

    @api.constrains("kind", "letter_template_id")
    def _check_letter(self):
        for step in self.filtered(lambda step: step.kind == "letter"):
            letter, company = step.letter_template_id, step.company_id
            if not letter:
                step._refuse(self.env._("Which letter is that of “%s”? Choose one.", step.name))
            if letter.company_id and letter.company_id != company:
                step._refuse(
                    self.env._(
                        "The letter “%(letter)s” is not of the company of “%(step)s”.",
                        letter=letter.name,
                        step=step.name,
                    )
                )

    @api.depends("letter_template_id")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_letter(self):
        return self.letter_template_id.name


class OpportunityEnrollmentStep(models.Model):
    """Letter steps collect in the batch of their letter and company, until somebody prints it."""

    _inherit = "opportunity.enrollment.step"

    def _run_letter(self, _planner):
        """Put letters to the contacts into the batches to print."""
        # sudo: the engine acts for whoever enrolled the opportunity and had the right to edit it
        for step, rows in self.sudo().grouped("step_id").items():
            leads = rows._get_leads()
            homeless = leads.filtered(lambda lead: not (lead.partner_id or lead.street))
            if homeless:
                raise UserError(
                    self.env._("“%s” has no contact to write to. Choose one, then try again.", homeless[0].name)
                )
            self.env["opportunity.letter"].sudo()._queue(step.letter_template_id, leads)
