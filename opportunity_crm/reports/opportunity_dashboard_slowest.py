from odoo import api, models

from .opportunity_dashboard import OPEN

SHOWN = 5


class OpportunityDashboard(models.AbstractModel):
    """The slowest deals: of those that are over the target days of their stage, the ones longest in it."""

    _inherit = "opportunity.dashboard"

    @api.model
    def _prepare_slowest(self, scope):
        """Return ``{"deals": [{"id", "name", "stage", "salesperson", "days", "target", "amount"}]}``."""
        domain = [*self._get_domain(scope), *OPEN, ("is_over_target", "=", True)]
        leads = self.env["crm.lead"].search(domain, order="date_last_stage_update, id", limit=SHOWN)
        divisors = self._get_divisors()
        return {"deals": [self._prepare_slow_deal(lead, divisors[lead.company_id.id]) for lead in leads]}

    @api.model
    def _prepare_slow_deal(self, lead, divisor):
        return {
            "id": lead.id,
            "name": lead.name,
            "stage": lead.stage_id.name,
            "salesperson": lead.user_id.name,
            "days": lead.stage_days,
            "target": lead.stage_target_days,
            "amount": lead.expected_revenue / divisor,
        }
