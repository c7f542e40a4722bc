from collections import defaultdict

from odoo import models


class OpportunityStep(models.Model):
    """Steps of an opportunity whose template changes: the same step has the same key in every revision and copy."""

    _inherit = "opportunity.step"

    def _follow_template(self):
        """Bring steps that belong to another template to the one that their opportunities have now.

        A step that the template has as well becomes that one, done or not, with its activity. What was done and has no
        counterpart stays on record; what was still to be done goes, with its activity.
        """
        counterparts = self.lead_id.template_id._get_steps_by_key()
        taken = {(step.lead_id, step.step_id) for step in self.lead_id.step_ids}
        carried, dropped = defaultdict(list), []
        for step in self.sorted(lambda step: step.state == "todo"):
            counterpart = counterparts.get((step.lead_id.template_id, step.step_id.key))
            place = (step.lead_id, counterpart)
            if counterpart and place not in taken:
                taken.add(place)
                carried[counterpart].append(step.id)
            elif step.state == "todo":
                dropped.append(step.id)
        for counterpart, ids in carried.items():
            self.browse(ids).write(counterpart._prepare_step_values())
        dropped = self.browse(dropped)
        dropped.write({"activity_id": False})
        dropped.unlink()


class OpportunityTemplate(models.Model):
    """The steps of a template, by what they have in common with those of other revisions."""

    _inherit = "opportunity.template"

    def _get_steps_by_key(self):
        """Return ``{(template, key): step}``; the first one where a template has a step in several stages."""
        steps = {}
        for step in self.stage_ids.sorted().step_ids:
            steps.setdefault((step.template_stage_id.template_id, step.key), step)
        return steps


class OpportunityTemplateStep(models.Model):
    """What a step of an opportunity takes from its definition."""

    _inherit = "opportunity.template.step"

    def _prepare_step_values(self):
        return {
            "step_id": self.id,
            "template_stage_id": self.template_stage_id.id,
            "stage_sequence": self.template_stage_id.sequence,
            "sequence": self.sequence,
            "required": self.required,
        }
