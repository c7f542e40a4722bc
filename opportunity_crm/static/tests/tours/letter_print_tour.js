import { registry } from "@web/core/registry";

/** A sales rep prints a letter to the contact of an opportunity, with a subject of its own. */
registry.category("web_tour.tours").add("opportunity_crm_print_letter", {
    steps: () => [
        {
            content: "Letters are among the actions",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Print a Letter)",
            run: "click",
        },
        {
            trigger: ".modal .o_letter_empty",
        },
        {
            content: "Choose from the library",
            trigger: ".modal .o_field_widget[name=template_id] input",
            run: "edit Tour letter",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour letter)",
            run: "click",
        },
        {
            content: "The page appears as it will come out",
            trigger: ".modal img.o_letter_page",
        },
        {
            trigger: ".modal .o_field_widget[name=body]:contains(Dear Letter Tour Ann)",
        },
        {
            content: "Change the subject of this one letter",
            trigger: ".modal .o_field_widget[name=subject] input",
            run: "edit For you alone && press Tab",
        },
        {
            trigger: ".modal button[name=action_print]",
            run: "click",
        },
        {
            content: "It is downloaded, and the dialog closes",
            trigger: "body:not(:has(.modal)):not(:has(.o_blockUI))",
        },
        {
            content: "The letter is kept with the opportunity",
            trigger: ".o_form_view button[name=action_open_letters]:contains(1)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Printed) td[name=name]:contains(For you alone)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_letter_preview img.o_letter_page",
        },
    ],
});
