"""Odoo servers in processes of their own, and the clients with which people and programs reach them."""

import contextlib
import json
import subprocess
import time
import xmlrpc.client

import requests

from dev import server
from dev.paths import neutral, state

PATIENCE = 180


class Refused(Exception):
    """The server answered with an error; the text of it."""


@contextlib.contextmanager
def running(database, log):
    """A server on a free port of this machine, without scheduled actions; yield its address."""
    port = server.free_port()
    command = server.command(
        *("-d", database, f"--db-filter=^{database}$", f"--http-port={port}", "--max-cron-threads=0"),
        "--log-level=warn",
    )
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=neutral(), env=server.environment(), stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://{server.HOST}:{port}"
        wait_until_up(process, address, log)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def build(database, script, folder):
    """Run a script in Odoo's shell that ends with printing `WORLD` and JSON; return that."""
    path = folder / "world.py"
    path.write_text(script)
    server.run_script(database, path, "world.log")
    (line,) = [line for line in (state() / "world.log").read_text().splitlines() if line.startswith("WORLD ")]
    return json.loads(line.removeprefix("WORLD "))


def wait_until_up(process, address, log):
    """Wait until the login page answers."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            if local().get(f"{address}/web/login", timeout=60).ok:
                return
        time.sleep(0.2)
    raise AssertionError(f"Odoo does not answer:\n{log.read_text()[-4000:]}")


def local():
    """A session of its own that knows no proxy of the machine."""
    session = requests.Session()
    session.trust_env = False
    return session


class Client:
    """Somebody's program; `call` raises Refused with the text of the server's error."""

    def __init__(self, address, database, login, uid, key):
        self.address, self.database, self.login, self.uid, self.key = address, database, login, uid, key
        self.http = local()
        self.prepare()

    def prepare(self):
        """Log in, where that is a step of its own."""

    def call(self, model, method, *args, **kwargs):
        raise NotImplementedError

    def post(self, path, headers=None, **body):
        """Send JSON and return the answer, also that to an error."""
        return self.http.post(f"{self.address}{path}", json=body, headers=headers, timeout=120)


class XmlRpc(Client):
    """XML-RPC with a password."""

    def prepare(self):
        self.proxy = xmlrpc.client.ServerProxy(f"{self.address}/xmlrpc/2/object", allow_none=True)

    def call(self, model, method, *args, **kwargs):
        try:
            return self.proxy.execute_kw(self.database, self.uid, self.login, model, method, list(args), kwargs)
        except xmlrpc.client.Fault as fault:
            raise Refused(fault.faultString) from None


class JsonRpc(Client):
    """JSON-RPC with a password."""

    def call(self, model, method, *args, **kwargs):
        credentials = [self.database, self.uid, self.login]
        params = {"service": "object", "method": "execute_kw", "args": [*credentials, model, method, args, kwargs]}
        return result(self.post("/jsonrpc", jsonrpc="2.0", method="call", id=1, params=params))


class Json2(Client):
    """The external API of Odoo 19, with a key; arguments have names there, but for the ids."""

    def call(self, model, method, *args, **kwargs):
        body = {**named(method, args), **kwargs}
        answer = self.post(f"/json/2/{model}/{method}", headers={"Authorization": f"Bearer {self.key}"}, **body)
        if not answer.ok:
            raise Refused(answer.text)
        return answer.json()


class Web(Client):
    """The web client, with a session."""

    def prepare(self):
        params = {"db": self.database, "login": self.login, "password": self.login}
        result(self.post("/web/session/authenticate", jsonrpc="2.0", method="call", params=params))

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return result(self.post(path, jsonrpc="2.0", method="call", params=params))

    def get(self, path):
        """Fetch a page or a file and return the answer."""
        return self.http.get(f"{self.address}{path}", timeout=120)


def result(answer):
    """The result in an answer of JSON-RPC."""
    body = answer.json()
    if "error" in body:
        raise Refused(str(body["error"].get("data", body["error"])))
    return body.get("result")


ARGUMENTS = {
    "create": ("vals_list",),
    "read": ("ids", "fields"),
    "write": ("ids", "vals"),
    "web_read": ("ids", "specification"),
    "web_save": ("ids", "vals"),
    "export_data": ("ids", "fields_to_export"),
    "search": ("domain",),
    "search_count": ("domain",),
    "search_read": ("domain", "fields"),
    "web_search_read": ("domain", "specification"),
    "web_read_group": ("domain", "groupby", "aggregates"),
    "formatted_read_group": ("domain", "groupby", "aggregates"),
    "read_progress_bar": ("domain", "group_by", "progress_bar"),
    "name_search": ("name",),
}


def named(method, args):
    """Positional arguments as `/json/2` wants them; those of other methods are the ids."""
    return dict(zip(ARGUMENTS.get(method, ("ids",)), args, strict=True))


CLIENTS = {"XML-RPC": XmlRpc, "JSON-RPC": JsonRpc, "JSON-2": Json2, "web": Web}
