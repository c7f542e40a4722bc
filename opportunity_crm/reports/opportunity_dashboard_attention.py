from datetime import timedelta

from odoo import api, models

from .opportunity_dashboard import OPEN

SOON = 7  # days
FAILED_DELIVERIES = ("failed", "bounced", "doubt")


class OpportunityDashboard(models.AbstractModel):
    """What needs attention today.

    *Blocked at a gate* has to be answered for all opportunities at once, so it is what the database can tell: over the
    target days of the stage, and required steps are not done without which the template lets none advance. What the
    other exit conditions say is told on each opportunity.
    """

    _inherit = "opportunity.dashboard"

    @api.model
    def _prepare_attention(self, scope):
        """Return a number for each reason, by its name."""
        leads = [*self._get_domain(scope), *OPEN]
        over = [*leads, ("is_over_target", "=", True)]
        domains = {
            "no_next_action": ("crm.lead", [*leads, ("is_next_action_missing", "=", True)]),
            "over_target": ("crm.lead", over),
            "blocked": ("crm.lead", [*over, ("is_held_by_steps", "=", True)]),
            "failed_follow_up": ("opportunity.enrollment", self._get_domain_failed(scope)),
            "expiring_links": ("opportunity.buy.link", self._get_domain_expiring_links(scope)),
            "expiring_shares": ("opportunity.share", self._get_domain_expiring_shares(scope)),
        }
        return {
            name: self._prepare_number(domain, self.env[model].search_count(domain), model=model)
            for name, (model, domain) in domains.items()
        }

    @api.model
    def _get_domain_failed(self, scope):
        """Follow-up under way in which a step failed, or whose e-mail was not sent, bounced or is in doubt."""
        trouble = ["|", ("state", "=", "failed"), ("delivery", "in", list(FAILED_DELIVERIES))]
        return [("state", "in", ["active", "paused"]), ("step_ids", "any", trouble), *self._get_domain_of_leads(scope)]

    @api.model
    def _get_domain_expiring_links(self, scope):
        soon = self._get_moment((self.env.cr.now() + timedelta(days=SOON + 1)).date())
        return [("state", "=", "active"), ("date_expiry", "<", soon), *self._get_domain_of_leads(scope)]

    @api.model
    def _get_domain_expiring_shares(self, scope):
        today = self.env["opportunity.share"]._get_day()
        return [
            ("active", "=", True),
            ("date_end", ">=", str(today)),
            ("date_end", "<=", str(today + timedelta(days=SOON))),
            *self._get_domain_of_leads(scope),
        ]
