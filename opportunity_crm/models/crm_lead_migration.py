from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from .opportunity_stage_move import MoveCause


class CrmLead(models.Model):
    """How an opportunity comes into a template and leaves it, so that nobody walks around a gate."""

    _inherit = "crm.lead"

    def _check_template_change(self, vals):
        """Refuse to change the template of gated opportunities that are under way; a manager may.

        In its first stage an opportunity may change from one template to another: somebody chose the wrong one.
        """
        if self._may_migrate():
            return
        templates = self.env["opportunity.template"]
        changed = self.filtered(lambda lead: lead.template_id.id != vals["template_id"])
        leaving = changed.filtered(
            lambda lead: lead.template_id and lead._is_under_way(lead.template_id, lead.stage_id.id)
        )
        entering = self.browse()
        if vals["template_id"]:
            target = templates.browse(vals["template_id"])
            entering = changed.filtered(lambda lead: lead._is_under_way(target, vals.get("stage_id", lead.stage_id.id)))
        refused = leaving | entering
        if refused:
            raise AccessError(
                self.env._(
                    "Only a sales manager can change the template of opportunities that are under way, because of its"
                    " exit conditions: %s",
                    ", ".join(refused.mapped("name")),
                )
            )

    def _check_entry_stage(self):
        """Refuse to create opportunities beyond the first stage of a gated template; a manager may."""
        if self._may_migrate():
            return
        # leads too: they become opportunities where they stand
        ahead = self.filtered(lambda lead: lead.template_id and lead._is_under_way(lead.template_id, lead.stage_id.id))
        if ahead:
            raise AccessError(
                self.env._(
                    "New opportunities of this template start in its first stage, because of its exit conditions: %s."
                    " Create them there, or ask a sales manager.",
                    ", ".join(ahead.mapped("name")),
                )
            )

    def _may_migrate(self):
        return self._can_override_gate() or self.env["opportunity.stage.move"]._is_loading_data()

    def _is_under_way(self, template, stage_id):
        """Tell whether a stage lies beyond the first one of a template that holds opportunities back."""
        outline = template._get_outline(template.id)
        return outline.is_gated and stage_id in outline.stage_ids[1:]

    @api.model
    def _get_domain_migratable(self):
        """Return the domain of the opportunities whose template can change: the open ones."""
        return Domain([("type", "=", "opportunity"), ("won_status", "=", "pending"), ("active", "=", True)])

    def action_change_template(self):
        """Open the dialog that says what another template means for the opportunities, and changes it."""
        self.check_access("write")
        wizard = self.env["opportunity.template.migration"].create({"lead_ids": [Command.set(self.ids)]})
        return wizard._get_form_action()

    def _change_template(self, template, groups):
        """Bring opportunities to a template: what was done counts there, and their history has a line about it.

        :param list groups: ``(opportunities, crm.stage of the template)``; those of a group are in the same stage
        """
        self.check_access("write")
        before = self._get_standings()
        former = {lead.id: (lead.template_id, lead.stage_id) for lead in self}
        # one note tells of template and stage; Odoo's tracking would write a message for each value of each record
        held = self._hold_history().with_context(mail_notrack=True)
        for leads, stage in groups:
            vals = {"template_id": template.id, "stage_id": stage.id}
            leads._check_template_change(vals)
            held.browse(leads.ids).write(vals)
        self._check_template_offered()
        self._carry_steps_over()
        self._log_movements(before, MoveCause.MIGRATED)
        self._tell_template_change(former)

    def _tell_template_change(self, former):
        """Say in the chatter from which template and stage opportunities came to the present ones."""
        names = {template: template._get_revision_name() for template, _stage in former.values() if template}
        bodies = {
            lead.id: self._describe_template_change(names.get(former[lead.id][0]), former[lead.id][1], lead)
            for lead in self
        }
        self._message_log_batch(bodies)

    @api.model
    def _describe_template_change(self, name, stage, lead):
        target = lead.template_id._get_revision_name()
        text = (
            self.env._("Template changed from “%(old)s” to “%(new)s”.", old=name, new=target)
            if name
            else self.env._("Template “%s” chosen.", target)
        )
        if stage == lead.stage_id:
            return text
        moved = self.env._("Stage changed from “%(old)s” to “%(new)s”.", old=stage.name, new=lead.stage_id.name)
        return f"{text} {moved}"

    def _carry_steps_over(self):
        """Bring the steps of opportunities to the template that they have now."""
        # sudo: nobody may write steps directly; the server does, for whoever may change the template
        steps = self.sudo().step_ids
        steps.filtered(lambda step: step.template_stage_id.template_id != step.lead_id.template_id)._follow_template()
        self._sync_steps()
