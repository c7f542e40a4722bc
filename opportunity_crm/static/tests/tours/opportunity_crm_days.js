import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const noDialog = { trigger: "body:not(:has(.modal)):not(:has(.o_blockUI))" };
const desktop = (...steps) => steps.map((step) => ({ isActive: ["desktop"], ...step }));
const mobile = (...steps) => steps.map((step) => ({ isActive: ["mobile"], ...step }));
const tab = (name) => ({ trigger: `.o_notebook .nav-link[name=${name}]`, run: "click" });
const action = (name) => [
    { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
    { trigger: `.o-dropdown--menu .dropdown-item:contains(${name})`, run: "click" },
];
const choose = (place, field, name) => [
    { trigger: `${place} .o_field_widget[name=${field}] input`, run: `edit ${name}`, isActive: ["desktop"] },
    { trigger: `.o-autocomplete--dropdown-item:contains("${name}")`, run: "click", isActive: ["desktop"] },
    { trigger: `${place} .o_field_widget[name=${field}] input`, run: "click", isActive: ["mobile"] },
    { trigger: `.modal .o_kanban_record:contains("${name}")`, run: "click", isActive: ["mobile"] },
];
const toggleSearch = mobile({ trigger: ".o_control_panel_navigation > button:has(.fa-search)", run: "click" });
const toggleFilters = { trigger: ".o_searchview_dropdown_toggler", run: "click" };
/** Choose a filter or group of the search bar in the place of the one that is on. */
const search = (name) => [
    ...toggleSearch,
    { trigger: ".o_searchview_facet .o_facet_remove", run: "click" },
    { trigger: "body:not(:has(.o_searchview_facet))" },
    toggleFilters,
    { trigger: `.o_menu_item:contains("${name}")`, run: "click" },
    { trigger: `.o_searchview_facet:contains("${name}")` },
    toggleFilters,
    ...toggleSearch,
];
const goTo = (section, item) => [
    ...desktop(
        { trigger: `.o_menu_sections [data-menu-xmlid="${section}"]`, run: "click" },
        { trigger: `.o-dropdown--menu [data-menu-xmlid="${item}"]`, run: "click" }
    ),
    ...mobile(
        { trigger: ".o_navbar_apps_menu button, .o_menu_toggle", run: "click" },
        { trigger: `.o_app_menu_sidebar [data-menu-xmlid="${item}"]`, run: "click" }
    ),
];
const stage = (name) => [
    ...desktop({ trigger: `.o_statusbar_status button:contains("${name}"):enabled`, run: "click" }),
    ...mobile(
        { trigger: ".o_statusbar_status button.dropdown-toggle:not(.d-none)", run: "click" },
        { trigger: `.o-dropdown--menu .o-dropdown-item:contains("${name}")`, run: "click" }
    ),
];
const inStage = (name) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${name}"), .o_statusbar_status .dropdown-toggle:not(.d-none):contains("${name}")`,
});

const findWhatWaits = [
    ...search("Next Action Overdue"),
    { trigger: '.o_kanban_renderer:not(:contains("Later Deal"))' },
    { trigger: '.o_kanban_record:contains("Day Deal")', run: "click" },
    { content: "What the deal needs", trigger: '.o_opportunity_glance:contains("Call about the press")' },
];
const planNextAction = [
    { trigger: 'button:contains("Done, and What Next?"):visible', run: "click" },
    { trigger: ".modal .o_field_widget[name=feedback] textarea", run: "edit They want it" },
    { trigger: ".modal .o_field_widget[name=note] input", run: "edit Send the offer" },
    { trigger: '.modal footer button:contains("Done & Plan Next")', run: "click" },
    noDialog,
    { trigger: '.o-mail-Activity:contains("Send the offer"), .o_opportunity_glance:contains("Send the offer")' },
];
const passTheGate = [
    { trigger: '.o_opportunity_step:contains("Measure the hall") button:contains(Done)', run: "click" },
    { trigger: '.o_opportunity_step[data-state=done]:contains("Measure the hall")' },
    ...stage("Day Offer"),
    { trigger: `.modal .modal-title:contains("Can't advance to “Day Offer” because")` },
    { trigger: '.modal .o_opportunity_step:contains("Ask for the budget") button:contains(Done)', run: "click" },
    { trigger: ".modal .o_opportunity_gate_condition[data-kind=steps][data-met=true]" },
    { trigger: ".modal .o_field_widget[name=referred] input", run: "edit Ann && press Tab" },
    { trigger: '.modal footer button:contains("Advance to “Day Offer”"):enabled', run: "click" },
    noDialog,
    inStage("Day Offer"),
];
const offer = [
    tab("lines"),
    ...desktop({ trigger: '.o_field_x2many_list_row_add :contains("Add a product")', run: "click" }),
    ...mobile({ trigger: '.o_field_widget[name=line_ids] button:contains("Add product")', run: "click" }),
    ...desktop(
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Press",
        },
        { trigger: '.o-autocomplete--dropdown-item:contains("Press")', run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=price_unit] input:value(100.00)" }
    ),
    ...mobile(
        { trigger: ".modal .o_field_widget[name=product_id] input", run: "click" },
        { trigger: '.modal .o_kanban_record:contains("Press")', run: "click" },
        { trigger: ".modal .o_field_widget[name=price_unit] input:value(100.00)" },
        { trigger: ".modal .o_form_button_save", run: "click" }
    ),
    ...stepUtils.saveForm(),
    { trigger: "button[name=action_send_buy_now_link]", run: "click" },
    { trigger: ".modal .o_mail_send", run: "click" },
    noDialog,
    { trigger: '.o_field_widget[name=buy_link_ids]:contains("Active")' },
];
const share = [
    tab("sharing"),
    { trigger: "button[name=action_share]", run: "click" },
    ...choose(".modal", "user_ids", "Day Colleague"),
    { trigger: '.modal footer button:contains("Share")', run: "click" },
    noDialog,
    { trigger: '.o_field_widget[name=share_ids]:contains("Day Colleague")' },
];
const printLetter = [
    ...action("Print a Letter"),
    ...choose(".modal:has(button[name=action_print])", "template_id", "Day Letter"),
    { trigger: ".modal .o_field_widget[name=body]:contains(Dear Ada Purchaser)" },
    { trigger: ".modal button[name=action_print]", run: "click" },
    noDialog,
];
const followUp = [
    tab("follow_up"),
    { trigger: "button[name=start_sequence]", run: "click" },
    ...choose(".modal:has(button[name=action_start])", "sequence_id", "Day Sequence"),
    { trigger: '.modal .o_opportunity_followup_step:contains("Call them")' },
    { trigger: ".modal button[name=action_start]", run: "click" },
    noDialog,
    { trigger: '.o_opportunity_followup_enrollment[data-state=active]:contains("Day Sequence")' },
];
const win = [
    ...mobile({ trigger: ".o_statusbar_buttons .dropdown-toggle", run: "click" }),
    { trigger: "button[name=action_set_won_rainbowman]", run: "click" },
    inStage("Day Won"),
    { content: "Won ends what was planned", trigger: ".o_opportunity_followup_enrollment[data-state=stopped]" },
];

