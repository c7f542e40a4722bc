import { registry } from "@web/core/registry";

const inDialog = (name) => `.modal .o_field_widget[name=${name}]`;
const choose = (name, label) => [
    { trigger: `${inDialog(name)} .o_select_menu_toggler`, run: "click" },
    { trigger: `.o_select_menu_item:contains("${label}")`, run: "click" },
];
const noDialog = { trigger: "body:not(:has(.modal))" };

/** A manager defines a sequence of an e-mail and a call, and lets it go live. */
registry.category("web_tour.tours").add("opportunity_crm_followup_define", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name] input", run: "edit Tour Chase" },
        {
            content: "Without steps it does not go live",
            trigger: "button[name=action_activate]",
            run: "click",
        },
        { trigger: '.modal:contains("has no steps")' },
        { trigger: ".modal footer button", run: "click" },
        noDialog,
        { trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: `${inDialog("name")} input`, run: "edit Ask for questions" },
        { trigger: `${inDialog("template_id")} input`, run: "edit Tour Text" },
        { trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Text")', run: "click" },
        ...choose("timing", "At once"),
        { trigger: ".modal .o_form_button_save_new", run: "click" },
        { content: "An empty one", trigger: `${inDialog("delay_count")} input` },
        { trigger: `${inDialog("name")} input`, run: "edit Call them" },
        ...choose("kind", "Activity"),
        { trigger: `${inDialog("delay_count")} input`, run: "edit 3" },
        ...choose("delay_unit", "Working days"),
        ...choose("hours", "Between"),
        {
            content: "When it runs, in words",
            trigger: `${inDialog("timing_summary")}:contains("3 working days later, between 8:00 and 18:00")`,
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        noDialog,
        { trigger: '.o_data_row:contains("Call them"):contains("3 working days later, between 8:00 and 18:00")' },
        { trigger: "button[name=action_activate]", run: "click" },
        { trigger: '.o_statusbar_status .o_arrow_button_current:contains("Live")' },
        { trigger: "button[name=action_edit]:enabled" },
    ],
});
