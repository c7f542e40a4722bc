from datetime import datetime, time
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.calendar_span import MONTHS, Span, span_of

BASES = ("owner", "credit")
CLOSED = {"won": [("won_status", "=", "won")], "lost": [("won_status", "=", "lost")]}
# said in full, so that a list that is opened with a domain has the records that were counted, archived ones included
ANY_ACTIVE = ("active", "in", [True, False])
OPEN = [("active", "=", True), ("won_status", "=", "pending")]


class Scope(NamedTuple):
    """What a dashboard is about."""

    teams: models.BaseModel
    template: models.BaseModel  # the current revision, which stands for all
    span: Span
    basis: str


class OpportunityDashboard(models.AbstractModel):
    """The numbers of the sales dashboard: one panel a file, each a few aggregations in the database.

    Everything is read as the user who looks: of opportunities, follow-up, links and shares that they may see and no
    others. Amounts are in the currency of the company in which the user works, at today's rate. Each number comes as
    ``{"count", "amount", "model", "domain"}``, where the domain selects the very records that were counted.
    """

    _name = "opportunity.dashboard"
    _description = "Sales Dashboard"

    @api.model
    def get_choices(self):
        """Return what the dashboard can be restricted to, and what its amounts are in.

        :return: ``{"teams": [{"id", "name"}], "templates": [{"id", "name"}], "currency_id", "has_recurring",
            "is_empty"}``; it is empty where the user sees no opportunity at all
        """
        templates = self.env["opportunity.template"].with_context(active_test=False).search([("state", "!=", "draft")])
        teams = self.env["crm.team"].search([("use_opportunities", "=", True)])
        leads = self.env["crm.lead"].with_context(active_test=False)
        return {
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "templates": [{"id": one.id, "name": one.name} for one in templates if one == one.current_id],
            "currency_id": self.env.company.currency_id.id,
            "has_recurring": self.env.user.has_group("crm.group_use_recurring_revenues"),
            "is_empty": not leads.search_count([("type", "=", "opportunity")], limit=1),
        }

    @api.model
    def read_panels(self, panels, filters=None):
        """Return the numbers of some panels.

        :param list panels: of ``"forecast"``, ``"funnel"``, ``"slowest"``, ``"performance"``, ``"attention"``
        :param dict filters: ``team_ids`` (list of ``crm.team`` ids, none for all), ``template_id`` (of any revision;
            all are counted), ``period`` (``"month"``, ``"quarter"`` or ``"year"``: the current one), ``basis``
            (``"owner"`` or ``"credit"``)
        :return: ``{panel: numbers}``
        :raise UserError: when a panel or filter is not one of these
        """
        # what the database groups by month is grouped in the same time zone as the periods
        self = self.with_context(tz=str(self.env.tz))
        scope = self._parse_filters({} if filters is None else filters)
        known = self._get_panels()
        if not isinstance(panels, list) or not all(name in known for name in panels):
            raise UserError(self.env._("The dashboard has these panels: %s.", ", ".join(known)))
        return {name: getattr(self, f"_prepare_{name}")(scope) for name in panels}

    @api.model
    def _get_panels(self):
        """Return the names of the panels; each has a method ``_prepare_<name>(scope)``."""
        return ["forecast", "funnel", "slowest", "performance", "attention"]

    @api.model
    def _parse_filters(self, filters):
        if not isinstance(filters, dict) or not filters.keys() <= {"team_ids", "template_id", "period", "basis"}:
            raise UserError(self.env._("The dashboard can be filtered by team_ids, template_id, period and basis."))
        period, basis = filters.get("period", "quarter"), filters.get("basis", "owner")
        if period not in tuple(MONTHS) or basis not in BASES:
            raise UserError(
                self.env._(
                    "The period of the dashboard is one of %(periods)s, its basis one of %(bases)s.",
                    periods=", ".join(MONTHS),
                    bases=", ".join(BASES),
                )
            )
        return Scope(
            teams=self._browse_choice("crm.team", filters.get("team_ids") or []),
            template=self._browse_choice("opportunity.template", [filters.get("template_id") or 0]).current_id,
            span=span_of(period, fields.Date.context_today(self)),
            basis=basis,
        )

    @api.model
    def _browse_choice(self, model, ids):
        """Return the records of a filter, those that are there and that the user may see."""
        if not isinstance(ids, list) or not all(type(id_) is int for id_ in ids):
            raise UserError(self.env._("The teams and the template of the dashboard are given by their ids."))
        return self.env[model].with_context(active_test=False).search([("id", "in", ids)])

    @api.model
    def _get_domain(self, scope):
        """Return the domain of the opportunities that are looked at, open and closed."""
        domain = [("type", "=", "opportunity")]
        if scope.teams:
            domain.append(("team_id", "in", scope.teams.ids))
        if scope.template:
            domain.append(("template_id", "in", scope.template.family_id.revision_ids.ids))
        return domain

    @api.model
    def _get_domain_reported(self, scope):
        """Return the domain of the lines of a report, where the current revision stands for all of a template."""
        teams = [("team_id", "in", scope.teams.ids)] if scope.teams else []
        return [*teams, ("template_id", "=", scope.template.id)] if scope.template else teams

    @api.model
    def _get_domain_closed(self, scope, span, outcome=None):
        """Return the domain of the opportunities that were closed in a span, won and lost or only one of them."""
        status = CLOSED[outcome] if outcome else [("won_status", "in", list(CLOSED))]
        return [*self._get_domain(scope), ANY_ACTIVE, *status, *self._get_domain_moment("date_closed", span)]

    @api.model
    def _get_domain_moment(self, field, span):
        """Return the domain of what happened in a span, as days are where the user is."""
        return [(field, ">=", self._get_moment(span.start)), (field, "<", self._get_moment(span.stop))]

    @api.model
    def _get_moment(self, day):
        """Return when a day begins for the user, in UTC and as text: domains go to the client."""
        begins = self.env.tz.localize(datetime.combine(day, time.min))
        return fields.Datetime.to_string(begins.astimezone(pytz.utc).replace(tzinfo=None))

    @api.model
    def _get_domain_of_leads(self, scope):
        """Return the domain of what belongs to the opportunities that are looked at, through its ``lead_id``."""
        return [("lead_id", "any", self._get_domain(scope))] if scope.teams or scope.template else []

    @api.model
    def _prepare_number(self, domain, count=0, amount=0.0, model="crm.lead"):
        return {"count": count, "amount": amount, "model": model, "domain": domain}

    @api.model
    def _get_leads(self):
        return self.env["crm.lead"].with_context(active_test=False)

    @api.model
    def _get_divisors(self):
        """Return ``{company id: by what its amounts are divided}``; opportunities without company need no exchange."""
        return {**dict(self.env["opportunity.credit.report"]._get_rates()), False: 1.0, None: 1.0}
