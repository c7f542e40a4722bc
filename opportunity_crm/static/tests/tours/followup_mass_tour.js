import { registry } from "@web/core/registry";

/** A rep starts a sequence for many opportunities, having seen what it sends and who cannot start. */
registry.category("web_tour.tours").add("opportunity_crm_followup_mass", {
    steps: () => [
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row:nth-child(3):not(:has(~ .o_data_row))" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: '.o-dropdown-item:contains("Start a Sequence")', run: "click" },
        { trigger: ".modal .o_field_widget[name=sequence_id] input", run: "edit Tour Sequence" },
        { trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Sequence")', run: "click" },
        { content: "How many start", trigger: '.modal .o_field_widget[name=ready_count]:contains("2")' },
        {
            content: "Who cannot, and why",
            trigger:
                '.modal .o_opportunity_followup_missing:contains("1 × The contact has no valid"):contains("Mute Deal")',
        },
        {
            content: "What is sent",
            trigger: '.modal .o_opportunity_followup_mail:contains("About"):contains("buyer@example.com")',
        },
        { trigger: '.modal .o_opportunity_followup_step:contains("Call them")' },
        { trigger: ".modal button[name=action_start]", run: "click" },
        { trigger: '.o_notification:contains("has started for 2 opportunities. 1 could not start.")' },
    ],
});
