from odoo import fields, models
from odoo.tools import format_date


class OpportunityShare(models.Model):
    """Shares in words."""

    _inherit = "opportunity.share"

    def _is_with(self, user):
        """Tell whether the user is among those with whom this is shared, current or not."""
        self.ensure_one()
        return user in self._get_recipients()

    def _describe(self):
        """Return a sentence: with whom, by whom, since when, until when or why no longer, and the reason."""
        self.ensure_one()
        values = {
            "recipient": self.recipient,
            "user": self.granted_by_id.name,
            "date": format_date(self.env, self.create_date.date()),
        }
        text = self.env._("Shared with %(recipient)s by %(user)s on %(date)s", **values)
        ending = {
            "planned": self.env._("begins on %s", format_date(self.env, self.date_start)),
            "current": self.date_end and self.env._("until %s", format_date(self.env, self.date_end)),
            "expired": self.env._("ended on %s", format_date(self.env, self.date_end)),
            "revoked": self.env._("revoked on %s", format_date(self.env, fields.Date.to_date(self.date_revoked))),
        }[self.state]
        text = f"{text}, {ending}." if ending else f"{text}."
        return f"{text} {self.reason}" if self.reason else text
