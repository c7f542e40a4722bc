import { registry } from "@web/core/registry";

/** A sales rep sends the offer of an opportunity as a Buy Now link, and sees it on the opportunity. */
registry.category("web_tour.tours").add("opportunity_crm_buy_link_send", {
    steps: () => [
        {
            content: "See what is offered",
            trigger: '.o_notebook .nav-link[name="lines"]',
            run: "click",
        },
        {
            content: "Send it",
            trigger: 'button[name="action_send_buy_now_link"]',
            run: "click",
        },
        {
            content: "The offer is frozen",
            trigger: '.modal .alert-info:contains("300.00")',
        },
        {
            content: "Nobody can pay it online",
            trigger: '.modal .alert-warning:contains("not be able to pay online")',
        },
        {
            content: "The e-mail can be changed",
            trigger: '.modal .o_field_widget[name="subject"] input',
            run: "edit Your press",
        },
        {
            content: "Send",
            trigger: ".modal .o_mail_send",
            run: "click",
        },
        {
            content: "The link is on the opportunity",
            trigger: '.o_field_widget[name="buy_link_ids"] .o_data_row:contains("Active"):contains("Not viewed yet")',
        },
    ],
});
