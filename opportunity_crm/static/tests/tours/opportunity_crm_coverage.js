import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const PANE = ".o_opportunity_split_form";

/** Groups on the left, the chosen one on the right: change one, make one, be refused credit that is too much. */
registry.category("web_tour.tours").add("opportunity_crm_coverage_group", {
    steps: () => [
        {
            content: "Choose a group on the left",
            trigger: '.o_opportunity_split_list .o_data_cell:contains("A Tour Group")',
            run: "click",
        },
        {
            content: "It is on the right, with its members",
            trigger: `${PANE} .o_field_widget[name=member_ids] .o_data_row:contains("Tour Specialist")`,
        },
        {
            content: "Change it, and do not save",
            trigger: `${PANE} .o_field_widget[name=description] textarea`,
            run: "edit What the tour covers",
        },
        {
            content: "A new group: what was changed is saved",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: `${PANE}:not(:has(.o_data_row)) .o_field_widget[name=name] input`,
            run: "edit Tour Nights",
        },
        {
            trigger: `${PANE} .o_field_widget[name=member_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${PANE} .o_selected_row .o_field_widget[name=user_id] input`,
            run: "edit Tour Specialist",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Specialist")',
            run: "click",
        },
        {
            trigger: `${PANE} .o_selected_row .o_field_widget[name=role_id] input`,
            run: "edit Tour Role",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Role"):not(:contains("Create"))',
            run: "click",
        },
        {
            trigger: `${PANE} .o_selected_row .o_field_widget[name=credit] input`,
            run: "edit 130",
        },
        {
            content: "More than all of the credit",
            trigger: `${PANE} .o_form_button_save`,
            run: "click",
        },
        {
            trigger: '.modal:contains("between 0 and 100 %")',
        },
        {
            trigger: ".modal footer button",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${PANE} .o_data_row .o_data_cell[name=credit]`,
            run: "click",
        },
        {
            trigger: `${PANE} .o_selected_row .o_field_widget[name=credit] input`,
            run: "edit 40",
        },
        {
            trigger: `${PANE} .o_form_button_save`,
            run: "click",
        },
        {
            content: "The new group is on the left, and shown",
            trigger: '.o_opportunity_split_list .o_opportunity_shown:contains("Tour Nights")',
        },
    ],
});

/** Coverage groups for many opportunities at once. */
registry.category("web_tour.tours").add("opportunity_crm_coverage_apply", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: '.o_app[data-menu-xmlid="crm.crm_menu_root"]',
            run: "click",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: '.o_list_view .o_data_row:contains("Tour Deal")',
        },
        {
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: '.o-dropdown-item:contains("Coverage Groups")',
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=add_group_ids] input",
            run: "edit A Tour Group",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("A Tour Group")',
            run: "click",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: '.o_notification:contains("Opportunities with other coverage groups now: 2.")',
        },
    ],
});
