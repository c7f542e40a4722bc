from odoo import fields, models
from odoo.tools import SQL

from ..tools.credit import FULL

AMOUNTS = (
    "expected_revenue",
    "prorated_revenue",
    "recurring_revenue_monthly",
    "recurring_revenue_monthly_prorated",
)


class OpportunityCreditReport(models.Model):
    """What each person's part of an opportunity is worth: one row for each share of the credit.

    Members of the coverage groups have their shares, the salesperson has the rest, so the rows of an opportunity add up
    to its amounts. Grouped by “Credited To” the report counts by credit; grouped by “Salesperson” it counts by owner,
    as Odoo's own reports do. Without a coverage group both are the same. Amounts are in the currency of the company in
    which the user works, at today's rate.

    The split of revenue that other systems know as opportunity splits.
    """

    _name = "opportunity.credit.report"
    _description = "Revenue by Credit"
    _auto = False
    _order = "lead_id desc, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "type",
            "active",
            "won_status",
            "stage_id",
            "template_id",
            "partner_id",
            "user_id",
            "team_id",
            "company_id",
            "date_deadline",
            "date_closed",
            "day_close",
            "probability",
            "coverage_group_ids",
            *AMOUNTS,
        ],
        "opportunity.credit": ["lead_id", "user_id", "role_id", "group_id", "credit"],
        "opportunity.coverage.group": ["active"],
        "opportunity.coverage.member": ["group_id", "user_id", "role_id", "credit", "date_from", "date_to"],
        "opportunity.template": ["family_id", "revision", "state"],
        "res.users": ["active", "share", "company_ids"],
    }

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    user_id = fields.Many2one("res.users", string="Credited To", readonly=True)
    role_id = fields.Many2one(
        "opportunity.coverage.role", readonly=True, help="Empty for the part that the salesperson has."
    )
    coverage_group_id = fields.Many2one("opportunity.coverage.group", readonly=True)
    basis = fields.Selection(
        [("owner", "Salesperson"), ("member", "Coverage Group")], string="Credited As", readonly=True
    )
    owner_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    credit = fields.Float(string="Credit (%)", digits=(5, 2), readonly=True, aggregator="avg")
    deals = fields.Float(digits=(16, 2), readonly=True, help="Opportunities, each counted by the share of its credit.")
    expected_revenue = fields.Monetary(readonly=True)
    prorated_revenue = fields.Monetary(
        string="Weighted Revenue", readonly=True, help="Expected revenue by probability and share of the credit."
    )
    won_revenue = fields.Monetary(readonly=True, help="Expected revenue of opportunities that are won.")
    recurring_revenue_monthly = fields.Monetary(string="Expected MRR", readonly=True)
    recurring_revenue_monthly_prorated = fields.Monetary(string="Weighted MRR", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    template_id = fields.Many2one("opportunity.template", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_deadline = fields.Date(string="Expected Closing", readonly=True)
    date_closed = fields.Datetime(string="Closed", readonly=True)
    day_close = fields.Float(string="Days to Close", digits=(16, 1), readonly=True, aggregator="avg")
    create_date = fields.Datetime(string="Created On", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], string="Won/Lost", readonly=True
    )
    active = fields.Boolean(readonly=True)

    def action_open_opportunity(self):
        """Open the opportunity of the share."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    @property
    def _table_query(self):
        """The opportunities that nobody covers, then the parts of those that somebody does.

        Restricted by the rules of opportunities themselves: who sees an opportunity, for whatever reason, sees its
        shares, and nobody else does. An id is that of the opportunity, and the number of the share in it.

        The two are apart because most opportunities are not covered, and cost no more than a scan then.
        """
        leads = self.env["crm.lead"].with_context(active_test=False)._search([("type", "=", "opportunity")])
        visible = SQL("lead.id IN %s", leads.subselect())
        return SQL(
            """
            WITH member AS MATERIALIZED (%(members)s),
                 part AS (
                   SELECT lead_id::bigint * 1024 AS id, lead_id, NULL::int AS user_id, NULL::int AS role_id,
                          NULL::int AS group_id, 'owner' AS basis, 1 - sum(credit) / %(full)s AS share
                     FROM member GROUP BY lead_id HAVING sum(credit) < %(full)s - 0.001
                UNION ALL
                   SELECT lead_id::bigint * 1024 + number, lead_id, user_id, role_id, group_id, 'member',
                          credit / GREATEST(given, %(full)s)
                     FROM member WHERE credit > 0
                 )
            SELECT lead.id::bigint * 1024 AS id, lead.user_id, NULL::int AS role_id, NULL::int AS coverage_group_id,
                   'owner' AS basis, %(whole)s
              FROM crm_lead AS lead %(joins)s
             WHERE %(visible)s AND lead.id NOT IN (SELECT lead_id FROM member)
         UNION ALL
            SELECT part.id, CASE WHEN part.basis = 'owner' THEN lead.user_id ELSE part.user_id END, part.role_id,
                   part.group_id, part.basis, %(shared)s
              FROM part JOIN crm_lead AS lead ON lead.id = part.lead_id %(joins)s
            """,
            members=self._sql_members(visible),
            full=FULL,
            whole=self._sql_columns(SQL("1::float8")),
            shared=self._sql_columns(SQL("part.share")),
            joins=self._sql_joins(),
            visible=visible,
        )

    def _sql_columns(self, share):
        """The columns of an opportunity, and its amounts for whoever has the share."""
        amounts = (
            SQL("%s * %s / COALESCE(rates.rate, 1) AS %s", share, SQL.identifier("lead", name), SQL.identifier(name))
            for name in AMOUNTS
        )
        return SQL(
            """
                   lead.id AS lead_id, %(share)s * 100 AS credit, %(share)s AS deals, lead.user_id AS owner_id,
                   %(amounts)s,
                   CASE WHEN lead.won_status = 'won'
                        THEN %(share)s * lead.expected_revenue / COALESCE(rates.rate, 1) END AS won_revenue,
                   %(currency)s AS currency_id, lead.stage_id,
                   COALESCE(current.id, template.family_id) AS template_id, lead.partner_id, lead.team_id,
                   lead.company_id, lead.date_deadline, lead.date_closed, lead.day_close, lead.create_date,
                   lead.won_status, lead.active
            """,
            share=share,
            amounts=SQL(", ").join(amounts),
            currency=self.env.company.currency_id.id,
        )

    def _sql_joins(self):
        """What is joined to an opportunity: the rate of its company, and the current revision of its template."""
        return SQL(
            """
         LEFT JOIN (VALUES %s) AS rates (company_id, rate) ON rates.company_id = lead.company_id
         LEFT JOIN opportunity_template AS template ON template.id = lead.template_id
         LEFT JOIN (
                   SELECT DISTINCT ON (family_id) family_id, id
                     FROM opportunity_template WHERE state <> 'draft'
                 ORDER BY family_id, revision DESC
                   ) AS current ON current.family_id = template.family_id
            """,
            SQL(", ").join(SQL("(%s, %s::float8)", company_id, rate) for company_id, rate in self._get_rates()),
        )

    def _get_rates(self):
        """Return ``[(company id, units of its currency for one of the user's company)]``."""
        # sudo: currencies of all companies; an opportunity without one has the currency of whoever looks at it
        companies = self.env["res.company"].sudo().search([("currency_id", "!=", False)])
        own, today = self.env.company, fields.Date.context_today(self)
        rates = {
            currency: own.currency_id._get_conversion_rate(own.currency_id, currency, own, today)
            for currency in companies.currency_id
        }
        return [(company.id, rates[company.currency_id]) for company in companies]

    def _sql_members(self, visible):
        """The shares of members, kept ones where the opportunity is closed and has any, and those of today."""
        live = self.env["crm.lead"]._select_live_credits(
            SQL(
                "%s AND (lead.won_status = 'pending' OR NOT EXISTS ("
                "SELECT FROM opportunity_credit kept WHERE kept.lead_id = lead.id))",
                visible,
            )
        )
        return SQL(
            """
            SELECT lead_id, user_id, role_id, group_id, credit::float8 AS credit,
                   row_number() OVER (PARTITION BY lead_id ORDER BY place, source_id) AS number,
                   sum(credit::float8) OVER (PARTITION BY lead_id) AS given
              FROM (
                   %s
         UNION ALL
                   SELECT kept.lead_id, kept.user_id, kept.role_id, kept.group_id, kept.credit, 0, kept.id
                     FROM opportunity_credit kept
                     JOIN crm_lead AS lead ON lead.id = kept.lead_id AND lead.won_status <> 'pending'
                    WHERE %s
                   ) AS share
            """,
            live,
            visible,
        )
