from http import HTTPStatus

from odoo.http import Controller, request, route

from ..exceptions import OfferError

# the address is a secret: nobody else is to learn it from caches, other sites or search engines
SECRET_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


class BuyLink(Controller):
    """The public page of a Buy Now link.

    Looking at it changes nothing: scanners of mails and browsers that fetch ahead look at every link. A view is noted
    when a browser shows the page to somebody; an order is made by the button, with Odoo's protection against forgery.
    """

    @route("/buy-now/<string:token>", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def page(self, token, **_params):
        link = self._find(token)
        return self._show(link, token) if link else self._show_unavailable()

    @route("/buy-now/<string:token>/viewed", type="jsonrpc", auth="public", website=True)
    def viewed(self, token):
        """Note that somebody sees the page; colleagues do not count."""
        link = self._find(token)
        if link and not request.env.user._is_internal():
            link._record_view()

    @route("/buy-now/<string:token>/accept", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def accept(self, token, invoice=None, **_params):
        """Accept the offer and go on to the order; nothing else that is sent along counts."""
        link = self._find(token)
        if not link:
            return self._show_unavailable()
        try:
            order = link._accept(wants_invoice=bool(invoice))
        except OfferError as error:
            return self._show(link, token, error=str(error), status=HTTPStatus.CONFLICT)
        if link.is_invoice_asked:
            return request.redirect(f"/buy-now/{token}")
        return request.redirect(order.get_portal_url(query_string="&allow_payment=yes"))

    @route("/buy-now/preview/<int:link_id>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def preview(self, link_id):
        """Show colleagues what the customer sees."""
        link = request.env["opportunity.buy.link"].browse(link_id).exists()
        if not request.env.user._is_internal() or not link or not link.has_access("read"):
            return self._show_unavailable()
        # sudo: who may see the link may see its offer
        return self._show(link.sudo(), "", is_preview=True)

    def _find(self, token):
        """Return the link if its page is to be seen; empty whatever else is the matter, which strangers cannot tell."""
        attempts = request.env["opportunity.buy.attempt"].sudo()  # sudo: the public user may not count tries
        address = request.httprequest.remote_addr
        links = request.env["opportunity.buy.link"]
        if attempts._is_exhausted(address):
            return links
        link = links._find(token)
        if link and link._is_viewable():
            return link
        attempts._record(address)
        return links

    def _show(self, link, token, status=HTTPStatus.OK, **values):
        page = {
            **link._prepare_page(),
            "page_name": "buy_link",
            "accept_url": f"/buy-now/{token}/accept",
            "viewed_url": f"/buy-now/{token}/viewed",
            **values,
        }
        return self._respond("opportunity_crm.buy_link_page", page, status)

    def _show_unavailable(self):
        return self._respond("opportunity_crm.buy_link_unavailable", {"page_name": "buy_link"}, HTTPStatus.NOT_FOUND)

    def _respond(self, template, values, status):
        response = request.render(template, values, status=status)
        response.headers.update(SECRET_HEADERS)
        return response
