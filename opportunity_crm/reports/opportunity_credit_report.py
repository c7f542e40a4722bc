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
        return SQL(
            """
            WITH deal AS MATERIALIZED (%(deals)s),
                 member AS MATERIALIZED (%(members)s),
                 given AS (SELECT lead_id, sum(credit) AS credit FROM member GROUP BY lead_id),
                 part AS (
                   SELECT deal.id::bigint * 1024 AS id, deal.id AS lead_id, deal.owner_id AS user_id,
                          NULL::int AS role_id, NULL::int AS group_id, 'owner' AS basis,
                          GREATEST(%(full)s - COALESCE(given.credit, 0), 0) / %(full)s::numeric AS share
                     FROM deal LEFT JOIN given ON given.lead_id = deal.id
                    WHERE COALESCE(given.credit, 0) < %(full)s
                UNION ALL
                   SELECT member.lead_id::bigint * 1024
                          + row_number() OVER (PARTITION BY member.lead_id ORDER BY member.place),
                          member.lead_id, member.user_id, member.role_id, member.group_id, 'member',
                          member.credit / GREATEST(given.credit, %(full)s)
                     FROM member JOIN given ON given.lead_id = member.lead_id
                 )
            SELECT part.id, part.lead_id, part.user_id, part.role_id, part.group_id AS coverage_group_id, part.basis,
                   (part.share * 100)::float8 AS credit, part.share::float8 AS deals, deal.owner_id, %(amounts)s,
                   CASE WHEN deal.won_status = 'won' THEN part.share * deal.expected_revenue / deal.rate END
                   AS won_revenue,
                   %(currency)s AS currency_id, deal.stage_id, deal.template_id, deal.partner_id, deal.team_id,
                   deal.company_id, deal.date_deadline, deal.date_closed, deal.create_date, deal.won_status, deal.active
              FROM part JOIN deal ON deal.id = part.lead_id
            """,
            deals=self._sql_deals(),
            members=self._sql_members(),
            full=FULL,
            amounts=SQL(", ").join(
                SQL("part.share * %s / deal.rate AS %s", SQL.identifier("deal", name), SQL.identifier(name))
                for name in AMOUNTS
            ),
            currency=self.env.company.currency_id.id,
        )

    def _sql_deals(self):
        """The opportunities that the user may see, and what divides their amounts into the user's currency.

        Restricted here by the rules of opportunities themselves: who sees an opportunity, for whatever reason, sees its
        shares, and nobody else does.
        """
        leads = self.env["crm.lead"].with_context(active_test=False)._search([("type", "=", "opportunity")])
        return SQL(
            """
            SELECT lead.id, lead.user_id AS owner_id, lead.stage_id, lead.partner_id, lead.team_id, lead.company_id,
                   lead.date_deadline, lead.date_closed, lead.create_date, lead.won_status, lead.active,
                   COALESCE(current.id, template.family_id) AS template_id, COALESCE(rates.rate, 1) AS rate, %s
              FROM crm_lead AS lead
         LEFT JOIN (VALUES %s) AS rates (company_id, rate) ON rates.company_id = lead.company_id
         LEFT JOIN opportunity_template AS template ON template.id = lead.template_id
         LEFT JOIN (
                   SELECT DISTINCT ON (family_id) family_id, id
                     FROM opportunity_template WHERE state <> 'draft'
                 ORDER BY family_id, revision DESC
                   ) AS current ON current.family_id = template.family_id
             WHERE lead.id IN %s
            """,
            SQL(", ").join(SQL.identifier("lead", name) for name in AMOUNTS),
            SQL(", ").join(SQL("(%s, %s::numeric)", company_id, rate) for company_id, rate in self._get_rates()),
            leads.subselect(),
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

    def _sql_members(self):
        """The shares of members, kept ones where the opportunity is closed and has any, and those of today."""
        live = self.env["crm.lead"]._select_live_credits(
            SQL(
                "lead.id IN (SELECT id FROM deal) AND (lead.won_status = 'pending' OR NOT EXISTS ("
                "SELECT FROM opportunity_credit kept WHERE kept.lead_id = lead.id))"
            )
        )
        return SQL(
            """
            SELECT live.*, row_number() OVER () AS place FROM (%s) AS live WHERE live.credit > 0
         UNION ALL
            SELECT kept.lead_id, kept.user_id, kept.role_id, kept.group_id, kept.credit, kept.id
              FROM opportunity_credit kept
              JOIN deal ON deal.id = kept.lead_id AND deal.won_status <> 'pending'
             WHERE kept.credit > 0
            """,
            live,
        )
