from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..exceptions import GateError


class GatePass(NamedTuple):
    """Lets opportunities through the gate. Code passes it in the context, which no client can: JSON has no objects."""

    reason: str | None = None  # of a manager who overrides; None lets warnings pass only


class Unmet(NamedTuple):
    """A condition that one opportunity does not meet."""

    kind: str
    severity: str
    text: str
    details: dict = {}  # what the client needs to resolve it, e.g. the fields to fill


class CrmLead(models.Model):
    """The gate: what must hold before an opportunity advances to another stage of its template.

    It stands before every way of moving, on the server. It tells of every opportunity and every condition at once.
    """

    _inherit = "crm.lead"

    def get_gate(self, stage_id):
        """Return what keeps opportunities from a stage, as data.

        :param int stage_id: the ``crm.stage`` to which they want to go
        :return: ``{"stage_id", "stage_name", "is_won", "can_override", "leads": [{"id", "name", "stage_id",
            "partner_id", "box_model", "box_id", "meeting_start", "quotation_count", "unmet": [{"kind", "is_blocking",
            "text", …details}]}], "lead_ids"}``; opportunities that may pass are left out of ``leads``
        """
        self.check_access("read")
        stage = self.env["crm.stage"].browse(stage_id)
        return self._prepare_gate(stage, self._find_unmet_at(stage))

    def get_exit_conditions(self):
        """Return what it takes to leave the current stage, met or not, for the “?” beside it.

        :return: ``[{"text", "is_met", "is_blocking"}]``
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: conditions look at documents, meetings and quotations that the user may not see; they tell yes or no
        lead = self.sudo()
        conditions = lead.template_stage_id.condition_ids
        met = [
            {
                "text": condition.summary,
                "is_met": lead not in condition._find_unmet(lead),
                "is_blocking": condition.severity == "block",
            }
            for condition in conditions
        ]
        return met + lead._describe_order() + lead._describe_win_reason()

    def action_advance(self, stage_id, reason=None):
        """Move opportunities to a stage, past its warnings; with a reason past what blocks, for managers.

        :param int stage_id: the ``crm.stage``
        :param str reason: why a manager overrides the exit conditions; kept in the history and the chatter
        """
        reason = None if reason is False else reason  # as XML-RPC says None
        if reason is not None:
            self._check_may_override(reason)
            reason = reason.strip()
        leads = self.with_context(opportunity_gate_pass=GatePass(reason))
        if self.env["crm.stage"].browse(stage_id).is_won:
            return leads.action_set_won_rainbowman() if len(self) == 1 else leads.action_set_won()
        return leads.write({"stage_id": stage_id})

    def _check_may_override(self, reason):
        if not self._can_override_gate():
            raise AccessError(self.env._("Only a sales manager can override exit conditions. Ask one, or meet them."))
        if not reason.strip():
            raise UserError(self.env._("Why do you override the exit conditions? Please give a reason."))

    @api.model
    def _can_override_gate(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    def _pass_gate(self, vals):
        """Hold a write against the gate, before anything is written.

        :param dict vals: the values to write; those given along with the stage count as written
        :return: ``{id: text}`` of the opportunities that pass although something is not met, and why
        :raise GateError: when one of the opportunities may not pass
        """
        staying = self
        if "template_id" in vals:
            self._check_template_change(vals)
            staying = self.filtered(lambda lead: lead.template_id.id == vals["template_id"])
        if not vals.get("stage_id") or not staying.template_id._is_any_gated():
            return {}
        stage = self.env["crm.stage"].browse(vals["stage_id"])
        return staying._let_pass(stage, staying._find_unmet(stage, vals))

    def _pass_gate_to_won(self):
        """Hold winning against the gate, as :meth:`_pass_gate` does for a write."""
        stages = self.env["crm.stage"].concat(*(template._require_won_stage() for template in self.template_id))
        return self._let_pass(stages[:1], self._find_unmet_at(stages[:1])) if stages else {}

    def _find_unmet_at(self, stage):
        """Return the :meth:`_find_unmet` on the way to a stage; for a won stage each template has its own."""
        unmet = {}
        for template, leads in self.filtered("template_id").grouped("template_id").items():
            unmet.update(leads._find_unmet(template._get_destination(stage), {}))
        return unmet

    def _let_pass(self, stage, unmet):
        if not unmet or self.env["opportunity.stage.move"]._is_loading_data():
            return {}
        gate_pass = self._get_gate_pass()
        if not gate_pass or gate_pass.reason is None:
            self._raise_unmet(stage, unmet, asks=self._asks_on_warnings(gate_pass))
        return {lead.id: self._describe_passage(found, gate_pass) for lead, found in unmet.items()}

    def _tell_passages(self, passages):
        """Tell in the chatter why opportunities advanced although not everything was met."""
        if not passages:
            return
        told = self.filtered(lambda lead: lead.id in passages)
        told._message_log_batch(
            {
                lead.id: self.env._(
                    "Advanced to “%(stage)s”. %(reason)s", stage=lead.stage_id.name, reason=passages[lead.id]
                )
                for lead in told
            }
        )

    def _get_gate_pass(self):
        given = self.env.context.get("opportunity_gate_pass")
        return given if isinstance(given, GatePass) else None

    def _asks_on_warnings(self, gate_pass):
        """Tell whether somebody sits before the screen who can answer a warning; scripts and imports are not asked."""
        return (
            not gate_pass
            and self.env.context.get("opportunity_gate_ask")
            and not self.env.context.get("opportunity_move_cause")
        )

    def _raise_unmet(self, stage, unmet, asks):
        refused = {
            lead: found
            for lead, found in unmet.items()
            if asks or any(condition.severity == "block" for condition in found)
        }
        if refused:
            raise GateError(self._describe_refusal(stage, refused), self._prepare_gate(stage, refused))

    def _describe_refusal(self, stage, refused):
        paragraphs = [
            "\n".join(
                [
                    self.env._(
                        "“%(opportunity)s” can't advance to “%(stage)s” because:",
                        opportunity=lead.name,
                        stage=lead.template_id._get_destination(stage).name,
                    ),
                    *(f"- {condition.text}" for condition in found),
                ]
            )
            for lead, found in refused.items()
        ]
        return "\n\n".join(paragraphs)

    def _describe_passage(self, found, gate_pass):
        texts = "; ".join(condition.text for condition in found)
        if gate_pass and gate_pass.reason:
            return self.env._("%(reason)s (not met: %(conditions)s)", reason=gate_pass.reason, conditions=texts)
        return self.env._("Not met: %s", texts)

    def _prepare_gate(self, stage, unmet):
        return {
            "lead_ids": self.ids,
            "stage_id": stage.id,
            "stage_name": stage.name,
            "is_won": stage.is_won,
            "can_override": self._can_override_gate(),
            "leads": [lead._prepare_gate_lead(found) for lead, found in unmet.items()],
        }

    def _prepare_gate_lead(self, found):
        return {
            "id": self.id,
            "name": self.name,
            "stage_name": self.stage_id.name,
            "partner_id": self.partner_id.id,
            **self._prepare_gate_means(),
            "unmet": [
                {
                    **condition.details,
                    "kind": condition.kind,
                    "is_blocking": condition.severity == "block",
                    "text": condition.text,
                }
                for condition in found
            ],
        }

    def _find_unmet(self, stage, vals):
        """Return ``{lead: [Unmet]}`` of those opportunities that do not meet everything on their way to a stage."""
        advancing = self._get_advancing(stage)
        # sudo: conditions look at documents, meetings and quotations that the user may not see; they tell yes or no
        subjects = {lead.sudo()._preview(vals): lead for lead in advancing}
        unmet = self._find_out_of_order(stage)
        for line, grouped in self._group_by_conditions(subjects).items():
            for condition in line.condition_ids:
                for subject, found in condition._find_unmet(grouped).items():
                    unmet.setdefault(subjects[subject], []).append(found)
        if stage.is_won:
            for subject, lead in subjects.items():
                if self._lacks_win_reason(subject):
                    unmet.setdefault(lead, []).append(subject._prepare_unmet_win_reason())
        return unmet

    def _group_by_conditions(self, subjects):
        templates = self.env["opportunity.template"]
        gated = [
            subject
            for subject in subjects
            if subject.template_stage_id.id in templates._get_outline(subject.template_id.id).conditions
        ]
        # sudo: as the subjects themselves are
        return self.sudo().browse().concat(*gated).grouped("template_stage_id")

    def _preview(self, vals):
        """Return the opportunity as it will be with other values, or itself when only its stage changes."""
        values = {name: value for name, value in vals.items() if name != "stage_id"}
        return self.new(values, origin=self) if values else self

    def _get_advancing(self, stage):
        """Return the opportunities for which the stage lies ahead: the exit conditions concern only those."""
        templates = self.env["opportunity.template"]

        def advances(lead):
            path = templates._get_outline(lead.template_id.id).stage_ids
            here, there = lead.stage_id.id, stage.id
            return here in path and there in path and path.index(there) > path.index(here)

        return self.filtered(lambda lead: lead.template_id and advances(lead))

    def _find_out_of_order(self, stage):
        unmet = {}
        for lead in self.filtered("template_id"):
            outline = lead.template_id._get_outline(lead.template_id.id)
            path, here = outline.stage_ids, lead.stage_id.id
            if outline.stage_order == "free" or stage.id == here or not {stage.id, here} <= set(path):
                continue
            distance = path.index(stage.id) - path.index(here)
            if distance < 0 and outline.stage_order == "forward" or abs(distance) > 1 and outline.stage_order == "one":
                unmet[lead] = [lead._prepare_unmet_order(outline)]
        return unmet

    def _prepare_unmet_order(self, outline):
        path = outline.stage_ids
        following = self.env["crm.stage"].browse(path[path.index(self.stage_id.id) + 1 :][:1])
        if outline.stage_order == "forward":
            return Unmet("order", "block", self.env._("Opportunities of this template never go back"))
        text = self.env._("One stage at a time: the next one is “%s”", following.name)
        return Unmet("order", "block", text, {"next_stage_id": following.id, "next_stage_name": following.name})

    def _describe_order(self):
        outline = self.template_id and self.template_id._get_outline(self.template_id.id)
        texts = {
            "forward": self.env._("Opportunities of this template never go back"),
            "one": self.env._("Stages are passed one at a time"),
        }
        if not outline or outline.stage_order not in texts:
            return []
        return [{"text": texts[outline.stage_order], "is_met": True, "is_blocking": True}]
