from odoo import models


class MailActivity(models.Model):
    """An activity that is a step of an opportunity: finishing one finishes the other."""

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
