from datetime import timedelta
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.tools import hmac

LIMIT, MINUTES = 30, 10


class OpportunityBuyAttempt(models.Model):
    """A visit to a Buy Now link that does not work: guessing is limited by where it comes from.

    As with Odoo's limit on second factors (``auth.totp.rate.limit.log``), tries are rows, so that all workers count
    alike. Addresses are not kept, only what they are recognised by.
    """

    _name = "opportunity.buy.attempt"
    _description = "Try of a Buy Now Link"

    visitor = fields.Char(required=True, readonly=True)

    _visitor_idx = models.Index("(visitor, create_date)")

    @api.model
    def _is_exhausted(self, address):
        """Tell whether too many tries came from an address (text of an IP) in the last minutes."""
        since = self.env.cr.now() - timedelta(minutes=MINUTES)
        domain = [("visitor", "=", self._recognise(address)), ("create_date", ">=", since)]
        return self.search_count(domain, limit=LIMIT) >= LIMIT

    @api.model
    def _record(self, address):
        """Count one try that failed."""
        self.create({"visitor": self._recognise(address)})

    @api.model
    def _recognise(self, address):
        # one customer of a provider has billions of addresses of the sixth version
        network = ip_network((address, 64), strict=False) if ip_address(address).version == 6 else address
        return hmac(self.env, "opportunity_buy_attempt", str(network))

    @api.autovacuum
    def _gc_attempts(self):
        """Forget tries that do not count any more."""
        past = self.env.cr.now() - timedelta(minutes=MINUTES)
        self.search([("create_date", "<", past)], limit=10000).unlink()
