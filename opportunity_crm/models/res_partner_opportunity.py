from odoo import api, fields, models
from odoo.fields import Domain

STATES = {"pending": "open", "won": "won", "lost": "lost"}


class ResPartner(models.Model):
    """The opportunities of a contact in numbers; those of a company are those of all its people.

    They count what the person who looks may see, in the currency of the current company.
    """

    _inherit = "res.partner"

    opportunity_currency_id = fields.Many2one("res.currency", compute="_compute_opportunity_currency_id")
    opportunity_open_count = fields.Integer(
        string="Open Opportunities",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
    )
    opportunity_won_count = fields.Integer(
        string="Won Opportunities",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
    )
    opportunity_lost_count = fields.Integer(
        string="Lost Opportunities",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
    )
    opportunity_open_amount = fields.Monetary(
        string="Open Revenue",
        currency_field="opportunity_currency_id",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
        help="Expected revenue of the open opportunities.",
    )
    opportunity_won_amount = fields.Monetary(
        string="Won Revenue",
        currency_field="opportunity_currency_id",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
        help="Expected revenue of the won opportunities.",
    )
    opportunity_lost_amount = fields.Monetary(
        string="Lost Revenue",
        currency_field="opportunity_currency_id",
        compute="_compute_opportunity_numbers",
        groups="sales_team.group_sale_salesman",
        help="Expected revenue of the lost opportunities.",
    )

    @api.depends_context("company")
    def _compute_opportunity_currency_id(self):
        self.opportunity_currency_id = self.env.company.currency_id

    @api.depends("opportunity_ids.won_status", "opportunity_ids.active", "opportunity_ids.expected_revenue")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_opportunity_numbers(self):
        totals = self._get_opportunity_totals()
        for partner in self:
            for state in STATES.values():
                count, amount = totals.get((partner.id, state), (0, 0))
                partner[f"opportunity_{state}_count"] = count
                partner[f"opportunity_{state}_amount"] = amount

    def _get_opportunity_totals(self):
        """Return ``{(contact id, "open", "won" or "lost"): (count, expected revenue)}``, without what is zero."""
        below = self._origin._fetch_children_partners_for_hierarchy()
        totals, ours, company = {}, set(self._origin.ids), self.env.company
        domain = self._get_domain_counted() & Domain("partner_id", "in", below.ids)
        for partner, status, owner, count, revenue in (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(domain, ["partner_id", "won_status", "company_id"], ["__count", "expected_revenue:sum"])
        ):
            currency = (owner or company).currency_id
            amount = currency._convert(revenue, company.currency_id, company)
            while partner:
                if partner.id in ours:
                    key = (partner.id, STATES[status])
                    known = totals.get(key, (0, 0))
                    totals[key] = known[0] + count, known[1] + amount
                partner = partner.parent_id
        return totals

    @api.model
    def _get_domain_counted(self):
        """Return the domain of open, won and lost opportunities: those that are only archived are none of these."""
        return Domain("type", "=", "opportunity") & (
            Domain("active", "=", True) | Domain("won_status", "!=", "pending")
        )

    def get_opportunity_overview(self):
        """Return what the Opportunities tab of a contact shows, as the person who looks may see it.

        :return: ``{"currency_id", "domain": that of the opportunities that are counted,
            "states": [{"name": "open", "won" or "lost", "count", "amount"}],
            "enrollments": [{"id", "name", "lead_id", "lead", "state", "date_next"}]}``, the enrolments that are not
            ended
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "currency_id": self.opportunity_currency_id.id,
            "domain": list(self._get_domain_counted() & Domain("partner_id", "child_of", self.ids)),
            "states": [
                {
                    "name": state,
                    "count": self[f"opportunity_{state}_count"],
                    "amount": self[f"opportunity_{state}_amount"],
                }
                for state in STATES.values()
            ],
            "enrollments": self._prepare_running_enrollments(),
        }

    def _prepare_running_enrollments(self):
        domain = Domain("state", "in", ("active", "paused")) & Domain("lead_id.partner_id", "child_of", self.ids)
        states = dict(self.env["opportunity.enrollment"]._fields["state"]._description_selection(self.env))
        return [
            {
                "id": enrollment.id,
                "name": enrollment.sequence_id.name,
                "lead_id": enrollment.lead_id.id,
                "lead": enrollment.lead_id.name,
                "state": states[enrollment.state],
                "date_next": fields.Datetime.to_string(enrollment.date_next),
            }
            for enrollment in self.env["opportunity.enrollment"].search(domain, limit=40)
        ]

    def action_view_opportunities_of_state(self, state):
        """Open the open, won or lost opportunities of a contact and of those below it."""
        self.ensure_one()
        action = self.action_view_opportunity()
        filters = {"open": "filter_ongoing", "won": "filter_won", "lost": "filter_lost"}
        context = {"active_test": False, f"search_default_{filters[state]}": 1, "default_partner_id": self.id}
        return {**action, "context": context}
