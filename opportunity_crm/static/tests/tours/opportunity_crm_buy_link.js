import { registry } from "@web/core/registry";

const modal = "#modalaccept.show";

/** A prospect on the phone: from the link in the e-mail to the paid order, with Odoo's demo provider. */
registry.category("web_tour.tours").add("opportunity_crm_buy_link", {
    steps: () => [
        {
            content: "The offer has its products and its total",
            trigger: '.o_opportunity_buy_link:contains("Press"):contains("Training"):contains("300.00")',
        },
        {
            content: "It says who made it",
            trigger: '.o_opportunity_buy_link .card:contains("rep@example.com")',
        },
        {
            content: "Nothing is wider than the phone",
            trigger: ".o_opportunity_buy_link",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error(`${document.documentElement.scrollWidth} of ${window.innerWidth} pixels`);
                }
            },
        },
        {
            content: "Looking at it is noted",
            trigger: ".o_opportunity_buy_link[data-viewed='1']",
        },
        {
            content: "Accept",
            trigger: ".o_opportunity_buy_accept",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Odoo's own page asks for the payment; choose the demo provider",
            trigger: `${modal} input[name="o_payment_radio"][data-provider-code="demo"]`,
            run: "click",
        },
        {
            content: "Enter the payment details",
            trigger: `${modal} input[name="customer_input"]`,
            run: "edit 4242424242424242",
        },
        {
            content: "Pay",
            trigger: `${modal} button[name="o_payment_submit_button"]:not(:disabled)`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The order is paid and confirmed",
            trigger: '#quote_content .alert-success, #portal_sale_content:contains("Sales Order")',
        },
    ],
});
