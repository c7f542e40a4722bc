import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const lines = ".o_field_widget[name=line_ids]";
const edited = `${lines} .o_selected_row`;
const add = (what) => ({
    content: `${what}…`,
    trigger: ["a", "button"]
        .map((tag) => `${lines} .o_field_x2many_list_row_add ${tag}:contains("${what}")`)
        .join(", "),
    run: "click",
});
const choose = (field, name) => [
    {
        content: `Choose ${name}`,
        trigger: `${edited} .o_field_widget[name=${field}] input`,
        run: `edit ${name}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:contains("${name}")`,
        run: "click",
    },
];

/** A sales rep: a product at a special price, a bundle, one from the catalogue, and a price that is too low. */
registry.category("web_tour.tours").add("opportunity_crm_lines", {
    steps: () => [
        {
            content: "Open the products of the opportunity",
            trigger: '.nav-link:contains("Products / Subscription Bundles")',
            run: "click",
        },
        add("Add a product"),
        ...choose("product_id", "Tour Crate"),
        {
            content: "The list price is the one of the customer's pricelist",
            trigger: `${edited} .o_field_widget[name=list_price]:contains("90.00")`,
        },
        {
            content: "A special price",
            trigger: `${edited} .o_field_widget[name=price_unit] input`,
            run: "edit 85",
        },
        {
            content: "Two of them",
            trigger: `${edited} .o_field_widget[name=quantity] input`,
            run: "edit 2",
        },
        {
            content: "The difference is shown",
            trigger: `${edited} .o_field_widget[name=price_difference]:contains("-5.00")`,
        },
        add("Add a bundle"),
        ...choose("bundle_id", "Tour Care"),
        {
            content: "The terms of the bundle",
            trigger: `${edited}:contains("Set-up fee")`,
        },
        ...stepUtils.saveForm(),
        {
            content: "Set-up and product are expected, the bundle recurs",
            trigger: '.o_field_widget[name=expected_revenue]:contains("220.00")',
        },
        {
            trigger: '.o_field_widget[name=offer_recurring]:contains("120.00 Monthly")',
        },
        {
            content: "Open the bundle into its parts",
            trigger: `${lines} .o_opportunity_line_open:enabled`,
            run: "click",
        },
        {
            trigger: '.modal .o_field_widget[name=part_ids] .o_data_row:contains("Tour Visit")',
        },
        {
            trigger: ".modal .o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        add("Catalog"),
        {
            content: "One more product from the catalogue",
            trigger: '.o_kanban_record:contains("Tour Visit") button:contains("Add")',
            run: "click",
        },
        {
            trigger: '.o_kanban_record.o_product_added:contains("Tour Visit")',
        },
        {
            content: "Another one that is not offered is not there",
            trigger: '.o_kanban_renderer:not(:contains("Tour Secret"))',
        },
        {
            trigger: 'button:contains("Back to Opportunity")',
            run: "click",
        },
        {
            trigger: '.nav-link:contains("Products / Subscription Bundles")',
            run: "click",
        },
        {
            content: "It is on the opportunity",
            trigger: `${lines} .o_data_row:contains("Tour Visit"):contains("54.00")`,
        },
        {
            content: "Lower than salespeople may go",
            trigger: `${lines} .o_data_row:contains("Tour Crate") .o_data_cell[name=price_unit]`,
            run: "click",
        },
        {
            trigger: `${edited} .o_field_widget[name=price_unit] input`,
            run: "edit 10",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: '.modal:contains("Salespeople may go down to")',
        },
        {
            trigger: ".modal footer button:first",
            run: "click",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The special price is back",
            trigger: `${lines} .o_data_row:has(.o_data_cell[name=price_difference]:contains("-5.00"))`,
        },
    ],
});
