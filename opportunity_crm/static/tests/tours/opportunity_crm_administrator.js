import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The administrator of the CRM: a template with a new stage, activated. */
registry.category("web_tour.tours").add("opportunity_crm_administrator", {
    url: "/odoo/opportunity-templates",
    steps: () => [
        {
            content: "A new template",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit Tour Template",
        },
        {
            content: "It cannot be activated without stages",
            trigger: "button[name=action_activate]",
            run: "click",
        },
        {
            trigger: '.modal:contains("Add stages to the template")',
        },
        {
            trigger: ".modal footer button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "A new stage",
            trigger: ".o_field_widget[name=stage_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=stage_id] input",
            run: "edit Tour Start",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Create")',
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=probability] input",
            run: "edit 20",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=target_days] input",
            run: "edit 4",
        },
        {
            content: "And the won stage",
            trigger: ".o_field_widget[name=stage_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_data_row:nth-child(2) .o_field_widget[name=stage_id] input",
            run: "edit Won",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Won"):not(:contains("Create"))',
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            trigger: "button[name=action_activate]",
            run: "click",
        },
        {
            trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Active")',
        },
    ],
});
