from ast import literal_eval
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class Kpi(NamedTuple):
    """A number of the digest: the action that opens its records, whose domain says which those are."""

    action: str
    company_field: str = "company_id"
    amount: str | None = None  # None: it counts records
    date_field: str | None = None  # None: it counts what stands now, not what happened in a period


KPIS = {
    "kpi_opportunity_no_next_action": Kpi("crm_lead_action_no_next_action"),
    "kpi_opportunity_over_target": Kpi("crm_lead_action_over_target"),
    "kpi_opportunity_followup": Kpi("opportunity_enrollment_action_stuck", company_field="lead_id.company_id"),
    "kpi_opportunity_forecast": Kpi("crm_lead_action_closing_this_month", amount="prorated_revenue"),
    "kpi_opportunity_moved": Kpi(
        "opportunity_stage_move_action_forward", company_field="lead_id.company_id", date_field="date"
    ),
    "kpi_opportunity_won": Kpi("crm_lead_action_won", amount="expected_revenue", date_field="date_closed"),
}
EMPTY = {"value": "", "col_subtitle": ""}


class DigestDigest(models.Model):
    """What a sales team looks at on a Monday, in the digest that Odoo sends by e-mail.

    Every recipient gets the numbers of the opportunities that they may see in the company of the digest: salespeople
    their own, managers all. Opportunities without a company belong to each company, as they do on screen.
    """

    _inherit = "digest.digest"

    kpi_opportunity_no_next_action = fields.Boolean("No Next Action")
    kpi_opportunity_no_next_action_value = fields.Integer(compute="_compute_kpi_opportunity_no_next_action_value")
    kpi_opportunity_over_target = fields.Boolean("Over Target")
    kpi_opportunity_over_target_value = fields.Integer(compute="_compute_kpi_opportunity_over_target_value")
    kpi_opportunity_followup = fields.Boolean("Follow-up to Decide On")
    kpi_opportunity_followup_value = fields.Integer(compute="_compute_kpi_opportunity_followup_value")
    kpi_opportunity_forecast = fields.Boolean("Weighted Forecast")
    kpi_opportunity_forecast_value = fields.Monetary(compute="_compute_kpi_opportunity_forecast_value")
    kpi_opportunity_moved = fields.Boolean("Stages Moved Forward")
    kpi_opportunity_moved_value = fields.Integer(compute="_compute_kpi_opportunity_moved_value")
    kpi_opportunity_won = fields.Boolean("Won Revenue")
    kpi_opportunity_won_value = fields.Monetary(compute="_compute_kpi_opportunity_won_value")

    def _compute_kpi_opportunity_no_next_action_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_no_next_action")

    def _compute_kpi_opportunity_over_target_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_over_target")

    def _compute_kpi_opportunity_followup_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_followup")

    def _compute_kpi_opportunity_forecast_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_forecast")

    def _compute_kpi_opportunity_moved_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_moved")

    def _compute_kpi_opportunity_won_value(self):
        self._compute_opportunity_kpi("kpi_opportunity_won")

    def _compute_opportunity_kpi(self, name):
        """Compute the value of one of the KPIS for digests, with one query for each of their companies."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("The numbers of opportunities are for people in sales."))
        for company, digests in self.grouped(lambda digest: digest.company_id or self.env.company).items():
            digests[f"{name}_value"] = self._calculate_opportunity_kpi(KPIS[name], company)

    def _calculate_opportunity_kpi(self, kpi, company):
        """Count what the user sees in the company, or add up its amounts.

        :raises AccessError: the user may not use the company; Odoo leaves the number out of the e-mail then
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(f"opportunity_crm.{kpi.action}")
        model = self.env[action["res_model"]].with_context(allowed_company_ids=company.ids, tz=self.env.user.tz)
        domain = Domain(literal_eval(action["domain"])) & Domain(kpi.company_field, "in", [company.id, False])
        if kpi.date_field:
            start, end, _companies = self._get_kpi_compute_parameters()
            domain &= Domain(kpi.date_field, ">=", start) & Domain(kpi.date_field, "<", end)
        ((value,),) = model._read_group(domain, aggregates=[f"{kpi.amount}:sum" if kpi.amount else "__count"])
        return value

    def _compute_kpis(self, company, user):
        """Show numbers of what stands now once, not for each period."""
        kpis = super()._compute_kpis(company, user)
        for kpi in kpis:
            definition = KPIS.get(kpi["kpi_name"])
            if definition and not definition.date_field:
                subtitle = self.env._("Closing this month") if definition.amount else self.env._("Now")
                kpi["kpi_col1"] = {**kpi["kpi_col1"], "col_subtitle": subtitle}
                kpi.update(kpi_col2=EMPTY, kpi_col3=EMPTY)
        return kpis

    def _compute_kpis_actions(self, company, user):
        menu_id = self.env.ref("crm.crm_menu_root").id
        actions = {name: f"opportunity_crm.{kpi.action}?menu_id={menu_id}" for name, kpi in KPIS.items()}
        return {**super()._compute_kpis_actions(company, user), **actions}
