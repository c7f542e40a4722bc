from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class CrmStage(models.Model):
    """Odoo's stage, which templates put in an order of their own."""

    _inherit = "crm.stage"

    template_stage_ids = fields.One2many("opportunity.template.stage", "stage_id", string="Opportunity Templates")
    template_only = fields.Boolean(
        string="Only in Templates",
        help="The stage is offered through opportunity templates only. It is no empty column in other pipelines, and"
        " opportunities without a template never start in it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("team_id")
    def _get_path(self, team_id):
        """Return the ids of the stages that opportunities of a team pass without a template, in order.

        Remembered, as each move asks for it.
        """
        return self.env["crm.lead"]._stage_find(team_id=team_id, limit=None).ids

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_template(self):
        used = self.filtered("template_stage_ids")
        if used:
            raise UserError(
                self.env._(
                    "These stages are part of opportunity templates: %s. Remove them from the templates first.",
                    ", ".join(used.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        # sudo: movements that the user cannot see count as well; only stage names are shown
        moves = self.env["opportunity.stage.move"].sudo()
        passed = moves._read_group([("from_stage_id", "in", self.ids)], ["from_stage_id"])
        entered = moves._read_group([("to_stage_id", "in", self.ids)], ["to_stage_id"])
        used = self.browse(stage.id for (stage,) in passed + entered)
        if used:
            raise UserError(
                self.env._(
                    "These stages are part of the sales history of opportunities: %s. Fold them in the pipeline instead"
                    " of deleting them.",
                    ", ".join(used.mapped("name")),
                )
            )
