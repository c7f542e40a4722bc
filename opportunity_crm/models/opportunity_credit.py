from odoo import fields, models


class OpportunityCredit(models.Model):
    """The credit that a member of a coverage group had when an opportunity was closed.

    Written by the server when an opportunity is won or lost, so that later changes of groups and members do not change
    what was. The salesperson has the rest up to 100 %. Rows go when the opportunity is opened again.
    """

    _name = "opportunity.credit"
    _description = "Credit for a Closed Opportunity"
    _order = "lead_id, credit desc, id"
    _rec_name = "user_id"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    role_id = fields.Many2one("opportunity.coverage.role", required=True, index=True, ondelete="restrict")
    group_id = fields.Many2one("opportunity.coverage.group", index="btree_not_null", ondelete="set null")
    credit = fields.Float(string="Credit (%)", digits=(5, 2))
