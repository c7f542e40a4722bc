import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const column = (name) => `.o_kanban_group:has(.o_column_title:contains("${name}"))`;
const tomorrow = () => luxon.DateTime.now().plus({ days: 1 }).toFormat("MM/dd/yyyy");

/** A sales rep: a new opportunity from a template, worked through its stages in kanban and form. */
registry.category("web_tour.tours").add("opportunity_crm_rep", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the CRM",
            trigger: '.o_app[data-menu-xmlid="crm.crm_menu_root"]',
            run: "click",
        },
        {
            content: "Open the menu of sales",
            trigger: '[data-menu-xmlid="crm.crm_menu_sales"]',
            run: "click",
        },
        {
            content: "Choose a template",
            trigger: '[data-menu-xmlid="opportunity_crm.opportunity_template_menu_choose"]',
            run: "click",
        },
        {
            content: "A new upsell",
            trigger: '.o_kanban_record:contains("Upsell") button:contains("New Opportunity")',
            run: "click",
        },
        {
            content: "Only the stages of the template are offered",
            trigger: '.o_statusbar_status:contains("Identified"):contains("Negotiation"):not(:contains("Qualified"))',
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Tour Deal",
        },
        {
            content: "For a customer",
            trigger: ".o_group:not(.d-none) .o_field_widget[name=partner_id]:visible input",
            run: "edit Tour Customer",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Customer")',
            run: "click",
        },
        {
            content: "Its next action",
            trigger: ".o_field_widget[name=next_action_date] input, .o_field_widget[name=next_action_date] button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=next_action_date] input",
            run: () => {},
        },
        {
            trigger: ".o_field_widget[name=next_action_date] input",
            run: `edit ${tomorrow()}`,
        },
        {
            trigger: ".o_field_widget[name=next_action_note] input",
            run: "edit Call about the upgrade",
        },
        ...stepUtils.saveForm(),
        {
            content: "The probability is the stage's",
            trigger: ".o_field_widget[name=probability] input:value(20)",
        },
        {
            content: "Move on in the form",
            trigger: '.o_statusbar_status button:contains("Proposal"):not(.o_arrow_button_current)',
            run: "click",
        },
        {
            trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Proposal")',
        },
        {
            content: "Done, and what next?",
            trigger: 'button:contains("Done, and What Next?")',
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=feedback] textarea",
            run: "edit They want it",
        },
        {
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Send the contract",
        },
        {
            trigger: '.modal footer button:contains("Done & Plan Next")',
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "The next one is planned",
            trigger: ".o_field_widget[name=next_action_note] input:value(Send the contract)",
        },
        {
            content: "Read the Sales History",
            trigger: '.nav-link:contains("Sales History")',
            run: "click",
        },
        {
            trigger:
                '.o_field_widget[name=stage_move_ids] .o_data_row:contains("Proposal"):contains("Identified"):contains("Forward")',
        },
        {
            content: "Finish it in the chatter",
            trigger: ".o-mail-Activity .o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[aria-label='Done']",
            run: "click",
        },
        {
            content: "Asked what comes next",
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Send the contract again",
        },
        {
            trigger: ".modal footer button:contains('Plan'):visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "To the pipeline of the template",
            trigger: '[data-menu-xmlid="crm.crm_menu_sales"]',
            run: "click",
        },
        {
            trigger: '[data-menu-xmlid="opportunity_crm.opportunity_template_menu_choose"]',
            run: "click",
        },
        {
            trigger: '.o_kanban_record:contains("Upsell") button:contains("Pipeline")',
            run: "click",
        },
        {
            content: "Its columns only",
            trigger: `.o_kanban_renderer:has(${column("Identified")}):not(:has(${column("Qualified")}))`,
        },
        {
            content: "Drag the card on",
            trigger: `${column("Proposal")} .o_kanban_record:contains("Tour Deal")`,
            run: `drag_and_drop(${column("Negotiation")})`,
        },
        {
            trigger: `${column("Negotiation")} .o_kanban_record:contains("Tour Deal")`,
            run: "click",
        },
        {
            content: "Won",
            trigger: '.o_statusbar_buttons button:contains("Won"), button[name=action_set_won_rainbowman]',
            run: "click",
        },
        {
            trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Won")',
        },
    ],
});
