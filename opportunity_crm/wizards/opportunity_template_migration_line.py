from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityTemplateMigrationLine(models.TransientModel):
    """Opportunities in one stage of one template: the stage to which they go, and what happens to their steps."""

    _name = "opportunity.template.migration.line"
    _description = "Stage of Opportunities Whose Template Changes"

    wizard_id = fields.Many2one("opportunity.template.migration", required=True, ondelete="cascade")
    template_id = fields.Many2one(related="wizard_id.template_id")
    source_template_id = fields.Many2one("opportunity.template", string="Template", ondelete="cascade")
    source_stage_id = fields.Many2one("crm.stage", string="Stage", ondelete="cascade")
    lead_count = fields.Integer(string="Opportunities")
    available_stage_ids = fields.Many2many("crm.stage", compute="_compute_available_stage_ids")
    target_stage_id = fields.Many2one(
        "crm.stage", string="New Stage", domain="[('id', 'in', available_stage_ids)]", ondelete="cascade"
    )
    preview = fields.Text(string="What Happens to the Steps", compute="_compute_preview")

    @api.depends("wizard_id.template_id")
    def _compute_available_stage_ids(self):
        for line in self:
            line.available_stage_ids = line.wizard_id.template_id._get_open_stages()

    @api.constrains("target_stage_id")
    def _check_target_stage(self):
        for line in self.filtered("target_stage_id"):
            if line.target_stage_id not in line.available_stage_ids:
                raise ValidationError(
                    self.env._(
                        "Open opportunities cannot go to “%(stage)s”: choose an open stage of “%(template)s”.",
                        stage=line.target_stage_id.name,
                        template=line.template_id.name,
                    )
                )

    @api.depends("wizard_id.template_id", "source_template_id", "source_stage_id", "target_stage_id")
    def _compute_preview(self):
        for wizard in self.wizard_id:
            counts = wizard._count_steps()
            for line in self.filtered(lambda line, wizard=wizard: line.wizard_id == wizard):
                key = (line.source_template_id._origin, line.source_stage_id._origin)
                line.preview = line._describe(counts.get(key, {}))

    def _describe(self, counts):
        """Return in words what happens to the steps of the opportunities.

        :param dict counts: number of opportunities for each ``(step, whether it is still to be done)``
        """
        if not self.target_stage_id:
            return self.env._("Which stage takes its place? Please choose.")
        counterparts = {key: step for (_template, key), step in self.template_id._origin._get_steps_by_key().items()}
        told = {"kept": [], "recorded": [], "open": [], "later": [], "dropped": []}
        for (step, is_open), count in counts.items():
            told[self._get_fate(counterparts.get(step.key), is_open)].append(self._tell(step, count))
        told["new"] = self._tell_new(counts)
        labels = {
            "kept": self.env._("Kept as done"),
            "recorded": self.env._("Kept on record, not in the new template"),
            "open": self.env._("Stay open"),
            "later": self.env._("Wait for their stage"),
            "new": self.env._("New"),
            "dropped": self.env._("Dropped (open, not in the new template)"),
        }
        return "\n".join(f"{label}: {', '.join(told[fate])}" for fate, label in labels.items() if told[fate])

    def _get_fate(self, counterpart, is_open):
        if not counterpart:
            return "dropped" if is_open else "recorded"
        if not is_open:
            return "kept"
        return "open" if counterpart.template_stage_id.stage_id == self.target_stage_id._origin else "later"

    def _tell(self, step, count):
        if count == self.lead_count:
            return step.name
        return self.env._("%(step)s (%(count)s of %(all)s)", step=step.name, count=count, all=self.lead_count)

    def _tell_new(self, counts):
        """Return the steps of the new stage that some of the opportunities do not have yet."""
        having = {}
        for (step, _is_open), count in counts.items():
            having[step.key] = having.get(step.key, 0) + count
        stage = self.target_stage_id._origin
        line = self.template_id._origin.stage_ids.filtered(lambda line: line.stage_id == stage)
        missing = [(step, self.lead_count - having.get(step.key, 0)) for step in line.step_ids.sorted()]
        return [self._tell(step, count) for step, count in missing if count > 0]
