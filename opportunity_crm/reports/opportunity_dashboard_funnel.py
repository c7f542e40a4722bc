from odoo import api, models

from .opportunity_dashboard import OPEN

FINISHED = ["won", "advanced", "skipped", "returned", "lost", "archived"]
VELOCITY = "opportunity.stage.velocity"


class OpportunityDashboard(models.AbstractModel):
    """The funnel and the velocity: what became of the opportunities that left each stage, and how long it took.

    Of the stays in a stage that ended in the period, as the sales history has them: *conversion* is the share after
    which the opportunity was won or went forward; days are those of the same stays, against the target days of the
    template. Stays that ended with a change of template or team to another path are no part of it.
    """

    _inherit = "opportunity.dashboard"

    @api.model
    def _prepare_funnel(self, scope):
        """Return a row for each stage that has or had opportunities, in the order of the template or pipeline."""
        finished, waiting = self._read_finished(scope), self._read_waiting(scope)
        stages = self._sort_stages(scope, finished.keys() | waiting.keys())
        return [self._prepare_stage(scope, stage, finished.get(stage), waiting.get(stage, 0)) for stage in stages]

    @api.model
    def _prepare_stage(self, scope, stage, finished, waiting):
        left = [*self._get_domain_finished(scope), ("stage_id", "=", stage.id)]
        waiting_domain = [*self._get_domain(scope), *OPEN, ("stage_id", "=", stage.id)]
        count, converted, days, median, target, over = finished or (0, 0, 0, 0, 0, 0)
        return {
            "id": stage.id,
            "name": stage.name,
            "left": self._prepare_number(left, count, model=VELOCITY),
            "went_on": self._prepare_number([*left, ("conversion", "=", 1)], int(converted), model=VELOCITY),
            "dropped": self._prepare_number([*left, ("conversion", "=", 0)], count - int(converted), model=VELOCITY),
            "over": self._prepare_number([*left, ("over_target", "=", 1)], over or 0, model=VELOCITY),
            "open": self._prepare_number(waiting_domain, waiting),
            "conversion": converted / count if count else False,
            "days": days or 0,
            "median": median or 0,
            "target": target or 0,
        }

    @api.model
    def _get_domain_finished(self, scope):
        ended = [("outcome", "in", FINISHED), *self._get_domain_moment("date_end", scope.span)]
        return [*ended, *self._get_domain_reported(scope)]

    @api.model
    def _read_finished(self, scope):
        aggregates = ["__count", "conversion:sum", "days:avg", "days_median:avg", "target_days:avg", "over_target:sum"]
        rows = self.env[VELOCITY]._read_group(self._get_domain_finished(scope), ["stage_id"], aggregates)
        return {stage: values for stage, *values in rows if stage}

    @api.model
    def _read_waiting(self, scope):
        """Return how many opportunities are in each stage now."""
        rows = self._get_leads()._read_group([*self._get_domain(scope), *OPEN], ["stage_id"], ["__count"])
        return {stage: count for stage, count in rows if stage}

    @api.model
    def _sort_stages(self, scope, stages):
        ids = [stage.id for stage in stages]
        known = scope.template._get_stages() | self.env["crm.stage"].search([("id", "in", ids)])
        return known.filtered(lambda stage: stage.id in ids and not stage.is_won)
