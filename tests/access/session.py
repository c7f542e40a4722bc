"""A person in a browser: logs in, opens what an action opens, and waits until the web client is at rest."""

import contextlib
import re
import resource
import shutil

from playwright.sync_api import sync_playwright

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 375, "height": 667}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
CALL = """async ([model, method, args, kwargs]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params: { model, method, args, kwargs } });
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    const answer = await (await fetch(`/web/dataset/call_kw/${model}/${method}`, init)).json();
    if (answer.error) {
        throw new Error(answer.error.data.message);
    }
    return answer.result;
}"""
DO_ACTION = """([action, options]) =>
    odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action, options).then(() => true)"""
LOAD = "(action) => odoo.__WOWL_DEBUG__.root.env.services.action.loadAction(action)"
CLOSE_ALL = "() => odoo.__WOWL_DEBUG__.root.env.services.dialog.closeAll()"
QUIET = """() => !document.querySelector(".o_loading_indicator, .o_blockUI")
    && Boolean(document.querySelector(".o_action_manager > *, .o_portal_wrap, main"))
    && document.getAnimations().every((one) =>
        one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
CALM = 4
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"


@contextlib.contextmanager
def browser():
    """Odoo's browser, the one that is on this machine; it reserves more memory than Odoo allows its own process."""
    limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit[1], limit[1]))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()
    resource.setrlimit(resource.RLIMIT_AS, limit)


class Session:
    """One person in one window; an empty login is a visitor."""

    def __init__(self, chromium, base, login, size):
        phone = size is PHONE
        self.base, self.login, self.errors = base, login, []
        self.context = chromium.new_context(
            viewport=size, has_touch=phone, is_mobile=phone, reduced_motion="reduce", locale="en-US", timezone_id="UTC"
        )
        if login:
            self._log_in(login)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60000)
        self.requests = set()
        self.page.on(
            "request", lambda request: request.resource_type in ("fetch", "xhr") and self.requests.add(request)
        )
        self.page.on("requestfinished", lambda request: self.requests.discard(request))
        self.page.on("requestfailed", lambda request: self.requests.discard(request))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _log_in(self, login):
        page = self.context.request.get(f"{self.base}/web/login").text()
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"csrf_token": token, "login": login, "password": login}
        answer = self.context.request.post(f"{self.base}/web/login", form=form, max_redirects=0)
        assert answer.status == 303, f"{login} cannot log in"

    def close(self):
        """Close the window; an error of the page that nobody saw is one of the test."""
        self.context.close()
        assert not self.errors, self.errors

    def go(self, path):
        """Load a page."""
        self.page.goto(self.base + path)
        self.page.add_style_tag(content=STILL)
        self.rest()

    def call(self, model, method, *args, **kwargs):
        """The result of a method, with the rights of this person."""
        return self.page.evaluate(CALL, [model, method, list(args), kwargs])

    def find(self, model, domain):
        """The ids of the first record."""
        return self.call(model, "search", domain, limit=1)

    def open(self, action, **options):
        """Do an action in the web client that is open, its breadcrumbs anew."""
        self.page.evaluate(DO_ACTION, [action, {"clearBreadcrumbs": True, **options}])
        self.rest()

    def load(self, action):
        """What the server says of an action."""
        return self.page.evaluate(LOAD, action)

    def click(self, selector):
        """Click the first visible element of a selector."""
        self.page.locator(f"{selector} >> visible=true").first.click()
        self.rest()

    def dismiss(self):
        """Close every dialog."""
        self.page.evaluate(CLOSE_ALL)
        self.page.wait_for_selector(".modal", state="detached")

    def rest(self):
        """Wait until nothing is asked of the server, and nothing is loading or moving."""
        calm = 0
        while calm < CALM:
            self.page.wait_for_timeout(40)
            calm = 0 if self.requests else calm + 1
        self.page.wait_for_function(QUIET)
