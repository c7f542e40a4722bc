import logging
from datetime import timedelta

from odoo import fields, models
from odoo.tools import is_html_empty

from .crm_lead_gate import Unmet

_logger = logging.getLogger(__name__)


class OpportunityTemplateCondition(models.Model):
    """Which opportunities meet an exit condition: one method for each kind, for many opportunities at once."""

    _inherit = "opportunity.template.condition"

    def _find_unmet(self, leads):
        """Return ``{lead: Unmet}`` of those opportunities in the stage that do not meet the condition.

        A condition that cannot be checked any more holds nobody back, and says so.

        :param leads: opportunities as superuser, or their preview with values about to be written
        """
        self.ensure_one()
        try:
            return getattr(self, f"_find_unmet_{self.kind}")(leads)
        except (AttributeError, KeyError, NotImplementedError, TypeError, ValueError) as error:
            _logger.warning("Exit condition %s of %s cannot be checked: %s", self.id, self._get_stage_name(), error)
            text = self.env._(
                "“%(condition)s” cannot be checked any more and is left out: %(reason)s Tell an administrator.",
                condition=self.summary,
                reason=error,
            )
            return {lead: Unmet("broken", "warn", text, {"condition_id": self.id}) for lead in leads}

    def _prepare_unmet(self, text=None, **details):
        return Unmet(
            self.kind, self.severity, self.message or text or self.summary, {"condition_id": self.id, **details}
        )

    def _find_unmet_steps(self, leads):
        unmet = {}
        for lead in leads:
            steps = lead._origin.step_ids.filtered(
                lambda step: step.template_stage_id == self.template_stage_id and step.required and step.state == "todo"
            )
            if steps:
                text = self.env._("Steps to do: %s", ", ".join(steps.mapped("name")))
                unmet[lead] = self._prepare_unmet(text, steps=[step._prepare_summary() for step in steps])
        return unmet

    def _find_unmet_fields(self, leads):
        names = self._get_field_names()
        gone = [name for name in names if name not in leads._fields]
        if gone or not names:
            raise ValueError(self.env._("the field %s no longer exists.", ", ".join(gone)))
        unmet = {}
        for lead in leads:
            empty = [name for name in names if self._is_empty(lead, name)]
            if empty:
                text = self.env._("Fill in: %s", ", ".join(self._get_field_labels(empty)))
                unmet[lead] = self._prepare_unmet(text, fields=empty)
        return unmet

    def _is_empty(self, lead, name):
        value = lead[name]
        return is_html_empty(value) if lead._fields[name].type == "html" else not value

    def _find_unmet_domain(self, leads):
        domain = self._get_domain()
        names = [name for name in self._get_domain_field_names() if not leads._fields[name].readonly]
        text = self.env._("The opportunity does not match what the template asks for")
        return {lead: self._prepare_unmet(text, fields=names) for lead in leads - leads.filtered_domain(domain)}

    def _find_unmet_document(self, leads):
        known = leads._find_with_documents()
        text = self.env._("No document is in the file box yet")
        return {lead: self._prepare_unmet(text) for lead in leads if lead._origin.id not in known}

    def _find_unmet_meeting(self, leads):
        domain = [("opportunity_id", "in", leads._origin.ids), ("stop", "<=", self.env.cr.now())]
        unmet = self._find_without(leads, "calendar.event", domain, self.env._("No meeting was held yet"))
        done = self._find_with_finished_meeting(unmet)
        return {lead: found for lead, found in unmet.items() if lead._origin.id not in done}

    def _find_with_finished_meeting(self, leads):
        """Return the ids of those opportunities on which a meeting was planned as an activity, and marked done."""
        domain = [
            ("res_model", "=", "crm.lead"),
            ("res_id", "in", [lead._origin.id for lead in leads]),
            ("active", "=", False),
            ("activity_category", "=", "meeting"),
        ]
        # sudo: a meeting of a colleague counts as well; only whether there was one is told
        return {id_ for (id_,) in self.env["mail.activity"].sudo()._read_group(domain, ["res_id"])}

    def _find_unmet_quotation_sent(self, leads):
        domain = [("opportunity_id", "in", leads._origin.ids), ("state", "in", ("sent", "sale"))]
        return self._find_without(leads, "sale.order", domain, self.env._("No quotation was sent yet"))

    def _find_unmet_quotation_accepted(self, leads):
        domain = [("opportunity_id", "in", leads._origin.ids), ("state", "=", "sale")]
        return self._find_without(leads, "sale.order", domain, self.env._("No quotation was accepted yet"))

    def _find_without(self, leads, model, domain, text):
        # sudo: a meeting or quotation of a colleague counts as well; only whether there is one is told
        groups = self.env[model].sudo()._read_group(domain, ["opportunity_id"])
        known = {lead.id for (lead,) in groups}
        return {lead: self._prepare_unmet(text) for lead in leads if lead._origin.id not in known}

    def _find_unmet_min_days(self, leads):
        now = self.env.cr.now()
        unmet = {}
        for lead in leads:
            since = lead.date_last_stage_update or now
            earliest = since + timedelta(days=self.days)
            if earliest > now:
                day = fields.Datetime.context_timestamp(self, earliest).date()
                text = self.env._(
                    "At least %(days)s days in this stage: possible from %(date)s",
                    days=self.days,
                    date=self.env["ir.qweb.field.date"].value_to_html(day, {}),
                )
                unmet[lead] = self._prepare_unmet(text)
        return unmet

    def _find_unmet_max_days(self, leads):
        limit = self.env.cr.now() - timedelta(days=self.days)
        text = self.env._("More than %s days in this stage", self.days)
        return {
            lead: self._prepare_unmet(text)
            for lead in leads
            if lead.date_last_stage_update and lead.date_last_stage_update < limit
        }
