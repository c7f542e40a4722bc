import { registry } from "@web/core/registry";

/** A sales rep prints labels for some contacts, beginning at the fifth label of the sheet. */
registry.category("web_tour.tours").add("opportunity_crm_labels", {
    url: "/odoo/contacts?view_type=list",
    steps: () => [
        {
            content: "Only the contacts of the tour",
            trigger: ".o_searchview_input",
            run: "edit Label Tour",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger: ".o_data_row:nth-child(3):not(:has(~ .o_data_row))",
        },
        {
            content: "Select them all",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:contains(Actions)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Print Labels)",
            run: "click",
        },
        {
            content: "The address that is missing is listed before printing",
            trigger: ".modal .alert:contains(Incomplete) a:contains(Label Tour Nowhere)",
        },
        {
            content: "Two labels, from the first one on",
            trigger: ".modal .o_label_sheet .o_label_filled[data-number='2']",
        },
        {
            content: "The first four labels are used up",
            trigger: ".modal .o_label_sheet [data-number='5']",
            run: "click",
        },
        {
            trigger: ".modal .o_label_sheet .o_label_used[data-number='4']",
        },
        {
            trigger: ".modal .o_label_sheet .o_label_filled[data-number='6']",
        },
        {
            trigger: ".modal .o_label_sheet .o_label_free[data-number='7']",
        },
        {
            content: "The number says the same",
            trigger: ".modal .o_field_widget[name=first_label] input:value(5)",
        },
        {
            trigger: ".modal button[name=action_print]",
            run: "click",
        },
        {
            content: "It is downloaded, and the dialog closes",
            trigger: "body:not(:has(.modal)):not(:has(.o_blockUI))",
        },
    ],
});
