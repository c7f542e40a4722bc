"""Run in the project's Python: take the pictures described as JSON on standard input with Playwright."""

import json
import re
import sys

from playwright.sync_api import Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOADING = ".o_loading_indicator"


def log_in(browser, base, shot):
    """A browser context with its own cookies and cache, logged in as the person of the shot."""
    context = browser.new_context(reduced_motion="reduce", locale="en-US", timezone_id="UTC")
    if not shot["login"]:  # a visitor
        return context
    token = re.search(r'name="csrf_token" value="([^"]+)"', context.request.get(f"{base}/web/login").text())[1]
    form = {"csrf_token": token, "login": shot["login"], "password": shot["password"]}
    answer = context.request.post(f"{base}/web/login", form=form, max_redirects=0)
    if answer.status != 303:
        raise Error(f"{shot['login']} cannot log in")
    return context


def new_page(context, shot):
    """An empty page of the size of the shot, whose errors are printed."""
    page = context.new_page()
    page.set_viewport_size({"width": shot["width"], "height": shot["height"]})
    page.on("pageerror", lambda error: print(f"   page error: {error}", file=sys.stderr))
    page.on("console", lambda line: line.type == "error" and print(f"   console: {line.text}", file=sys.stderr))
    return page


def settle(page):
    """Wait until the client shows a view and loads nothing more."""
    page.wait_for_selector(".o_action_manager > *, .o_portal_wrap, main")
    page.wait_for_selector(LOADING, state="hidden")
    page.wait_for_timeout(1500)


def take(context, base, shot):
    """Take one picture."""
    page = new_page(context, shot)
    page.goto(base + shot["url"])
    settle(page)
    for selector in shot["clicks"]:
        page.locator(selector).first.click()
        settle(page)
    if shot["wait"]:
        page.wait_for_selector(shot["wait"])
        settle(page)
    page.screenshot(path=shot["out"])
    print(f"   {shot['out']}", file=sys.stderr)
    page.close()


def main():
    """Take all pictures; an error ends it with the message alone."""
    order = json.load(sys.stdin)
    with sync_playwright() as playwright:
        contexts = {}
        browser = playwright.chromium.launch(executable_path=order["chromium"], args=FLAGS)
        try:
            for shot in order["shots"]:
                if shot["login"] not in contexts:
                    contexts[shot["login"]] = log_in(browser, order["base"], shot)
                take(contexts[shot["login"]], order["base"], shot)
        except Error as error:
            return f"   {shot['url']}: {error.message}"
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
