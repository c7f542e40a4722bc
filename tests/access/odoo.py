"""Serious findings of axe in markup of Odoo's own: its web client, chatter, composer and CRM, which the addon extends.

Each entry is a rule, the elements, and what they are. `test_what_is_left_out_is_odoos_own` holds that each of them is
found in an Odoo without the addon, on the screens below.
"""

STOCK = (
    ("aria-allowed-attr", ".o_searchview, .o_searchview_input, .o_searchview_facet", "search bar"),
    ("aria-required-parent", ".o_searchview_facet", "facets of the search bar"),
    ("aria-command-name", ".o_searchview_facet_label", "facets of the search bar"),
    ("aria-roles", ".o_searchview_facet i", "facets of the search bar"),
    ("role-img-alt", ".o_searchview_icon", "search bar"),
    ("button-name", ".o_control_panel_navigation > button, .o_cp_switch_buttons > .o-dropdown", "control panel"),
    ("button-name", ".o_button_more", "more stat buttons, on a phone"),
    ("aria-required-parent", ".o_notebook .nav-link", "tabs of a form"),
    ("aria-allowed-attr", ".o-autocomplete--input", "selectors of records"),
    ("autocomplete-valid", ".o_select_menu_input", "selectors of values"),
    ("aria-allowed-attr", ".o_field_widget div.o-dropdown", "selectors of values"),
    ("aria-allowed-attr", ".o_tag", "tags"),
    ("aria-prohibited-attr", ".o_tag", "tags with an avatar"),
    ("image-alt", ".o_avatar img, img.o_m2m_avatar", "avatars"),
    ("aria-required-parent", ".o_colorlist button", "colors"),
    ("aria-allowed-attr", ".o_progressbar .o_progress", "progress bar"),
    ("aria-prohibited-attr", ".o_field_daterange .fa-long-arrow-right", "range of dates"),
    ("label", ".o_list_record_selector input", "selection in a list"),
    ("label", ".o_data_cell input[type=checkbox]", "yes/no in a list"),
    ("button-name", ".o_optional_columns_dropdown button", "optional columns of a list"),
    ("button-name", ".o_list_section_options .o-dropdown", "menu of a section in a list"),
    ("scrollable-region-focusable", ".o_list_renderer, .o_pivot", "lists and pivots wider than a phone"),
    ("role-img-alt", ".o-mail-ActivityButton i", "activities on a card and in a list"),
    ("color-contrast", ".o_kanban_header b", "totals of a column"),
    ("color-contrast", ".text-muted, .text-muted *", "color of the theme"),
    ("color-contrast", ".text-bg-info, .text-bg-success, .text-bg-info *", "colors of the theme"),
    ("color-contrast", ".o_form_label", "color of the theme"),
    ("role-img-alt", ".o-mail-Chatter-topbar i", "chatter"),
    ("aria-command-name", ".o-mail-Activity-avatarContainer", "activities in the chatter"),
    ("button-name", ".o-mail-Activity button", "uploading to an activity"),
    ("image-alt", ".o-mail-Message-avatar, .o-mail-Activity-avatar", "messages and activities"),
    ("aria-prohibited-attr", ".o-mail-Message-avatarContainer", "messages"),
    ("color-contrast", ".o-mail-Message-date, .o-mail-Message-trackingNew, .o-mail-DateSection span", "messages"),
    ("list", ".o-mail-Message ul", "values that changed, in a message"),
    ("label", ".o_field_many2many_tags_email input", "recipients of the composer"),
    ("label", ".o_lead_opportunity_form [name=recurring_revenue] input", "recurring revenue of an opportunity"),
    ("color-contrast", ".o_lead_opportunity_form .opacity-50", "“at” before the probability"),
)
# Windows of Odoo with these, the views of each to look at, and which record.
SCREENS = {
    "crm.crm_lead_action_pipeline": ("kanban", "list", "form", "pivot"),
    "crm.crm_stage_action": ("list", "form"),
    "crm.crm_opportunity_report_action": ("pivot",),
    "sales_team.crm_team_action_config": ("form",),
    "sales_team.sales_team_crm_tag_action": ("list",),
    "contacts.action_contacts": ("kanban", "list", "form"),
    "sale.action_quotations_with_onboarding": ("list", "form"),
    "product.product_template_action": ("form",),
    "calendar.action_calendar_event": ("list", "form"),
    "base.action_res_users": ("form",),
}
RECORDS = {"sale.order": [["state", "=", "draft"], ["order_line", "!=", False]]}
COMPOSER = "mail.action_email_compose_message_wizard"
WIDGETS = """<list>
    <field name="name"/><field name="company_id" column_invisible="1"/>
    <field name="sequence" widget="progressbar"/><field name="member_ids" widget="many2many_avatar_user"/>
</list>"""


def prepare(session):
    """Make, in an Odoo without the addon, what its demo data does not show: it takes the rights of an administrator."""
    group = session.call("ir.model.data", "check_object_reference", "crm", "group_use_recurring_revenues")[1]
    session.call("res.users", "write", [2], {"group_ids": [[4, group]]})
    session.call("crm.stage", "create", {"name": "Nothing here"})
    section = [[0, 0, {"display_type": "line_section", "name": "Section"}]]
    session.call("sale.order", "write", session.find("sale.order", RECORDS["sale.order"]), {"order_line": section})
    for lead in session.find("crm.lead", []):
        upload = {"summary": "Upload", "user_id": 2}
        session.call("crm.lead", "activity_schedule", [lead], "mail.mail_activity_data_upload_document", **upload)


def show_widgets(session):
    """Open a list with widgets of Odoo that the windows above have not."""
    [team] = session.find("crm.team", [])
    people = session.call("res.users", "search", [["share", "=", False]])
    session.call("crm.team", "write", [team], {"member_ids": [[6, 0, people]]})
    view = session.call("ir.ui.view", "create", {"name": "widgets", "model": "crm.team", "arch": WIDGETS})
    session.open({"type": "ir.actions.act_window", "res_model": "crm.team", "views": [[view, "list"]]})


def compose(session):
    """Open Odoo's full composer on an opportunity."""
    leads = session.find("crm.lead", [["partner_id", "!=", False]])
    context = {"default_model": "crm.lead", "default_res_ids": leads, "default_composition_mode": "comment"}
    context |= {"default_composition_comment_option": "forward", "default_partner_ids": [[6, 0, [3]]]}
    session.open(COMPOSER, additionalContext=context, clearBreadcrumbs=False)
    session.page.wait_for_selector(".modal .o_form_view")
    session.rest()
