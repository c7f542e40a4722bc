from odoo import fields, models


class OpportunitySequence(models.Model):
    """What comes of a sequence: how many opportunities were in it, were written to, and answered."""

    _inherit = "opportunity.sequence"

    enrolled_count = fields.Integer(string="Enrolled", compute="_compute_funnel")
    sent_count = fields.Integer(string="Written To", compute="_compute_funnel")
    opened_count = fields.Integer(string="Opened", compute="_compute_funnel", help="Where it is known.")
    clicked_count = fields.Integer(string="Clicked", compute="_compute_funnel")
    replied_count = fields.Integer(string="Replied", compute="_compute_funnel")
    meeting_count = fields.Integer(string="Meeting", compute="_compute_funnel")
    won_count = fields.Integer(string="Deals Won", compute="_compute_funnel")

    def _compute_funnel(self):
        """Count opportunities that the user may see, each once for each mark."""
        marks = {
            "enrolled_count": [],
            "sent_count": [("step_ids.delivery", "=", "sent")],
            "opened_count": [("step_ids.date_opened", "!=", False)],
            "clicked_count": [("step_ids.date_clicked", "!=", False)],
            "replied_count": ["|", ("end_reason", "=", "reply"), ("step_ids.date_replied", "!=", False)],
            "meeting_count": [("end_reason", "=", "meeting")],
            "won_count": [("lead_id.won_status", "=", "won")],
        }
        for name, domain in marks.items():
            counts = self._count_enrolled(domain)
            for sequence in self:
                sequence[name] = counts.get(sequence, 0)

    def _count_enrolled(self, domain):
        mine = [("sequence_id", "in", self.ids), *domain]
        enrollments = self.env["opportunity.enrollment"].with_context(active_test=False)
        return dict(enrollments._read_group(mine, ["sequence_id"], ["lead_id:count_distinct"]))

    def action_view_enrollments(self):
        """Open the enrolments of the sequence."""
        action = self.env["ir.actions.act_window"]._for_xml_id("opportunity_crm.opportunity_enrollment_action")
        return {**action, "domain": [("sequence_id", "in", self.ids)], "context": {}}
