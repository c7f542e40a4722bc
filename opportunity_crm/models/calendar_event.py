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
        # a meeting that comes along when its opportunity is merged is not a new one
        if vals.get("opportunity_id") and not self.env["crm.lead"]._is_history_held():
            self.opportunity_id._reach_goal("meeting")
        return res
