import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const card = (name) => `.o_opportunity_dashboard_card[data-name=${name}][aria-busy=false]`;
const numbers = (name) => `${card(name)} .o_opportunity_dashboard_numbers`;
const bestCase = `${card("forecast")} .o_opportunity_dashboard_tile[data-name=best] .o_opportunity_dashboard_number`;

const filter = [
    { trigger: `${card("forecast")} canvas[role=img]` },
    { trigger: ".o_opportunity_dashboard_teams", run: "click" },
    { trigger: '.o-dropdown-item:contains("Field Sales")', run: "click" },
    { trigger: '.o_opportunity_dashboard_teams:contains("Field Sales")', run: "press Escape" },
    { trigger: `${card("attention")} button[name=no_next_action][data-count="2"]` },
    { trigger: ".o_opportunity_dashboard_period", run: "click" },
    { trigger: '.o-dropdown-item:contains("This Year")', run: "click" },
    { trigger: ".o_opportunity_dashboard_template", run: "click" },
    { trigger: '.o-dropdown-item:contains("Tour Template")', run: "click" },
    { trigger: '.o_opportunity_dashboard_template:contains("Tour Template")' },
    { trigger: `${card("attention")} button[name=no_next_action][data-count="1"]` },
];

const drillDown = [
    { trigger: `${bestCase}[data-count="1"]`, run: "click" },
    { content: "The one that was counted", trigger: '.o_list_view .o_data_row:contains("Tour Deal")' },
    { trigger: ".o_list_view:not(:has(.o_data_row:nth-child(2)))" },
    { trigger: '.breadcrumb-item:contains("Dashboard") a, .o_back_button', run: "click" },
    { content: "As it was left", trigger: '.o_opportunity_dashboard_template:contains("Tour Template")' },
    { trigger: '.o_opportunity_dashboard_period:contains("This Year")' },
    { trigger: `${numbers("performance")} > summary`, run: "click" },
    { trigger: `${numbers("performance")} td[name=lost] .o_opportunity_dashboard_number`, run: "click" },
    { content: "Lost ones are shown as well", trigger: '.o_list_view .o_data_row:contains("Tour Failure")' },
    { trigger: '.breadcrumb-item:contains("Dashboard") a, .o_back_button', run: "click" },
    { trigger: `${numbers("funnel")} > summary`, run: "click" },
    { trigger: `${numbers("funnel")} tr:contains("Tour First") td[name=left] [data-count="2"]`, run: "click" },
    { content: "The stays behind it", trigger: '.o_list_view .o_data_row:contains("Tour Success")' },
    { trigger: '.breadcrumb-item:contains("Dashboard") a, .o_back_button', run: "click" },
];

const switches = [
    { trigger: `${card("forecast")} button[name=predicted]`, run: "click" },
    { trigger: `${card("forecast")} .o_opportunity_dashboard_tile:contains("Weighted by Prediction")` },
    { trigger: `${card("performance")} button[name=credit]`, run: "click" },
    { trigger: `${card("performance")} button[name=credit][aria-pressed=true]` },
    { trigger: `${card("forecast")} .o_opportunity_dashboard_help > summary`, run: "click" },
    { trigger: `${card("forecast")} .o_opportunity_dashboard_help:contains("probability of 75 %")` },
];

tours.add("opportunity_crm_dashboard", { steps: () => [...filter, ...drillDown, ...switches] });

tours.add("opportunity_crm_dashboard_empty", {
    steps: () => [
        { trigger: ".o_opportunity_dashboard .o_view_nocontent button", run: "click" },
        { content: "To choose a template", trigger: ".o_kanban_view, .o_list_view" },
    ],
});

tours.add("opportunity_crm_dashboard_mobile", {
    steps: () => [
        { content: "Their own only", trigger: `${bestCase}[data-count="1"]` },
        {
            trigger: `${card("performance")} canvas`,
            run() {
                const content = document.querySelector(".o_content");
                if (content.scrollWidth > content.clientWidth) {
                    throw new Error(`The dashboard is ${content.scrollWidth} wide, the screen ${content.clientWidth}`);
                }
            },
        },
        { trigger: `${card("attention")} button[name=no_next_action]`, run: "click" },
        { trigger: '.o_kanban_record:contains("Tour Deal"), .o_data_row:contains("Tour Deal")' },
    ],
});
