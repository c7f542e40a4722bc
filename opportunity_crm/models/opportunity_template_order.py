from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityTemplate(models.Model):
    """What a confirmed order does to an opportunity of the template."""

    _inherit = "opportunity.template"

    order_effect = fields.Selection(
        [("none", "Changes Nothing"), ("move", "Moves It to a Stage"), ("win", "Wins It")],
        string="A Confirmed Order",
        default="none",
        required=True,
        help="What happens to an open opportunity when one of its orders is confirmed, by the customer too. Exit"
        " conditions hold as ever: where they are not met the order is confirmed all the same, the opportunity stays,"
        " and its salesperson is told why.",
    )
    order_stage_id = fields.Many2one(
        "crm.stage",
        string="Stage When Ordered",
        ondelete="restrict",
        domain="[('is_won', '=', False), ('id', 'in', template_stage_ids)]",
        help="The stage to which a confirmed order moves the opportunity.",
    )

    @api.constrains("order_effect", "order_stage_id", "stage_ids")
    def _check_order_stage(self):
        for template in self.filtered(lambda template: template.order_effect == "move"):
            if template.order_stage_id not in template._get_open_stages():
                raise ValidationError(
                    self.env._(
                        "To which stage does a confirmed order move the opportunities of “%s”? Choose an open stage of"
                        " the template.",
                        template.name,
                    )
                )
