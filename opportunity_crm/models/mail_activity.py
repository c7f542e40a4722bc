from enum import Enum

from odoo import api, models


class ActivityReading(Enum):
    """Says that activities are read, in the context of a search. No client can: JSON knows only strings."""

    READING = "reading"


class MailActivity(models.Model):
    """An activity of an opportunity: finishing one that is a step finishes the step, and who may read the opportunity
    finds its activities."""

    _inherit = "mail.activity"

    def write(self, vals):
        finished = self.browse()
        if vals.get("active") is False:
            finished = self.filtered(lambda activity: activity.active and activity.res_model == "crm.lead")
        res = super().write(vals)
        if finished:
            # sudo: nobody may write steps directly; who may finish the activity has done the step
            steps = self.env["opportunity.step"].sudo()
            steps.search([("activity_id", "in", finished.ids), ("state", "=", "todo")])._close("done")
        return res

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Find the activities of opportunities that are shared to read, as ``check_access`` lets them be read; Odoo
        finds only those of documents on which one may post."""
        reading = self.with_context(opportunity_activity_reading=ActivityReading.READING)
        return super(MailActivity, reading)._search(domain, offset, limit, order, **kwargs)
