"""Attacks on a Buy Now link from outside: many accept it at once, others guess, and none gets more than one order."""

import concurrent.futures
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from dev import cluster, databases, serve, server

CUSTOMERS = 50
OFFER = """
import re

partner = env["res.partner"].create({"name": "Ada", "email": "ada@customer.example"})
products = env["product.product"].create([{"name": name, "list_price": 100} for name in ("Press", "Training")])
rep = env["res.users"].create({"name": "Rep", "login": "rep", "password": "rep-password", "email": "rep@example.com",
                               "group_ids": [(6, 0, [env.ref("sales_team.group_sale_salesman").id])]})
other = rep.copy({"name": "Other", "login": "other", "password": "other-password"})
env["ir.mail_server"].search([]).active = False


def send():
    lead = env["crm.lead"].with_user(rep).create(
        {"name": "Raced", "type": "opportunity", "user_id": rep.id, "partner_id": partner.id,
         "line_ids": [(0, 0, {"product_id": product.id}) for product in products]}
    )
    action = lead.action_send_buy_now_link()
    env["mail.compose.message"].with_user(rep).with_context(**action["context"]).create({}).action_send_mail()
    mail = env["mail.mail"].search([("recipient_ids", "in", partner.ids)], order="id desc", limit=1)
    return re.search(r"/buy-now/([\\w-]{55})", mail.body_html)[1]


open(%(path)r, "w").write(" ".join([send(), send()]))
env.cr.commit()
"""
ORDERS = """
SELECT link.id, count(DISTINCT orders.id), min(orders.amount_untaxed)::float, count(DISTINCT link.order_id)
  FROM opportunity_buy_link link LEFT JOIN sale_order orders ON orders.opportunity_id = link.lead_id
 GROUP BY link.id ORDER BY link.id
"""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Answers as they are."""

    def redirect_request(self, *_arguments):
        return None


class Visitor:
    """A browser without a past: cookies of its own, no proxy, no redirects."""

    def __init__(self, base):
        self.base = base
        handlers = (urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({}), NoRedirect())
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path, data=None, headers=None, method=None):
        """The status, address to go on to, and text of the answer."""
        request = urllib.request.Request(self.base + path, data, headers or {}, method=method)
        try:
            answer = self.opener.open(request, timeout=180)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers.get("Location"), answer.read().decode()

    def prepare(self, token):
        """Look at the offer; return the values that its form would send."""
        _status, _location, page = self.ask(f"/buy-now/{token}")
        return {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}

    def accept(self, token, form):
        """Press the button."""
        return self.ask(f"/buy-now/{token}/accept", urllib.parse.urlencode(form).encode())

    def call(self, path, **params):
        """The answer of a JSON-RPC route."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        return json.loads(self.ask(path, body, {"Content-Type": "application/json"})[2])


@pytest.fixture
def shop(make_database, tmp_path):
    """The address of a server, its database, and the tokens of two links."""
    database = make_database()
    databases.install(database)
    script, tokens = tmp_path / "offer.py", tmp_path / "tokens"
    script.write_text(OFFER % {"path": str(tokens)})
    server.run_script(database, script)
    port = server.free_port()
    # a request that is tried again needs a second connection for a moment
    with serve.serving(database, port, [f"--db_maxconn={2 * CUSTOMERS + 10}"]):
        yield serve.address(port), database, tokens.read_text().split()


def test_fifty_accept_at_once_and_one_order_results(shop):
    base, database, (raced, other) = shop
    barrier = threading.Barrier(CUSTOMERS)

    def customer(number):
        visitor = Visitor(base)
        form = visitor.prepare(raced)
        # half of them try to change what they buy
        form |= {"price_unit": "0.01", "amount_total": "1", "order_id": "1"} if number % 2 else {}
        barrier.wait(300)
        return visitor.accept(raced, form)

    with concurrent.futures.ThreadPoolExecutor(CUSTOMERS) as pool:
        answers = list(pool.map(customer, range(CUSTOMERS)))
    assert {status for status, *_rest in answers} == {303}
    assert len({location for _status, location, _text in answers}) == 1, "all go on to the same order"
    first, second = cluster.sql(ORDERS, database)
    assert first[1:] == ["1", "200", "1"], "one order, as it was offered"
    assert second[1:3] == ["0", ""], "the other opportunity has none"
    attack(base, database, other)


def attack(base, database, token):
    """What a stranger, and a colleague without rights, try on a link that is open."""
    stranger = Visitor(base)
    form = stranger.prepare(token)
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        status, *_rest = stranger.ask(f"/buy-now/{token}/accept", method=method)
        assert status in (404, 405), method
    assert Visitor(base).accept(token, form)[0] == 400, "the form of another visitor"
    assert stranger.accept(token, {})[0] == 400
    assert stranger.accept(token[:-1] + "~", form)[0] == 404
    assert "error" in stranger.call("/web/dataset/call_kw/opportunity.buy.link/search_read", **rpc("search_read", []))
    assert cluster.sql(ORDERS, database)[1][1:3] == ["0", ""]

    for login, is_allowed in (("other", False), ("rep", True)):
        person = Visitor(base)
        person.call("/web/session/authenticate", db=database, login=login, password=f"{login}-password")
        found = person.call("/web/dataset/call_kw/opportunity.buy.link/search_read", **rpc("search_read", []))
        assert bool(found["result"]) == is_allowed
        assert token[12:] not in json.dumps(found)
        for method, *arguments in secrets():
            answer = person.call(f"/web/dataset/call_kw/opportunity.buy.link/{method}", **rpc(method, *arguments))
            assert "error" in answer, (login, method, arguments)
        messages = rpc("search_read", [], ["body"], model="mail.message")
        assert token not in json.dumps(person.call("/web/dataset/call_kw/mail.message/search_read", **messages))
    assert cluster.sql(ORDERS, database)[1][1:3] == ["0", ""]


def rpc(method, *arguments, model="opportunity.buy.link"):
    """The parameters of a call."""
    return {"model": model, "method": method, "args": list(arguments), "kwargs": {}}


def secrets():
    """Calls that would give the token away, or make or change links."""
    yield "read", [1, 2], ["token_hash"]
    yield "search", [["token_hash", "like", "%"]]
    yield "search_count", [["token_selector", "!=", False]]
    yield "search_read", [], ["id"], 0, 10, "token_hash"
    yield "formatted_read_group", [], ["token_hash"]
    yield "write", [2], {"date_accepted": "2026-01-01 00:00:00"}
    yield "create", {"lead_id": 1}
    yield "copy", [2]
    yield "unlink", [2]
    yield "_issue", [2]
    yield "_accept", [2]
    yield "_find", "x"
