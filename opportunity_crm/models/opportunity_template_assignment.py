from odoo import api, fields, models


class OpportunityTemplate(models.Model):
    """To whom new opportunities of a template go that nobody was given.

    Like its teams and tags this is not frozen while the template is in use: it changes nothing in opportunities that
    exist. The next revision takes it along, with the balances of the rotation.
    """

    _inherit = "opportunity.template"

    assignment_id = fields.Many2one(
        "opportunity.assignment",
        string="Assign by Turns",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="New opportunities without a salesperson get the one whose turn it is in this rotation. A salesperson who"
        " is given wins.",
    )
    assignment_next_id = fields.Many2one(
        "res.users", string="Next", related="assignment_id.next_user_id", related_sudo=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"state", "active", "assignment_id"}:
            self.env.registry.clear_cache()
        return super().write(vals)
