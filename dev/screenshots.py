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
SHARING = '.nav-link:has-text("Sharing")'
COVER_FOR_ME = ('.o_menu_sections button:has-text("Sales")', '.o-dropdown-item:has-text("Cover for Me")')
LIST = "/odoo/action-crm.crm_lead_opportunities?view_type=list"
HISTORY = '.nav-link:has-text("Sales History")'
OUTDATED = '.o_kanban_record:has-text("Second vacuum packer")'
ORDERS = '.nav-link:has-text("Orders")'
ORDER_LINE = ".o_field_widget[name=order_line] .o_data_row"
PURCHASES = ".o_opportunity_purchases table"
FILE_BOX = '.nav-link:has-text("File Box")'
TECHNICAL_FIT = '.nav-link:has-text("Technical Fit")'
SETTINGS = "#opportunity_templates .text-muted"
FILE_BOX_SETTING = "#opportunity_file_box_scope .text-muted"
VERSIONS = ".o_opportunity_document_versions"
PROPOSAL = '.o_statusbar_status button:has-text("Proposal")'
FIRST = ".o_data_row .o_data_cell[name=name]"
NEW_ACCOUNT = '.o_data_row:has-text("New Account") .o_data_cell[name=name]'
SECOND_STAGE = ".o_field_widget[name=stage_ids] .o_data_row:nth-child(2) button[name=action_open]"
COVERAGE_OF_MANY = (
    "thead .o_list_record_selector input",
    ".o_cp_action_menus .dropdown-toggle",
    '.o-dropdown-item:has-text("Coverage Groups")',
)
COVERED_CONTACT = ('.o_data_row:has-text("Bluewater Utilities plc") .o_data_cell[name=complete_name]',)
ROTATION = ('.o_data_row:has-text("Referrals") .o_data_cell[name=name]',)
LINES = '.nav-link:has-text("Products / Subscription Bundles")'
LETTER = '.o_kanban_record:has-text("Follow-up After a Call")'
PRINT_LABELS = (
    "thead .o_list_record_selector input",
    ".o_cp_action_menus .dropdown-toggle",
    '.o-dropdown-item:has-text("Print Labels")',
    ".modal .o_label_sheet [data-number='5']",
)
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
SEND_LINK = "button[name=action_send_buy_now_link]"
OFFER = "/buy-now/demo-offer-0packaging-line-upgrade-of-delta-pumps-demo0"
KEG_LINE = '.o_kanban_record:has-text("Keg line")'
COMPANY = '.o_data_row:has-text("Cobalt Ridge Mining Ltd"):not(:has-text("Denise")) .o_data_cell[name=complete_name]'
CUSTOMER = ".o_notebook a[name=opportunities]"
FOLLOW_UP = ".o_notebook a[name=follow_up]"
START_SEQUENCE = (
    KEG_LINE,
    FOLLOW_UP,
    "button[name=start_sequence]",
    ".modal .o_field_widget[name=sequence_id] input",
    '.ui-menu-item:has-text("Chase")',
)
START_MANY = (
    ".o_switch_view.o_list",
    "thead .o_list_record_selector input",
    ".o_cp_action_menus .dropdown-toggle",
    '.o-dropdown-item:has-text("Start a Sequence")',
    ".modal .o_field_widget[name=sequence_id] input",
    '.ui-menu-item:has-text("Chase")',
)
SEQUENCES = "/odoo/action-opportunity_crm.opportunity_sequence_action"
CHASE = '.o_data_row:has-text("Chase") .o_data_cell[name=name]'
DASHBOARD = "/odoo/opportunity-dashboard"
PERFORMANCE = ".o_opportunity_dashboard_card[data-name=performance][aria-busy=false]"
FORECAST_NUMBERS = ".o_opportunity_dashboard_card[data-name=forecast] .o_opportunity_dashboard_numbers > summary"
PAGES = (
    Page("pipeline", "leo", "/odoo/crm", wait=".o_kanban_record", width=1500),
    Page("choose", "leo", "/odoo/opportunity-new", wait=".o_kanban_record", height=420),
    Page("opportunity", "leo", "/odoo/crm", (DEAL,), ".o_form_view", width=1500, height=760),
    Page("sales_history", "leo", "/odoo/crm", (DEAL, HISTORY), ".o_form_view"),
    Page("next_action", "leo", "/odoo/crm", (DEAL, "button[name=action_next_action]:visible"), ".modal"),
    Page("steps", "leo", "/odoo/crm", (UNDER_WAY,), ".o_opportunity_step", height=880),
    Page("stage_help", "leo", "/odoo/crm", (GATED, ".o_opportunity_stage_help"), ".popover", height=400),
    Page("gate", "leo", "/odoo/crm", (GATED, PROPOSAL), ".modal", height=860),
    Page("list", "maya", LIST, wait=".o_data_row", width=1500),
    Page("template", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT,), ".o_form_view"),
    Page("revision", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT,), ".o_form_view", height=320),
    Page("change_template", "maya", "/odoo/opportunity-templates", CHANGE_TEMPLATE, ".modal .o_data_row"),
    Page("stage", "maya", "/odoo/opportunity-templates", (NEW_ACCOUNT, SECOND_STAGE), ".modal"),
    Page("template_pipeline", "leo", "/odoo/opportunity-new", ("button[name=action_view_opportunities]",), width=1500),
    Page("history_report", "maya", "/odoo/sales-history", (".o_switch_view.o_graph",), ".o_graph_view"),
    Page("velocity", "maya", "/odoo/stage-velocity", wait=".o_pivot", width=1100, height=660),
    Page("dashboard", "maya", DASHBOARD, wait=PERFORMANCE, width=1400, height=1900),
    Page("dashboard_numbers", "maya", DASHBOARD, (FORECAST_NUMBERS,), PERFORMANCE, width=1400, height=1000),
    Page("dashboard_phone", "leo", DASHBOARD, wait=PERFORMANCE, width=390, height=1500),
    Page("sharing", "leo", "/odoo/crm", (DEAL, SHARING), ".o_form_view", width=1500, height=900),
    Page("share", "leo", "/odoo/crm", (DEAL, SHARING, "button[name=action_share]"), ".modal", height=720),
    Page(
        "explain_access",
        "leo",
        "/odoo/crm",
        (DEAL, SHARING, "button[name=action_explain_access]"),
        ".modal",
        height=620,
    ),
    Page("shared_with_me", "nina", "/odoo/crm", (".o_facet_remove",), ".o_kanban_record", width=1500),
    Page("cover_for_me", "leo", "/odoo/crm", COVER_FOR_ME, ".modal", height=620),
    Page("coverage_group", "maya", "/odoo/coverage-groups", wait=".o_opportunity_split_form .o_form_view", width=1400),
    Page("coverage_people", "leo", "/odoo/crm", (DEAL,), ".o_opportunity_people", width=1500, height=640),
    Page("coverage_apply", "leo", LIST, COVERAGE_OF_MANY, ".modal .o_form_view", width=1400, height=560),
    Page("coverage_offer", "maya", "/odoo/contacts", COVERED_CONTACT, "[name=coverage_offer]", height=480),
    Page("credit_report", "maya", "/odoo/revenue-by-credit", wait=".o_pivot", height=540),
    Page("credit_forecast", "maya", "/odoo/forecast-by-credit", wait=".o_graph_renderer", height=640),
    Page("rotation", "maya", "/odoo/assignment-rotations", ROTATION, ".o_opportunity_turns", height=700),
    Page("order", "leo", "/odoo/crm", (DEAL, "button[name=action_create_order]"), ORDER_LINE, height=1000),
    Page("orders_tab", "leo", "/odoo/crm", (DEAL, ORDERS), PURCHASES, width=1400, height=1120),
    Page("order_update", "leo", "/odoo/crm", (OUTDATED, "button[name=action_update_quotation]"), ".modal .o_data_row"),
    Page("lines", "leo", "/odoo/crm", (DEAL, LINES), ".o_opportunity_line_open", width=1600, height=1240),
    Page("line_open", "leo", "/odoo/crm", (DEAL, LINES, ".o_opportunity_line_open"), ".modal .o_data_row"),
    Page("lines", "leo", "/odoo/crm", (DEAL, LINES), ".o_opportunity_line_open", height=1200),
    Page("line_open", "leo", "/odoo/crm", (DEAL, LINES, ".o_opportunity_line_open"), ".modal .o_data_row", height=940),
    Page("opportunity_products", "maya", "/odoo/opportunity-products", wait=".o_data_row", height=560),
    Page("bundle", "maya", "/odoo/subscription-bundles", (FIRST,), ".o_form_view", height=760),
    Page("file_box", "leo", "/odoo/crm", (DEAL, FILE_BOX, VERSIONS), ".o_opportunity_document_version", 1500, 980),
    Page("file_box_setting", "admin", "/odoo/settings#crm", (FILE_BOX_SETTING,), width=1100, height=420),
    Page("settings", "admin", "/odoo/settings#crm", (SETTINGS,), width=1100, height=1500),
    Page("digest", "maya", "/odoo/action-opportunity_crm.digest_digest_action_weekly", wait=".o_form_view"),
    Page("tab", "leo", "/odoo/crm", (KEG_LINE, TECHNICAL_FIT), ".o_form_view", height=1000),
    Page("tab_fields", "maya", "/odoo/opportunity-tabs", (FIRST,), ".o_form_view"),
    Page("labels", "leo", "/odoo/contacts?view_type=list", PRINT_LABELS, ".modal", height=900),
    Page("label_format", "maya", "/odoo/label-formats", (".o_data_cell[name=code]",), ".o_form_view", height=980),
    Page("letter_library", "maya", "/odoo/letter-templates", (), ".o_kanban_record", width=1440, height=600),
    Page("letter_template", "maya", "/odoo/letter-templates", (LETTER,), ".o_letter_field", width=1500, height=980),
    Page(
        "letter_fields",
        "maya",
        "/odoo/letter-templates",
        (LETTER, ".o_letter_body .o_letter_choose_field"),
        ".o_letter_field_dialog",
        height=980,
    ),
    Page("buy_link", "leo", "/odoo/crm", (DEAL, LINES), SEND_LINK, width=1500, height=1500),
    Page("buy_link_compose", "leo", "/odoo/crm", (DEAL, LINES, SEND_LINK), ".modal", width=1100, height=700),
    Page("buy_link_phone", "", OFFER, wait=".o_opportunity_buy_link", width=390, height=1240),
    Page("follow_up", "leo", "/odoo/crm", (KEG_LINE, FOLLOW_UP), ".o_opportunity_followup_step", height=1000),
    Page("start_sequence", "leo", "/odoo/crm", START_SEQUENCE, ".modal .o_opportunity_followup_body", height=1000),
    Page("tasks", "leo", "/odoo/crm", (DEAL, ".o_notebook a[name=tasks]"), ".o_opportunity_timeline_entry", 1500, 1200),
    Page("customer", "leo", "/odoo/contacts", (COMPANY, CUSTOMER), ".o_opportunity_customer"),
    Page("start_sequences", "leo", "/odoo/crm", START_MANY, ".modal .o_opportunity_followup_body", height=1000),
    Page("define_sequence", "maya", SEQUENCES, (CHASE,), ".o_form_view .o_data_row", height=640),
    Page("follow_up_list", "maya", "/odoo/follow-up", wait=".o_data_row", width=1500, height=420),
    Page("coverage_group", "maya", "/odoo/coverage-groups", (FIRST,), ".o_form_view", height=640),
)


APPS_PAGE = (
    *("opportunity", "gate", "change_template", "sales_history", "template_pipeline", "velocity", "sharing", "lines"),
    *("start_sequence", "letter_print", "tasks", "dashboard"),
)


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
