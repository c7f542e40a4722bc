from urllib.parse import urlencode

from odoo import models
from odoo.tools import consteq, hmac

SCOPE = "opportunity_crm-unsubscribe"


class OpportunityEnrollment(models.Model):
    """Unsubscribing by the link in an e-mail. It works as long as the database does, also when the opportunity is
    gone: what it needs is in the link."""

    _inherit = "opportunity.enrollment"

    def _get_unsubscribe_url(self, email):
        """Return the address at which the person with an e-mail address unsubscribes."""
        arguments = {"email": email, "id": self.id, "token": self._get_unsubscribe_token(self.id, email)}
        return f"{self.get_base_url()}/opportunity/unsubscribe?{urlencode(arguments)}"

    def _get_unsubscribe_token(self, enrollment_id, email):
        # sudo: the secret of the database
        return hmac(self.env(su=True), SCOPE, (enrollment_id, email))

    def _check_unsubscribe_token(self, enrollment_id, email, token):
        """Tell in constant time whether a link is one that was sent."""
        return consteq(self._get_unsubscribe_token(enrollment_id, email), token or "")

    def _unsubscribe(self, email):
        """Put an address on the blacklist, for somebody whose link was checked; sequences end by their goals."""
        # sudo: who has the link may put this one address on the blacklist
        self.env["mail.blacklist"].sudo()._add(
            email, message=self.env._("Unsubscribed by the link in a follow-up e-mail.")
        )
