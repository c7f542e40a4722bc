from odoo import fields, models


class CrmTeamMember(models.Model):
    """A member of a sales team takes turns as Odoo's own assignment of leads has it: capacity and pause."""

    _inherit = "crm.team.member"

    def _get_turn_weight(self):
        return max(self.assignment_max, 0)

    def _get_turn_obstacle(self):
        return self.env._("Assignment paused") if self.assignment_optout else ""


class OpportunityCoverageMember(models.Model):
    """A member of a coverage group takes turns while covering, unless paused."""

    _inherit = "opportunity.coverage.member"

    turn_weight = fields.Integer(
        string="Weight",
        default=1,
        help="How many turns the member has in a rotation by ratio, compared with the others.",
    )
    is_turn_paused = fields.Boolean(
        string="Pause Assignment", help="The member gets no opportunities by turns, and covers as before."
    )

    _check_turn_weight = models.Constraint("CHECK(turn_weight >= 0)", "A weight cannot be negative.")

    def _get_turn_weight(self):
        return self.turn_weight

    def _get_turn_obstacle(self):
        if not self.is_current:
            return self.env._("Covers nothing today")
        return self.env._("Assignment paused") if self.is_turn_paused else ""
