from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OpportunityTemplateStage(models.Model):
    """A stage in a template: one of Odoo's stages with the template's own order, probability and target.

    ``crm.stage`` stays the vocabulary that all templates share, so that pipelines of several templates line up in one
    kanban; a stage is at most once in a template and may be in many.
    """

    _name = "opportunity.template.stage"
    _description = "Opportunity Template Stage"
    _inherit = ["opportunity.definition"]
    _order = "template_id, sequence, id"
    _rec_name = "stage_id"

    template_id = fields.Many2one("opportunity.template", required=True, index=True, ondelete="cascade")
    stage_id = fields.Many2one("crm.stage", required=True, index=True, ondelete="restrict")
    sequence = fields.Integer(default=10)
    is_won = fields.Boolean(related="stage_id.is_won", string="Won Stage")
    use_automated_probability = fields.Boolean(
        string="Predicted",
        help="Leave the probability in this stage to Odoo's predictive lead scoring.",
    )
    probability = fields.Float(
        string="Probability (%)",
        compute="_compute_probability",
        store=True,
        readonly=False,
        precompute=True,
        aggregator="avg",
        help="Probability in percent that opportunities take in this stage, unless somebody sets their own.",
    )
    target_days = fields.Integer(
        help="Days in which an opportunity should pass this stage. Zero sets no target.",
    )
    step_ids = fields.One2many("opportunity.template.step", "template_stage_id", string="Steps", copy=True)
    condition_ids = fields.One2many(
        "opportunity.template.condition", "template_stage_id", string="Exit Conditions", copy=True
    )

    step_count = fields.Integer(string="Number of Steps", compute="_compute_step_count")
    condition_summary = fields.Char(string="To Leave It", compute="_compute_condition_summary")
    has_unasked_steps = fields.Boolean(compute="_compute_has_unasked_steps")

    _stage_unique = models.Constraint(
        "UNIQUE(template_id, stage_id)", "A stage can be only once in a template. Remove the second one."
    )
    _check_probability = models.Constraint(
        "CHECK(probability >= 0 AND probability <= 100)", "The probability of a stage is between 0 and 100 %."
    )
    _check_target_days = models.Constraint("CHECK(target_days >= 0)", "The target days of a stage cannot be negative.")

    def _get_templates(self):
        return self.template_id

    @api.depends("step_ids")
    def _compute_step_count(self):
        for line in self:
            line.step_count = len(line.step_ids)

    @api.depends("condition_ids.summary")
    def _compute_condition_summary(self):
        for line in self:
            line.condition_summary = ", ".join(line.condition_ids.mapped("summary"))

    @api.depends("step_ids.required", "condition_ids.kind", "stage_id.is_won")
    def _compute_has_unasked_steps(self):
        for line in self:
            asked = line.is_won or "steps" in line.condition_ids.mapped("kind")
            line.has_unasked_steps = not asked and any(line.step_ids.mapped("required"))

    @api.depends("stage_id.is_won")
    def _compute_probability(self):
        for line in self.filtered("stage_id.is_won"):
            line.probability = 100

    @api.constrains("stage_id", "probability")
    def _check_won_probability(self):
        for line in self:
            if line.is_won != (line.probability == 100):
                raise ValidationError(
                    self.env._(
                        "In a won stage the probability is 100 %%, in any other stage it is less. Please correct the"
                        " stage “%s”.",
                        line.stage_id.name,
                    )
                )

    @api.constrains("stage_id")
    def _check_stage_teams(self):
        for line in self.filtered("stage_id.team_ids"):
            teams = line.template_id.team_ids
            if not teams or teams - line.stage_id.team_ids:
                raise ValidationError(
                    self.env._(
                        "The stage “%(stage)s” is reserved for some sales teams, but the template “%(template)s” is"
                        " offered to others as well. Choose another stage, or restrict the template to those teams.",
                        stage=line.stage_id.name,
                        template=line.template_id.name,
                    )
                )

    def action_open(self):
        """Open the stage: its steps and exit conditions."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.stage_id.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_ask_for_steps(self):
        """Add the exit condition that waits for the required steps of the stages."""
        self.condition_ids = [fields.Command.create({"kind": "steps", "sequence": 0})]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_won(self):
        templates = self.template_id.filtered(lambda template: template.state == "active")
        for template in templates:
            if not (template.stage_ids - self).filtered("is_won"):
                raise UserError(
                    self.env._("The template “%s” is active and needs a won stage. Keep one of them.", template.name)
                )