/** A rep's day: what is overdue, its next action, a gate, an offer, a share, a letter, a sequence, and it is won. */
tours.add("opportunity_crm_rep_day", {
    steps: () => [
        ...findWhatWaits,
        ...planNextAction,
        ...passTheGate,
        ...offer,
        ...share,
        ...printLetter,
        ...followUp,
        ...win,
    ],
});

/** On a phone, as far as the deal is shared. */
tours.add("opportunity_crm_rep_day_phone", {
    steps: () => [...findWhatWaits, ...planNextAction, ...passTheGate, ...offer, ...share],
});

const readThePipeline = [
    ...search("Salesperson"),
    { trigger: '.o_kanban_group:contains("Day Rep")' },
    ...search("No Next Action"),
    { trigger: '.o_kanban_record:contains("Idle Deal")' },
    { trigger: '.o_kanban_renderer:not(:contains("Later Deal"))' },
    ...search("Over Target"),
    { trigger: '.o_kanban_record:contains("Slow Deal"):visible' },
    { trigger: '.o_kanban_renderer:not(:contains("Idle Deal"))' },
];
const readTheReports = [
    ...goTo("crm.crm_menu_report", "opportunity_crm.opportunity_enrollment_menu"),
    ...search("Failed"),
    { trigger: '.o_data_row:contains("Slow Deal"), .o_kanban_record:contains("Slow Deal")' },
    ...goTo("crm.crm_menu_report", "opportunity_crm.opportunity_stage_velocity_menu"),
    { content: "From a number to what it counts", trigger: ".o_pivot .o_value", run: "click" },
    { trigger: '.o_list_view .o_data_row, .o_kanban_view .o_kanban_record:contains("Deal")' },
    ...goTo("crm.crm_menu_report", "opportunity_crm.opportunity_credit_report_menu_forecast"),
    { trigger: ".o_graph_renderer canvas" },
];
const overrule = [
    ...goTo("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
    ...search("Over Target"),
    { trigger: '.o_kanban_record:contains("Slow Deal")', run: "click" },
    ...stage("Day Offer"),
    { trigger: '.modal footer button:contains("Override…")', run: "click" },
    { trigger: ".modal #o_opportunity_gate_reason", run: "edit They sign on Friday" },
    { trigger: '.modal .o_opportunity_gate_override button:contains("Override"):enabled', run: "click" },
    noDialog,
    inStage("Day Offer"),
    { trigger: '.o-mail-Message:contains("They sign on Friday")' },
];
const coverForMe = [
    ...goTo("crm.crm_menu_sales", "opportunity_crm.opportunity_cover_for_me_menu"),
    ...choose(".modal", "user_id", "Day Colleague"),
    { trigger: '.modal footer button:contains("Hand Over")', run: "click" },
    noDialog,
];

/** A manager's Monday: the pipeline by rep, what stands still, follow-up that failed, velocity, an override. */
tours.add("opportunity_crm_manager_monday", {
    steps: () => [...readThePipeline, ...readTheReports, ...overrule, ...coverForMe],
});
