from odoo import fields, models


class OpportunityAssignmentTurn(models.Model):
    """What a rotation owes to somebody; see ``tools/rotation.py``. Written by the server alone."""

    _name = "opportunity.assignment.turn"
    _description = "Turns in an Assignment Rotation"
    _order = "assignment_id, id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one("opportunity.assignment", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    balance = fields.Float(
        digits=(16, 9), help="Turns that are owed to the person, in parts of a turn; negative when ahead."
    )
    count = fields.Integer(string="Assigned")
    date_last = fields.Datetime(string="Last Turn")

    _user_unique = models.UniqueIndex("(assignment_id, user_id)", "Everybody has one balance in a rotation.")
