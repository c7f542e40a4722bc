from odoo import api, fields, models


class LinkTrackerClick(models.Model):
    """A click on a link in a follow-up e-mail finds its enrolment."""

    _inherit = "link.tracker.click"

    enrollment_step_id = fields.Many2one(
        "opportunity.enrollment.step", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def add_click(self, code, **route_values):
        click = super().add_click(code, **route_values)
        # sudo: whoever follows a link; the code was sent to one person
        row = self.env["link.tracker.code"].sudo().search([("code", "=", code)]).enrollment_step_id
        if click and row:
            click.enrollment_step_id = row
            row._note_click()
        return click
