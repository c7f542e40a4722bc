"""Pictures of pages of the demo database: the named ones for the docs, and any page on demand."""

import argparse
import contextlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import people, python, serve, server
from .console import Failure, step
from .paths import ADDON_DIR, ROOT, neutral

FOLDER = ROOT / "docs" / "screenshots"
SCRIPT = Path(__file__).parent / "inside" / "shoot.py"


class Page(NamedTuple):
    """A picture: the name of its file, who is logged in, the address, what to click before, and the window."""

    name: str
    login: str
    url: str
    clicks: tuple = ()
    wait: str = ""
    width: int = 1280
    height: int = 800


DEAL = '.o_kanban_record:has-text("Packaging line upgrade")'
GATED = '.o_kanban_record:has-text("Serialisation-ready cartoner")'
UNDER_WAY = '.o_kanban_record:has-text("Stretch wrapper fleet")'
HISTORY = '.nav-link:has-text("Sales History")'
PROPOSAL = '.o_statusbar_status button:has-text("Proposal")'
NEW_ACCOUNT = '.o_data_row:has-text("New Account") .o_data_cell[name=name]'
FIRST = ".o_data_row .o_data_cell[name=name]"
SECOND_STAGE = ".o_field_widget[name=stage_ids] .o_data_row:nth-child(2) button[name=action_open]"
CHANGE_TEMPLATE = (
    NEW_ACCOUNT,
    "button[name=action_view_opportunities]",
    ".o_switch_view.o_list",
    "thead .o_list_record_selector input",
    ".o_cp_action_menus .dropdown-toggle",
    '.o-dropdown-item:has-text("Change Template")',
    ".modal .o_field_widget[name=template_id] input",
    '.o-autocomplete--dropdown-item:has-text("Upsell")',
)
KEG_LINE = '.o_kanban_record:has-text("Keg line")'
FOLLOW_UP = ".o_notebook a[name=follow_up]"
START_SEQUENCE = (
    KEG_LINE,
    FOLLOW_UP,
    "button[name=start_sequence]",
    ".modal .o_field_widget[name=sequence_id] input",
    '.ui-menu-item:has-text("Chase")',
)
PAGES = (
    Page("pipeline", "leo", "/odoo/crm", wait=".o_kanban_record", width=1500),
    Page("choose", "leo", "/odoo/opportunity-new", wait=".o_kanban_record", height=420),
    Page("opportunity", "leo", "/odoo/crm", (DEAL,), ".o_form_view", width=1500, height=760),
    Page("sales_history", "leo", "/odoo/crm", (DEAL, HISTORY), ".o_form_view"),
    Page("next_action", "leo", "/odoo/crm", (DEAL, "button[name=action_next_action]:visible"), ".modal"),
    Page("steps", "leo", "/odoo/crm", (UNDER_WAY,), ".o_opportunity_step", height=880),
    Page("stage_help", "leo", "/odoo/crm", (GATED, ".o_opportunity_stage_help"), ".popover", height=400),
    Page("gate", "leo", "/odoo/crm", (GATED, PROPOSAL), ".modal", height=860),
    Page("list", "maya", "/odoo/action-crm.crm_lead_opportunities?view_type=list", wait=".o_data_row", width=1500),
    Page("template", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT,), ".o_form_view"),
    Page("revision", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT,), ".o_form_view", height=320),
    Page("change_template", "maya", "/odoo/opportunity-templates", CHANGE_TEMPLATE, ".modal .o_data_row"),
    Page("stage", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT, SECOND_STAGE), ".modal"),
    Page("template_pipeline", "leo", "/odoo/opportunity-new", ("button[name=action_view_opportunities]",), width=1500),
    Page("history_report", "maya", "/odoo/sales-history", (".o_switch_view.o_graph",), ".o_graph_view"),
    Page("velocity", "maya", "/odoo/stage-velocity", wait=".o_pivot", width=1100, height=660),
    Page("follow_up", "leo", "/odoo/crm", (KEG_LINE, FOLLOW_UP), ".o_opportunity_followup_step", height=1000),
    Page("start_sequence", "leo", "/odoo/crm", START_SEQUENCE, ".modal .o_opportunity_followup_body", height=1000),
    Page("follow_up_list", "maya", "/odoo/follow-up", wait=".o_data_row", width=1500, height=420),
    Page("coverage_group", "maya", "/odoo/coverage-groups", (FIRST,), ".o_form_view", height=640),
)


APPS_PAGE = ("opportunity", "gate", "change_template", "sales_history", "template_pipeline", "velocity")


def screenshots(_arguments):
    """Save every page of the table into the docs, and some of them into the Apps page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    shoot([described(page, FOLDER / f"{page.name}.png") for page in PAGES])
    for name in APPS_PAGE:
        shutil.copy(FOLDER / f"{name}.png", ADDON_DIR / "static" / "description" / f"{name}.png")


def ad_hoc(arguments):
    """The command line of a single picture."""
    parser = argparse.ArgumentParser(prog="python3 -m dev shot")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--url", default="/odoo/crm")
    parser.add_argument("--out", default="shot.png")
    parser.add_argument("--click", action="append", default=[], metavar="SELECTOR", help="click this first; repeatable")
    parser.add_argument("--wait", default="", metavar="SELECTOR", help="wait until this is visible")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    return parser.parse_args(arguments)


def shot(arguments):
    """Save one page, given on the command line."""
    chosen = ad_hoc(arguments)
    page = Page("", chosen.login, chosen.url, tuple(chosen.click), chosen.wait, chosen.width, chosen.height)
    shoot([described(page, Path(chosen.out).resolve())])


def described(page, out):
    """What the script in the browser's Python is told."""
    return {**page._asdict(), "password": people.person(page.login).password, "out": str(out)}


def shoot(shots):
    """Take the pictures with the server in the background, or one started for them."""
    with some_server() as port, step(f"{len(shots)} pictures"):
        order = {"base": serve.address(port), "chromium": shutil.which("chromium"), "shots": shots}
        command = [python.python(), SCRIPT]
        if subprocess.run(command, input=json.dumps(order), text=True, cwd=neutral()).returncode:
            raise Failure("a picture could not be taken (see above)", f"The server's log is {serve.log()}.")


@contextlib.contextmanager
def some_server():
    """The port of a server on the demo database."""
    port = serve.background_port()
    if port:
        yield port
        return
    server.ensure()
    port = server.free_port()
    with serve.serving(serve.demo_database(), port):
        yield port
