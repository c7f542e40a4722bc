from collections import defaultdict

from odoo import api, models

from .opportunity_dashboard import CLOSED

CREDIT = "opportunity.credit.report"
ACTIVITY = "crm.activity.report"
AGGREGATES = {
    "crm.lead": ["__count", "expected_revenue:sum", "day_close:avg"],
    CREDIT: ["deals:sum", "won_revenue:sum", "day_close:avg"],
}


class OpportunityDashboard(models.AbstractModel):
    """Who sold what in the period.

    By owner the salesperson of an opportunity has all of it; by credit everybody has the share that the coverage
    groups give. *Cycle* is the average number of days from creation to winning, *activities* are those done.
    """

    _inherit = "opportunity.dashboard"

    @api.model
    def _prepare_performance(self, scope):
        """Return a row for each person, those who won most first."""
        read = self._read_sold_by_owner if scope.basis == "owner" else self._read_sold_by_credit
        sold, done = read(scope), self._read_done(scope)
        people = {user for user, _outcome in sold} | done.keys()
        rows = [self._prepare_person(scope, user, sold, done.get(user, 0)) for user in people]
        return sorted(rows, key=lambda row: (-row["won"]["amount"], -row["won"]["count"], row["name"] or ""))

    @api.model
    def _prepare_person(self, scope, user, sold, done):
        model = "crm.lead" if scope.basis == "owner" else CREDIT
        mine = [("user_id", "=", user.id)]
        (won, won_amount, days), (lost, *_lost) = (sold.get((user, outcome), (0, 0.0, 0)) for outcome in CLOSED)
        return {
            "id": user.id,
            "name": user.name,
            "won": self._prepare_number([*self._get_domain_sold(scope, "won"), *mine], won, won_amount, model),
            "lost": self._prepare_number([*self._get_domain_sold(scope, "lost"), *mine], lost, model=model),
            "rate": won / (won + lost) if won + lost else False,
            "cycle": days if won else False,
            "activities": self._prepare_number(
                [*self._get_domain_done(scope), ("author_id", "=", user.partner_id.id)], done, model=ACTIVITY
            ),
        }

    @api.model
    def _get_domain_sold(self, scope, outcome=None):
        if scope.basis == "owner":
            return self._get_domain_closed(scope, scope.span, outcome)
        status = CLOSED[outcome] if outcome else [("won_status", "in", list(CLOSED))]
        closed = [*status, *self._get_domain_moment("date_closed", scope.span)]
        return [*closed, *self._get_domain_reported(scope)]

    @api.model
    def _read_sold_by_owner(self, scope):
        """Return ``{(user, outcome): (count, amount, average days)}``."""
        divisors, found = self._get_divisors(), defaultdict(lambda: (0, 0.0, 0.0))
        for user, outcome, company, count, amount, days in self._get_leads()._read_group(
            self._get_domain_sold(scope), ["user_id", "won_status", "company_id"], AGGREGATES["crm.lead"]
        ):
            others, sum_, average = found[user, outcome]
            average = (average * others + (days or 0) * count) / (others + count)
            found[user, outcome] = (others + count, sum_ + amount / divisors[company.id], average)
        return found

    @api.model
    def _read_sold_by_credit(self, scope):
        rows = self.env[CREDIT]._read_group(self._get_domain_sold(scope), ["user_id", "won_status"], AGGREGATES[CREDIT])
        return {(user, outcome): (count, amount or 0.0, days or 0) for user, outcome, count, amount, days in rows}

    @api.model
    def _get_domain_done(self, scope):
        domain = [("lead_type", "=", "opportunity"), *self._get_domain_moment("date", scope.span)]
        return [*domain, *self._get_domain_of_leads(scope)]

    @api.model
    def _read_done(self, scope):
        """Return how many activities each user did."""
        rows = self.env[ACTIVITY]._read_group(self._get_domain_done(scope), ["author_id"], ["__count"])
        counts = {partner.id: count for partner, count in rows if partner}
        users = self.env["res.users"].with_context(active_test=False).search([("partner_id", "in", list(counts))])
        return {user: counts[user.partner_id.id] for user in users if not user.share}
