from odoo import fields, models


class LinkTrackerCode(models.Model):
    """A code that was sent to one person in a follow-up e-mail tells who clicked."""

    _inherit = "link.tracker.code"

    enrollment_step_id = fields.Many2one(
        "opportunity.enrollment.step", readonly=True, index="btree_not_null", ondelete="set null"
    )
