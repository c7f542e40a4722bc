from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What the gate says of very many opportunities at once: the part of it that the database can tell."""

    _inherit = "crm.lead"

    is_held_by_steps = fields.Boolean(
        string="Held by Steps",
        compute="_compute_is_held_by_steps",
        search="_search_is_held_by_steps",
        help="The opportunity is open, required steps of its stage are not done, and the template lets none advance"
        " without them.",
    )

    @api.depends("active", "won_status", "template_stage_id.condition_ids.kind", "step_ids.state")
    def _compute_is_held_by_steps(self):
        for lead in self:
            conditions = lead.template_stage_id.condition_ids
            asks = any(condition.kind == "steps" and condition.severity == "block" for condition in conditions)
            is_open = lead.active and lead.won_status == "pending"
            lead.is_held_by_steps = is_open and asks and lead._has_open_required_steps()

    def _has_open_required_steps(self):
        # a plain loop: filtered() would lose the prefetching over the steps of many opportunities
        return any(
            step.required and step.state == "todo" and step.template_stage_id == self.template_stage_id
            for step in self.step_ids
        )

    def _search_is_held_by_steps(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_ = Domain("active", "=", True) & Domain("won_status", "=", "pending")
        held = open_ & Domain("id", "in", self._sql_held_by_steps())
        return held if True in value else ~held

    @api.model
    def _sql_held_by_steps(self):
        """The opportunities with a required step to do in their stage, which must not be left without it.

        In SQL because a domain cannot compare the stage of a step with that of its opportunity.
        """
        self.env["opportunity.step"].flush_model(["lead_id", "template_stage_id", "required", "state"])
        self.env["opportunity.template.condition"].flush_model(["template_stage_id", "kind", "severity"])
        self.flush_model(["template_stage_id"])
        return SQL(
            """(
            SELECT step.lead_id
              FROM opportunity_step AS step
              JOIN crm_lead AS lead ON lead.id = step.lead_id AND lead.template_stage_id = step.template_stage_id
             WHERE step.required AND step.state = 'todo'
               AND step.template_stage_id IN (
                   SELECT template_stage_id FROM opportunity_template_condition
                    WHERE kind = 'steps' AND severity = 'block')
            )"""
        )
