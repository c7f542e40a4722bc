from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import email_normalize


class Unsubscribe(http.Controller):
    """The link in every follow-up e-mail: a page that asks, and the one click of mail programs.

    Opening it changes nothing: programs that check e-mails for dangerous links open every one of them.
    """

    @http.route("/opportunity/unsubscribe", type="http", auth="public", methods=["GET"], sitemap=False)
    def ask(self, email="", id="", token="", **_other):
        """Ask whether to unsubscribe."""
        self._find_enrollment(email, id, token)
        return self._render(email, is_done=self._is_unsubscribed(email))

    @http.route("/opportunity/unsubscribe", type="http", auth="public", methods=["POST"], csrf=False, sitemap=False)
    def unsubscribe(self, email="", id="", token="", **_other):
        """Unsubscribe, for the button of the page and for mail programs alike; the token stands for a session."""
        self._find_enrollment(email, id, token)._unsubscribe(email)
        return self._render(email, is_done=True)

    def _find_enrollment(self, email, enrollment_id, token):
        """Return the enrolment of a link, which need not exist any more, once the link is known to be ours."""
        number = int(enrollment_id) if enrollment_id.isdigit() else 0
        # sudo: the link is checked right here; nothing is read
        enrollment = request.env["opportunity.enrollment"].sudo().browse(number)
        if not email_normalize(email) or not enrollment._check_unsubscribe_token(number, email, token):
            raise NotFound()
        return enrollment

    def _is_unsubscribed(self, email):
        # sudo: whether this one address, whose link was checked, is on the blacklist
        return bool(request.env["mail.blacklist"].sudo().search_count([("email", "=", email)], limit=1))

    def _render(self, email, is_done):
        # sudo: the name of the company
        company = request.env.company.sudo()
        response = request.render(
            "opportunity_crm.unsubscribe", {"email": email, "is_done": is_done, "company": company.name}
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
