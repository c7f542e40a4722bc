import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const row = (text) => `.o_field_widget[name=share_ids] .o_data_row:contains("${text}")`;
const noDialog = { trigger: "body:not(:has(.modal))" };

const choose = (field, name) => [
    { trigger: `.modal .o_field_widget[name=${field}] input`, run: `edit ${name}` },
    {
        trigger: `.modal .o_field_widget[name=${field}] .o-autocomplete--dropdown-item:contains("${name}")`,
        run: "click",
    },
];

/** A rep shares an opportunity, asks why they see it, and revokes the share. */
tours.add("opportunity_crm_share", {
    steps: () => [
        { trigger: '.nav-link:contains("Sharing")', run: "click" },
        { trigger: '.o_form_view p:contains("This opportunity is not shared")' },
        { trigger: "button[name=action_share]", run: "click" },
        ...choose("user_ids", "Tour Colleague"),
        { trigger: '.modal .form-check:contains("Can edit") input', run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit You know Lyon" },
        { trigger: '.modal footer button:contains("Share")', run: "click" },
        noDialog,
        { trigger: `${row("Tour Colleague")}:contains("You know Lyon"):contains("Current")` },
        { trigger: "button[name=action_explain_access]", run: "click" },
        { trigger: '.modal h4:contains("You can see and edit this opportunity")' },
        { trigger: '.modal li:contains("is the salesperson")' },
        { trigger: '.modal footer button:contains("Close")', run: "click" },
        noDialog,
        { trigger: `${row("Tour Colleague")} button[name=action_revoke]`, run: "click" },
        { content: "It stays as history", trigger: `${row("Tour Colleague")}:contains("Revoked")` },
    ],
});

/** A colleague finds what is shared with them, and why, but cannot pass it on. */
tours.add("opportunity_crm_shared_with_me", {
    steps: () => [
        { trigger: ".o_searchview_facet .o_facet_remove", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: '.o_menu_item:contains("Shared with Me")', run: "click" },
        {
            trigger: '.o_kanban_record:contains("Tour Turbine"):contains("Shared by Tour Rep")',
            run: "click",
        },
        { trigger: '.nav-link:contains("Sharing")', run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_share]))" },
        { trigger: `${row("Tour Colleague")}:not(:has(button[name=action_revoke]))` },
    ],
});

/** A rep who goes on holiday hands their opportunities over. */
tours.add("opportunity_crm_cover_for_me", {
    steps: () => [
        { trigger: '.o_menu_sections button:contains("Sales")', run: "click" },
        { trigger: '.o-dropdown-item:contains("Cover for Me")', run: "click" },
        { trigger: '.modal .o_field_widget[name=summary]:contains("all 1 open opportunities")' },
        ...choose("user_id", "Tour Colleague"),
        { trigger: '.modal footer button:contains("Hand Over")', run: "click" },
        noDialog,
        { trigger: '.o_notification:contains("Tour Colleague covers 1 opportunities")' },
    ],
});

/** A manager asks why somebody else does not see an opportunity. */
tours.add("opportunity_crm_explain", {
    steps: () => [
        { trigger: '.nav-link:contains("Sharing")', run: "click" },
        { trigger: "button[name=action_explain_access]", run: "click" },
        { trigger: '.modal li:contains("sees all documents")' },
        ...choose("user_id", "Tour Colleague"),
        { trigger: '.modal h4:contains("Tour Colleague cannot see this opportunity")' },
        { trigger: '.modal li:contains("Tour Rep is the salesperson")' },
        { trigger: '.modal footer button:contains("Close")', run: "click" },
        noDialog,
    ],
});
