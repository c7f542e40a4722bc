import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const stageRow = (name) => `.o_field_widget[name=stage_ids] .o_data_row:contains("${name}")`;

/** A sales manager: a template in use, its next revision, and the open opportunities brought to it. */
registry.category("web_tour.tours").add("opportunity_crm_revision", {
    url: "/odoo/opportunity-templates",
    steps: () => [
        {
            content: "A template in use",
            trigger: '.o_data_row:contains("Tour Revisions") .o_data_cell[name=name]',
            run: "click",
        },
        {
            content: "It says so, and cannot be changed",
            trigger: '.o_form_view .alert:contains("2"):contains("opportunities use this revision")',
        },
        {
            trigger: ".o_field_widget[name=stage_ids]:not(:has(.o_field_x2many_list_row_add))",
        },
        {
            content: "Edit: the next revision",
            trigger: "button[name=action_edit]",
            run: "click",
        },
        {
            trigger: '.o_form_view .alert:contains("being edited")',
        },
        {
            content: "There is nothing to publish yet",
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: '.modal:contains("Nothing differs from revision 1")',
        },
        {
            trigger: ".modal footer button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Another target",
            trigger: `${stageRow("Tour Middle")} .o_data_cell[name=target_days]`,
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=target_days] input",
            run: "edit 10",
        },
        ...stepUtils.saveForm(),
        {
            content: "Another step",
            trigger: `${stageRow("Tour Start")} button[name=action_open]`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Tour Survey",
        },
        {
            trigger: '.modal:has(.o_field_widget[name=delay_count]) footer button:contains("Save & Close")',
            run: "click",
        },
        {
            trigger: '.modal:not(:has(.o_field_widget[name=delay_count])) .o_data_row:contains("Tour Survey")',
        },
        {
            trigger: ".modal footer .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Publish, after a look at what changes",
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger:
                '.modal .o_field_widget[name=changes]:contains("Stage “Tour Middle”: Target Days 14 → 10"):contains("Step “Tour Survey” added to “Tour Start”")',
        },
        {
            content: "And go on to the open opportunities",
            trigger: '.modal .o_field_widget[name=open_opportunities] label:contains("Bring them")',
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_publish]",
            run: "click",
        },
        {
            content: "What happens to each stage and its steps",
            trigger:
                '.modal .o_data_row:contains("Tour Start"):contains("Kept as done: Tour Call"):contains("New: Tour Survey")',
        },
        {
            trigger: '.modal .o_data_row:contains("Tour Middle")',
        },
        {
            trigger: ".modal footer button[name=action_migrate]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "The revision is the current one",
            trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Active")',
        },
        {
            trigger: '.o_form_view .alert:contains("2"):contains("opportunities use this revision")',
        },
        {
            content: "Both revisions are listed",
            trigger: "button[name=action_view_revisions]",
            run: "click",
        },
        {
            trigger:
                '.o_list_view .o_data_row:contains("Archived") ~ .o_data_row:contains("Active"), .o_list_view .o_data_row:contains("Active") ~ .o_data_row:contains("Archived")',
        },
    ],
});
