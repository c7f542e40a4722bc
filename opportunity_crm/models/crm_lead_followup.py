from odoo import api, fields, models


class CrmLead(models.Model):
    """The follow-up sequences of an opportunity."""

    _inherit = "crm.lead"

    enrollment_ids = fields.One2many(
        "opportunity.enrollment", "lead_id", string="Follow-up", readonly=True, groups="sales_team.group_sale_salesman"
    )
    enrollment_count = fields.Integer(
        string="Sequences in Progress",
        compute="_compute_enrollment_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("enrollment_ids.state")
    def _compute_enrollment_count(self):
        for lead in self:
            lead.enrollment_count = sum(one.state in ("active", "paused") for one in lead.enrollment_ids)
