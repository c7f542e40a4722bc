import { registry } from "@web/core/registry";

/** A sales manager writes a letter with fields from the list, sees it beside the text, and chooses the envelope. */
registry.category("web_tour.tours").add("opportunity_crm_letter_template", {
    url: "/odoo/letter-templates",
    steps: () => [
        {
            content: "The library, by category",
            trigger: ".o_kanban_group:contains(Quotations and Orders) .o_kanban_record:contains(Reminder)",
        },
        {
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Letter Tour",
        },
        {
            trigger: ".o_field_widget[name=subject] input",
            run: "edit For",
        },
        {
            content: "A field in the subject",
            trigger: ".o_field_widget[name=subject] .o_letter_choose_field",
            run: "click",
        },
        {
            trigger: ".o_letter_field_dialog input",
            run: "edit contact name",
        },
        {
            content: "A table cannot be in a line",
            trigger: ".o_letter_field_dialog:not(:has([data-key='lines.table'])) [data-key='contact.name']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=subject] input:value(For {{contact.name}})",
        },
        {
            content: "The preview follows",
            trigger: ".o_letter_preview img[alt*='For Letter Tour Ann']",
        },
        {
            content: "Write the text",
            trigger: ".o_field_widget[name=body] .odoo-editor-editable",
            run: "editor To:",
        },
        {
            trigger: ".o_field_widget[name=body] .o_letter_choose_field",
            run: "click",
        },
        {
            trigger: ".o_letter_field_dialog input",
            run: "edit contact name",
        },
        {
            trigger: ".o_letter_field_dialog [data-key='contact.name']",
            run: "click",
        },
        {
            content: "It is shown as people read it",
            trigger: ".o_field_widget[name=body] .o_letter_field:contains(Contact Name)",
        },
        {
            trigger: ".o_field_widget[name=body] .o_letter_choose_field",
            run: "click",
        },
        {
            trigger: ".o_letter_field_dialog button[data-key='lines.table']",
            run: "click",
        },
        {
            content: "A table has a paragraph of its own",
            trigger: ".o_field_widget[name=body] p + p > .o_letter_field:contains(Table of Products)",
        },
        {
            content: "Choose the envelope",
            trigger: ".o_notebook a:contains(Layout)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=window] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(US #10)",
            run: "click",
        },
        {
            content: "The preview shows the letter",
            trigger: ".o_letter_preview img[alt*='For Letter Tour Ann']",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
