from odoo import api, models


class CalendarEvent(models.Model):
    """A meeting about an opportunity is a goal of its sequences."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.opportunity_id._reach_goal("meeting")
        return events

    def write(self, vals):
        res = super().write(vals)
        if vals.get("opportunity_id"):
            self.opportunity_id._reach_goal("meeting")
        return res
