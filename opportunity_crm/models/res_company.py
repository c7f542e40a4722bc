from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    buy_link_days = fields.Integer(
        string="Validity of Buy Now Links",
        default=14,
        required=True,
        help="Days until a Buy Now link expires, at the end of the day.",
    )

    _buy_link_days_positive = models.Constraint(
        "CHECK(buy_link_days > 0)", "A Buy Now link has to be valid for one day or more."
    )

    def _get_buy_link_expiry(self):
        """Return when a link that is made now expires: the end of the last day, where the user is (UTC)."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        day = fields.Date.context_today(self.with_context(tz=zone.zone)) + timedelta(days=self.buy_link_days)
        end = zone.localize(datetime.combine(day, time(23, 59, 59)))
        return end.astimezone(pytz.utc).replace(tzinfo=None)
