"""Nobody is kept out: what axe finds on the screens of the addon, on a desktop and on a phone."""

import contextlib

import pytest
from access.audit import Audit
from access.odoo import RECORDS, SCREENS, STOCK, compose, prepare, show_widgets
from access.screens import DIALOGS, PICTURES
from access.session import SIZES, Session, browser
from clients import running

from dev import databases

ADDON = "opportunity_crm"


@contextlib.contextmanager
def serving(purpose, folder, addon=True):
    """A server on demo data, with the addon or without; yield its address."""
    name = databases.scratch_name(purpose)
    databases.clone(databases.template(demo=True), name)
    try:
        if addon:
            databases.install(name, demo=True)
        with running(name, folder / "server.log") as address:
            yield address
    finally:
        databases.drop(name)


@pytest.fixture(scope="module")
def odoo(tmp_path_factory):
    with serving("access", tmp_path_factory.mktemp("odoo")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def log_in(odoo, chromium):
    """A function that logs people in, each once."""
    sessions = {}

    def log_in(login, size):
        if login not in sessions:
            sessions[login] = Session(chromium, odoo, login, SIZES[size])
            sessions[login].go("/odoo/crm" if login else "/web/login")
        return sessions[login]

    yield log_in
    for session in sessions.values():
        session.close()


def windows(session):
    """The windows of the addon, as a person reads them."""
    mine = [["module", "=", ADDON], ["model", "=", "ir.actions.act_window"]]
    names = {
        line["res_id"]: line["name"] for line in session.call("ir.model.data", "search_read", mine, ["name", "res_id"])
    }
    return [
        action | {"xmlid": names[action["id"]]}
        for action in session.call("ir.actions.act_window", "read", list(names), ["res_model", "view_mode", "target"])
    ]


@pytest.mark.parametrize("size", SIZES)
def test_windows(log_in, size):
    audit = Audit()
    actions = windows(log_in("admin", size))
    maya = log_in("maya", size)
    for action in actions:
        if action["target"] != "new":
            for mode in action["view_mode"].split(","):
                look_at(audit, maya, action, mode)
    assert not audit.report(), audit.report()


def look_at(audit, session, action, mode):
    """Audit one view of a window with data, all tabs of a form."""
    options = {}
    if mode == "form":
        found = session.find(action["res_model"], RECORDS.get(action["res_model"], []))
        assert found, f"the demo has no {action['res_model']}"
        options = {"props": {"resId": found[0]}}
    session.open(action["id"], viewType=mode, **options)
    name = f"{action['xmlid']} {mode}"
    audit.look(name, session.page)
    if mode == "form":
        look_at_tabs(audit, session, name)


def look_at_tabs(audit, session, name):
    """Audit the tabs of the form that is open."""
    tabs = session.page.locator(".o_form_view .o_notebook .nav-link:visible")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        session.rest()
        audit.look(f"{name}, tab {tabs.nth(number).inner_text()}", session.page)


@pytest.mark.parametrize("size", SIZES)
def test_dialogs(log_in, size):
    audit = Audit()
    for model, (login, source, domain, how) in DIALOGS.items():
        session = log_in(login, size)
        [record] = session.find(source, domain)
        open_dialog(session, source, record, how)
        audit.look(model, session.page)
        session.dismiss()
    assert not audit.report(), audit.report()


def open_dialog(session, model, record, how):
    """Open the dialog to which a method of a record, or an action on it, leads."""
    context = {"active_model": model, "active_id": record, "active_ids": [record]}
    if "." in how:
        session.open(how, additionalContext=context, clearBreadcrumbs=False)
    else:
        session.open(session.call(model, how, [record]), clearBreadcrumbs=False)
    session.page.wait_for_selector(".modal .o_form_view")
    session.rest()


def test_pictured(log_in):
    audit = Audit()
    for picture in PICTURES:
        session = log_in(picture.login, "desktop")
        session.dismiss()
        try:
            show(session, picture)
        except Exception as error:
            raise AssertionError(f"the picture {picture.name} cannot be shown") from error
        audit.look(f"picture {picture.name}", session.page)
    assert not audit.report(), audit.report()


def show(session, picture):
    """What a picture of the docs shows, without loading the web client anew."""
    path, _, view = picture.url.removeprefix("/odoo/").partition("?view_type=")
    session.open(path.removeprefix("action-"), **({"viewType": view} if view else {}))
    for selector in picture.clicks:
        session.click(selector)
    if picture.wait:
        session.page.wait_for_selector(picture.wait)
        session.rest()


def test_what_is_left_out_is_odoos_own(chromium, tmp_path):
    audit = Audit()
    with serving("stock", tmp_path, addon=False) as address:
        for size in SIZES.values():
            session = Session(chromium, address, "admin", size)
            session.go("/odoo/contacts")
            prepare(session)
            session.go("/odoo/contacts")
            for xmlid, modes in SCREENS.items():
                window = session.load(xmlid)
                for mode in modes:
                    look_at(audit, session, window | {"xmlid": xmlid}, mode)
            for show_it in (show_widgets, compose):
                show_it(session)
                audit.look(show_it.__name__, session.page)
            session.close()
    unseen = [entry for number, entry in enumerate(STOCK) if number not in audit.stock]
    assert not unseen, "\n".join(map(str, unseen))
