import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const addField = (label, kind) => [
    {
        content: `A field “${label}”`,
        trigger: ".o_field_widget[name=field_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=name] input",
        run: `edit ${label}`,
    },
    {
        trigger: ".modal .o_field_widget[name=kind] input",
        run: "click",
    },
    {
        trigger: `.o_select_menu_item:contains("${kind}"):first`,
        run: "click",
    },
];

const saveField = () => [
    {
        trigger: ".modal .o_form_button_save",
        run: "click",
    },
    {
        trigger: "body:not(:has(.modal))",
    },
];

/** The administrator of the CRM: a tab with a text, a number and a choice, one of them required. */
registry.category("web_tour.tours").add("opportunity_crm_tabs_define", {
    url: "/odoo/opportunity-tabs",
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour Tab",
        },
        ...addField("Tour Machine", "Text"),
        {
            trigger: ".modal .o_field_widget[name=required] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=in_list] input",
            run: "click",
        },
        ...saveField(),
        ...addField("Tour Speed", "Whole Number"),
        ...saveField(),
        ...addField("Tour Voltage", "Choice"),
        {
            trigger: ".modal .o_field_widget[name=option_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row .o_field_widget[name=name] input",
            run: "edit 400 V",
        },
        ...saveField(),
        ...stepUtils.saveForm(),
        {
            content: "The type is a badge",
            trigger: '.o_field_widget[name=field_ids] .badge:contains("Whole Number")',
        },
        {
            content: "A field without values goes after a question",
            trigger: '.o_data_row:contains("Tour Speed") button[name=action_remove]',
            run: "click",
        },
        {
            trigger: '.modal:contains("nothing is lost") button[name=action_remove]:visible',
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: '.o_field_widget[name=field_ids]:not(:contains("Tour Speed"))',
        },
    ],
});

/** The sales rep: a new opportunity that asks for what the tab requires. */
registry.category("web_tour.tours").add("opportunity_crm_tabs_fill", {
    url: "/odoo/crm?view_type=list",
    steps: () => [
        {
            content: "The column is in the list",
            trigger: '.o_list_view th:contains("Tour Machine")',
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] textarea",
            run: "edit Tour Deal",
        },
        {
            content: "It cannot be saved without what the tab requires",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: '.o_notebook .nav-link.o_page_invalid:contains("Tour Tab")',
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=x_opp_tour_machine] input",
            run: "edit Filler",
        },
        {
            trigger: ".o_field_widget[name=x_opp_tour_voltage] input",
            run: "edit 400",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("400 V")',
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "It can be searched for",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            trigger: '.o_list_view td:contains("Filler")',
        },
    ],
});
