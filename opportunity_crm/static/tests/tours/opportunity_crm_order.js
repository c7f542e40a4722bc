import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tab = (name) => `.o_notebook .nav-link:contains("${name}")`;
const row = (text) => `.o_field_widget[name=line_ids] .o_data_row:contains("${text}")`;
const backToDeal = () => ({
    content: "Back to the opportunity",
    trigger: '.o_breadcrumb .breadcrumb-item a:contains("Tour Deal"), .o_breadcrumb .o_back_button a',
    run: "click",
});

/** A sales rep: from the lines of an opportunity to its order, to changed lines, to the updated quotation. */
registry.category("web_tour.tours").add("opportunity_crm_order", {
    url: "/odoo/crm",
    steps: () => [
        {
            content: "Open the deal",
            trigger: '.o_kanban_record:contains("Tour Deal")',
            run: "click",
        },
        {
            content: "It has products: Odoo's button for an empty quotation gives way",
            trigger: ".o_form_view:not(:has(button[name=action_sale_quotations_new]:visible))",
        },
        {
            content: "Make its order",
            trigger: "button[name=action_create_order]",
            run: "click",
        },
        {
            content: "The quotation has the products",
            trigger: '.o_field_widget[name=order_line] .o_data_row:contains("Tour Oven")',
            timeout: 30000,
        },
        {
            content: "And the bundle, under its heading",
            trigger: ".o_field_widget[name=order_line] .o_is_line_section",
        },
        {
            trigger: '.o_field_widget[name=order_line] .o_data_row:contains("Tour Visit")',
        },
        backToDeal(),
        {
            content: "It is made: nothing more to press",
            trigger: ".o_form_view:not(:has(button[name=action_create_order]:visible))",
        },
        {
            trigger: tab("Products"),
            run: "click",
        },
        {
            content: "The customer wants three",
            trigger: `${row("Tour Oven")} [name=quantity]`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=line_ids] .o_selected_row [name=quantity] input",
            run: "edit 3",
        },
        ...stepUtils.saveForm(),
        {
            content: "The quotation says something else by now",
            trigger: "div[name=outdated] button[name=action_update_quotation]",
            run: "click",
        },
        {
            content: "What changes is shown first",
            trigger: '.modal .o_data_row:contains("Changed"):contains("Tour Oven"):contains("3 Units")',
        },
        {
            trigger: ".modal button[name=action_update]",
            run: "click",
        },
        {
            content: "The same quotation, updated",
            trigger: '.o_field_widget[name=order_line] .o_data_row:contains("Tour Oven"):contains("3.00")',
        },
        backToDeal(),
        {
            trigger: tab("Orders"),
            run: "click",
        },
        {
            content: "One quotation, of this deal; confirm it from here",
            trigger:
                ".o_opportunity_purchases section[data-section=orders] tbody tr:only-child:contains('This deal') button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is ordered",
            trigger: ".o_opportunity_purchases tr:contains('Sales Order')",
        },
    ],
});
