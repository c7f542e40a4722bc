from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OpportunityTemplateStage(models.Model):
    """A stage in a template: one of Odoo's stages with the template's own order, probability and target.

    ``crm.stage`` stays the vocabulary that all templates share, so that pipelines of several templates line up in one
    kanban; a stage is at most once in a template and may be in many.
    """

    _name = "opportunity.template.stage"
    _description = "Opportunity Template Stage"
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

    _stage_unique = models.Constraint(
        "UNIQUE(template_id, stage_id)", "A stage can be only once in a template. Remove the second one."
    )
    _check_probability = models.Constraint(
        "CHECK(probability >= 0 AND probability <= 100)", "The probability of a stage is between 0 and 100 %."
    )
    _check_target_days = models.Constraint("CHECK(target_days >= 0)", "The target days of a stage cannot be negative.")

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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._check_not_in_use()
        templates = self.template_id.filtered(lambda template: template.state == "active")
        for template in templates:
            if not (template.stage_ids - self).filtered("is_won"):
                raise UserError(
                    self.env._("The template “%s” is active and needs a won stage. Keep one of them.", template.name)
                )

    def write(self, vals):
        replaced = self.filtered(lambda line: "stage_id" in vals and line.stage_id.id != vals["stage_id"])
        moved = self.filtered(lambda line: "template_id" in vals and line.template_id.id != vals["template_id"])
        (replaced | moved)._check_not_in_use()
        res = super().write(vals)
        if {"probability", "use_automated_probability"} & vals.keys():
            self._update_opportunity_probabilities()
        return res

    def _check_not_in_use(self):
        # sudo: an opportunity that the user cannot see uses the stage as well; only stage names are shown
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        used = leads._read_group([("template_stage_id", "in", self.ids)], ["template_stage_id"])
        if used:
            raise UserError(
                self.env._(
                    "There are opportunities in these stages of the template: %s. Move them to another stage before you"
                    " remove or replace it.",
                    ", ".join(line.stage_id.name for (line,) in used),
                )
            )

    def _update_opportunity_probabilities(self):
        """Let the open opportunities in these stages follow their changed probability."""
        # sudo: a definition holds for all opportunities of the template, visible to the administrator or not
        leads = (
            self.env["crm.lead"].sudo().search([("template_stage_id", "in", self.ids), ("won_status", "=", "pending")])
        )
        leads._compute_probabilities()
