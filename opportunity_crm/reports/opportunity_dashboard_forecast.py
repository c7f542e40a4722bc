from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .opportunity_dashboard import OPEN

COMMITTED = 75  # per cent: from this probability on a deal is committed
AMOUNTS = ("amount", "committed_amount", "weighted", "predicted", "recurring", "recurring_weighted")


class OpportunityDashboard(models.AbstractModel):
    """The forecast: what was won and what is expected to be, month by month, against the period before.

    - *Best case*: all open opportunities at their full expected revenue.
    - *Committed*: those of them with a probability of 75 % and more, at full expected revenue.
    - *Weighted*: expected revenue times probability. By stage it is the probability of the opportunity, which its
      template stage sets unless somebody set another; by prediction it is what Odoo's predictive lead scoring has
      learned: the share of deals won of those that reached the stage where the template sets the probability, and the
      scoring of the opportunity itself elsewhere.
    - *Recurring*: expected recurring revenue a month (MRR), in full and weighted by stage.
    - *Won*: expected revenue of what was won in the month; *last period*: in the same month of the period before.

    An open opportunity counts in the month of its expected closing; those whose day lies before the period are *late*.
    """

    _inherit = "opportunity.dashboard"

    @api.model
    def _prepare_forecast(self, scope):
        """Return ``{"months": […], "late", "undated", "totals"}``."""
        expected, closed = self._read_expected(scope), self._read_closed(scope)
        months = [
            self._prepare_month(scope, month, last, expected, closed)
            for month, last in zip(scope.span.months(), scope.span.before().months(), strict=True)
        ]
        open_ = [*self._get_domain(scope), *OPEN]
        late = [*open_, ("date_deadline", "<", str(scope.span.start))]
        undated = [*open_, ("date_deadline", "=", False)]
        return {
            "period": {"start": str(scope.span.start), "stop": str(scope.span.stop)},
            "months": months,
            "late": self._prepare_number(late, expected["late"]["count"], expected["late"]["amount"]),
            "undated": self._prepare_number(undated, expected["undated"]["count"], expected["undated"]["amount"]),
            "totals": self._prepare_totals(scope, expected, closed),
        }

    @api.model
    def _prepare_month(self, scope, month, last, expected, closed):
        open_ = self._get_domain_expected(scope, month)
        committed = [*open_, ("probability", ">=", COMMITTED)]
        values = expected[str(month.start)]
        return {
            "month": str(month.start),
            "last_month": str(last.start),
            "won": self._prepare_closed(scope, month, "won", closed),
            "last": self._prepare_closed(scope, last, "won", closed),
            "best": self._prepare_number(open_, values["count"], values["amount"]),
            "committed": self._prepare_number(committed, values["committed_count"], values["committed_amount"]),
            **{name: values[name] for name in AMOUNTS[2:]},
        }

    @api.model
    def _prepare_totals(self, scope, expected, closed):
        """Return the sums of the whole period, and of the one before what was won and lost in it."""
        span, last, open_ = scope.span, scope.span.before(), self._get_domain_expected(scope, scope.span)
        months = [expected[str(month.start)] for month in span.months()]
        total = {name: sum(values[name] for values in months) for name in ("count", "committed_count", *AMOUNTS)}
        committed = [*open_, ("probability", ">=", COMMITTED)]
        return {
            "won": self._prepare_closed(scope, span, "won", closed),
            "lost": self._prepare_closed(scope, span, "lost", closed),
            "last_won": self._prepare_closed(scope, last, "won", closed),
            "last_lost": self._prepare_closed(scope, last, "lost", closed),
            "best": self._prepare_number(open_, total["count"], total["amount"]),
            "committed": self._prepare_number(committed, total["committed_count"], total["committed_amount"]),
            **{name: total[name] for name in AMOUNTS[2:]},
        }

    @api.model
    def _prepare_closed(self, scope, span, outcome, closed):
        found = [closed[str(month.start), outcome] for month in span.months()]
        count, amount, recurring = (sum(values) for values in zip(*found, strict=True))
        number = self._prepare_number(self._get_domain_closed(scope, span, outcome), count, amount)
        return {**number, "recurring": recurring}

    @api.model
    def _get_domain_expected(self, scope, span):
        days = [("date_deadline", ">=", str(span.start)), ("date_deadline", "<", str(span.stop))]
        return [*self._get_domain(scope), *OPEN, *days]

    @api.model
    def _read_closed(self, scope):
        """Return ``{(month, outcome): [count, amount, recurring]}`` of this period and the one before."""
        both = scope.span._replace(start=scope.span.before().start)
        divisors, found = self._get_divisors(), defaultdict(lambda: [0, 0.0, 0.0])
        for month, outcome, company, count, *amounts in self._get_leads()._read_group(
            self._get_domain_closed(scope, both),
            ["date_closed:month", "won_status", "company_id"],
            ["__count", "expected_revenue:sum", "recurring_revenue_monthly:sum"],
        ):
            values = [count, *(amount / divisors[company.id] for amount in amounts)]
            key = (fields.Date.to_string(month), outcome)
            found[key] = [sum(pair) for pair in zip(found[key], values, strict=True)]
        return found

    @api.model
    def _read_expected(self, scope):
        """Return the sums of the open opportunities, by the month of their expected closing, ``late`` and
        ``undated``."""
        divisors = self._get_divisors()
        found = defaultdict(lambda: dict.fromkeys(("count", "committed_count", *AMOUNTS), 0))
        for bucket, company_id, count, committed_count, *amounts in self.env.execute_query(self._sql_expected(scope)):
            values = found[bucket]
            values["count"] += count
            values["committed_count"] += committed_count
            for name, amount in zip(AMOUNTS, amounts, strict=True):
                values[name] += float(amount or 0) / divisors[company_id]
        return found

    @api.model
    def _sql_expected(self, scope):
        """In SQL because no stored field has the prediction where the template sets the probability.

        What is read comes from Odoo's own query, with the rules of the user in it. What the scoring has learned is the
        same for everybody, and says of no opportunity whether it was won.
        """
        wanted = [*self._get_domain(scope), *OPEN, "|", ("date_deadline", "=", False)]
        leads = self._get_leads()._search([*wanted, ("date_deadline", "<", str(scope.span.stop))])
        return SQL(
            """
            WITH learned AS MATERIALIZED (
                 SELECT value, 100 * sum(won_count) / NULLIF(sum(won_count + lost_count), 0) AS chance
                   FROM crm_lead_scoring_frequency WHERE variable = 'stage_id' GROUP BY value
                 )
            SELECT CASE WHEN lead.date_deadline IS NULL THEN 'undated' WHEN lead.date_deadline < %(start)s THEN 'late'
                        ELSE to_char(lead.date_deadline, 'YYYY-MM-01') END AS bucket,
                   lead.company_id, count(*), count(*) FILTER (WHERE lead.probability >= %(committed)s),
                   sum(lead.expected_revenue), sum(lead.expected_revenue) FILTER (WHERE probability >= %(committed)s),
                   sum(lead.expected_revenue * lead.probability / 100),
                   sum(lead.expected_revenue * COALESCE(
                       CASE WHEN line.use_automated_probability IS FALSE THEN learned.chance END,
                       lead.automated_probability) / 100),
                   sum(lead.recurring_revenue_monthly), sum(lead.recurring_revenue_monthly * lead.probability / 100)
              FROM crm_lead AS lead
         LEFT JOIN (
                   SELECT id, stage_id::text AS value, COALESCE(use_automated_probability, FALSE)
                          AS use_automated_probability FROM opportunity_template_stage
                   ) AS line ON line.id = lead.template_stage_id
         LEFT JOIN learned ON learned.value = line.value
             WHERE lead.id IN %(leads)s
          GROUP BY 1, 2
            """,
            start=scope.span.start,
            committed=COMMITTED,
            leads=leads.subselect(),
        )
