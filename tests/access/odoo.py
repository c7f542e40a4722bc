"""Serious findings of axe in markup that Odoo's own web client renders, in its own screens as in ours.

Each entry is a rule, the elements, and what Odoo does there. `test_what_is_said_to_be_odoos_own_is` opens screens of
Odoo alone and holds that each of them is found there.
"""

STOCK = (
    ("aria-allowed-attr", ".o_searchview, .o_searchview_input, .o_searchview_facet", "search bar"),
    ("aria-required-parent", ".o_searchview_facet", "facets of the search bar"),
    ("aria-command-name", ".o_searchview_facet_label", "facets of the search bar"),
    ("aria-allowed-attr", ".o-autocomplete--input, .o_tag, .o-dropdown", "selectors and tags"),
    ("aria-prohibited-attr", ".o_tag", "tags with an avatar"),
    ("aria-roles", ".o_searchview_facet i", "facets of the search bar"),
    ("role-img-alt", ".o_searchview_icon", "search bar"),
    ("aria-required-parent", ".o_notebook .nav-link", "tabs of a form"),
    ("image-alt", ".o_avatar img, img.o_m2m_avatar", "avatars"),
    ("label", ".o_list_record_selector input", "selection in a list"),
    ("label", ".o_boolean_toggle input, .o_field_boolean input, #boolean_checkbox", "yes/no in a list"),
    ("button-name", ".o_optional_columns_dropdown button", "optional columns"),
    ("button-name", ".o_control_panel_navigation > button, .o_cp_switch_buttons > .o-dropdown", "control panel, phone"),
    ("button-name", ".o_button_more", "more stat buttons, on a phone"),
    ("color-contrast", ".text-muted, .text-muted *", "color of the theme"),
    ("color-contrast", ".text-bg-info, .text-bg-success", "colors of the theme"),
    ("color-contrast", ".o_form_label", "color of the theme"),
    ("color-contrast", ".o-mail-Message-date, .o-mail-Message-trackingNew", "messages"),
    ("color-contrast", ".o-mail-DateSection span", "messages"),
    ("color-contrast", ".o_lead_opportunity_form .opacity-50", "probability of an opportunity"),
    ("image-alt", ".o-mail-Message-avatar, .o-mail-Activity-avatar", "messages and activities"),
    ("aria-command-name", ".o-mail-Activity-avatarContainer", "activities"),
    ("aria-prohibited-attr", ".o-mail-Message-avatarContainer", "messages"),
    ("role-img-alt", ".o-mail-Chatter-topbar i", "chatter"),
    ("aria-required-parent", ".o_colorlist button", "colors"),
    ("aria-allowed-attr", ".o_progressbar .o_progress", "progress bar"),
    ("autocomplete-valid", ".o_select_menu_input", "selection"),
    ("button-name", ".o_list_section_options .o-dropdown", "menu of a section in a list of products"),
    ("scrollable-region-focusable", ".o_list_renderer, .o_pivot", "lists and pivots wider than a phone"),
    ("aria-prohibited-attr", ".o_field_daterange .fa-long-arrow-right", "range of dates"),
    ("list", ".o-mail-Message ul", "values that changed, in a message"),
)
