from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTeam(models.Model):
    """A sales team may have a template that its new opportunities use."""

    _inherit = "crm.team"

    opportunity_template_id = fields.Many2one(
        "opportunity.template",
        string="Default Template",
        check_company=True,
        domain="[('state', '=', 'active'), '|', ('team_ids', '=', False), ('team_ids', 'in', id)]",
        help="New opportunities of the team use this template, unless another one is chosen.",
    )

    @api.constrains("opportunity_template_id")
    def _check_opportunity_template(self):
        for team in self.filtered("opportunity_template_id"):
            template = team.opportunity_template_id
            if template.state != "active" or (template.team_ids and team not in template.team_ids):
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” cannot be the default of the team “%(team)s”: it is not active, or"
                        " it is not offered to that team.",
                        template=template.name,
                        team=team.name,
                    )
                )

    @api.model
    def _action_update_to_pipeline(self, action):
        """Tell those who are in no team, too, what opportunities are for: Odoo puts a help of its own there."""
        action = super()._action_update_to_pipeline(action)
        if not self.env.user.sale_team_id:
            action["help"] = Markup(action["help"]) + self.env["crm.lead"]._get_purpose_help()
        return action

    def unlink(self):
        # their stages are everybody's then, see _get_path of crm.stage
        self.env.registry.clear_cache()
        return super().unlink()

    def _get_default_template(self):
        """Return the template of new opportunities of the team, if it may be used in the current company."""
        template = self.opportunity_template_id
        return template.filtered_domain(template._get_domain_offered(self))
