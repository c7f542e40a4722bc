from odoo import fields, models


class ResCompany(models.Model):
    """How much salespeople may grant on the lines of opportunities, and how long their offers stand."""

    _inherit = "res.company"

    opportunity_discount_limit = fields.Float(
        string="Largest Discount",
        digits="Discount",
        default=100.0,
        help="In percent of the list price. Only sales managers may grant more on an opportunity; at 100, everyone may"
        " offer any price.",
    )
    buy_link_days = fields.Integer(
        string="Validity of Buy Now Links",
        default=14,
        required=True,
        help="Days until a Buy Now link expires, at the end of the day.",
    )

    _check_opportunity_discount_limit = models.Constraint(
        "CHECK(opportunity_discount_limit BETWEEN 0 AND 100)", "The largest discount is between 0 and 100 %."
    )
    _check_buy_link_days = models.Constraint(
        "CHECK(buy_link_days > 0)", "A Buy Now link has to be valid for one day or more."
    )
