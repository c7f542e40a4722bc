import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const column = (name) => `.o_kanban_group:has(.o_column_title:contains("${name}"))`;
const card = (name, stage) => `${column(stage)} .o_kanban_record:contains("${name}")`;
const condition = (kind, isMet) => `.modal .o_opportunity_gate_condition[data-kind=${kind}][data-met=${isMet}]`;
const stage = (name) => `.o_statusbar_status button:contains("${name}"):not(.o_arrow_button_current)`;
const currentStage = (name) => `.o_statusbar_status button.o_arrow_button_current:contains("${name}")`;
const title = (text) => `.modal .modal-title:contains("${text}")`;
const noDialog = { trigger: "body:not(:has(.modal))" };
const discard = { trigger: '.modal footer button:contains("Discard")', run: "click" };

function uploadFile({ anchor }) {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["Signed"], "contract.txt", { type: "text/plain" }));
    anchor.files = transfer.files;
    anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A rep drags a card, is held back, and resolves everything without leaving the dialog. */
tours.add("opportunity_crm_gate_kanban", {
    steps: () => [
        {
            trigger: '.o_kanban_record:contains("Tour Process") button:contains("Pipeline")',
            run: "click",
        },
        {
            content: "The card shows the progress of the steps",
            trigger: `${card("Kanban Deal", "Tour Open")}:contains("0/2") [title="0 of 2 steps of this stage are done"]`,
        },
        {
            trigger: card("Kanban Deal", "Tour Open"),
            run: `drag_and_drop(${column("Tour Offer")})`,
        },
        { trigger: title("Can't advance to “Tour Offer” because") },
        { content: "The card is back already", trigger: card("Kanban Deal", "Tour Open") },
        discard,
        noDialog,
        { trigger: `body:not(:has(${card("Kanban Deal", "Tour Offer")}))` },
        {
            trigger: card("Kanban Deal", "Tour Open"),
            run: `drag_and_drop(${column("Tour Offer")})`,
        },
        { trigger: '.modal footer button:contains("Advance to"):disabled' },
        {
            content: "Read how a step is done",
            trigger: '.modal .o_opportunity_step:contains("Call the buyer") button:contains("Instructions")',
            run: "click",
        },
        { trigger: '.modal .o_opportunity_step_note b:contains("budget")' },
        {
            trigger: '.modal .o_opportunity_step:contains("Call the buyer") button:contains("Done")',
            run: "click",
        },
        { trigger: '.modal .o_opportunity_step[data-state=done]:contains("Call the buyer")' },
        {
            content: "Skip the other one",
            trigger: '.modal .o_opportunity_step:contains("Send the form") button:contains("Skip")',
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit They know us",
        },
        {
            trigger: '.modal button:contains("Skip the Step")',
            run: "click",
        },
        { trigger: condition("steps", true) },
        {
            content: "Fill the fields in place",
            trigger: `${condition("fields", false)} .o_field_widget[name=expected_revenue] input`,
            run: "edit 5000 && press Tab",
        },
        { trigger: `${condition("fields", false)}:not(:contains("Fill in: Expected Revenue"))` },
        {
            trigger: `${condition("fields", false)} .o_field_widget[name=referred] input`,
            run: "edit Ann && press Tab",
        },
        { trigger: condition("fields", true) },
        {
            content: "Upload a document",
            trigger: `${condition("document", false)} input[type=file]:not(:visible)`,
            run: uploadFile,
        },
        { trigger: condition("document", true) },
        {
            content: "Only a warning is left",
            trigger: `${condition("domain", false)}:contains("Warning"):contains("Rate it first")`,
        },
        {
            trigger: '.modal footer button:contains("Continue Anyway"):enabled',
            run: "click",
        },
        noDialog,
        { trigger: card("Kanban Deal", "Tour Offer") },
    ],
});

/** A rep reads what it takes, tries in the form all the same, and fills in what is missing. */
tours.add("opportunity_crm_gate_form", {
    steps: () => [
        {
            content: "What will it take?",
            trigger: '.o_opportunity_stage_help[aria-label="To leave “Tour Open”"]',
            run: "click",
        },
        {
            trigger: '.o_opportunity_exit_conditions li:contains("Expected Revenue"):contains("Required")',
        },
        {
            trigger: '.o_opportunity_exit_conditions li:contains("Rate it first"):has([aria-label=Met])',
        },
        {
            content: "The steps of the stage",
            trigger: '.o_opportunity_steps .o_opportunity_step[data-state=todo]:contains("Call the buyer")',
        },
        {
            content: "Edit something",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Form Deal, renamed",
        },
        {
            content: "Do a step: what was edited is saved",
            trigger: '.o_opportunity_step:contains("Call the buyer") button:contains("Done")',
            run: "click",
        },
        { trigger: '.o_opportunity_step[data-state=done]:contains("Call the buyer")' },
        { trigger: ".o_field_widget[name=name] textarea:value(Form Deal, renamed)" },
        {
            content: "Finish the other one in the chatter",
            trigger: '.o-mail-Activity:contains("Send the form") .o-mail-Activity-markDone',
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[aria-label='Done']",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=feedback], .modal .o_field_widget[name=note]" },
        discard,
        noDialog,
        { trigger: '.o_opportunity_step[data-state=done]:contains("Send the form")' },
        {
            content: "Edit again",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Form Deal, unsaved",
        },
        {
            trigger: stage("Tour Offer"),
            run: "click",
        },
        { trigger: title("Can't advance to “Tour Offer” because") },
        discard,
        noDialog,
        { content: "The old stage", trigger: currentStage("Tour Open") },
        { content: "The edit is there", trigger: ".o_field_widget[name=name] textarea:value(Form Deal, unsaved)" },
        { content: "and still to be saved", trigger: ".o_form_button_save:visible" },
        {
            trigger: stage("Tour Offer"),
            run: "click",
        },
        {
            trigger: `${condition("fields", false)} .o_field_widget[name=referred] input`,
            run: "edit Ann && press Tab",
        },
        { trigger: `${condition("fields", false)}:not(:contains("Referred By,"))` },
        {
            content: "Type, and advance at once",
            trigger: `${condition("fields", false)} .o_field_widget[name=expected_revenue] input`,
            run: "edit 7000",
        },
        {
            trigger: '.modal footer button:contains("Advance to “Tour Offer”"):enabled',
            run: "click",
        },
        noDialog,
        { trigger: currentStage("Tour Offer") },
        { trigger: ".o_field_widget[name=name] textarea:value(Form Deal, unsaved)" },
        { trigger: ".o_field_widget[name=expected_revenue] input:value(7,000.00)" },
    ],
});

/** A manager lets an opportunity pass, with a reason. */
tours.add("opportunity_crm_gate_override", {
    steps: () => [
        {
            trigger: stage("Tour Offer"),
            run: "click",
        },
        {
            trigger: '.modal footer button:contains("Override…")',
            run: "click",
        },
        { trigger: '.modal button:contains("Override"):not(:contains("…")):disabled' },
        {
            trigger: ".modal #o_opportunity_gate_reason",
            run: "edit A friend of the house",
        },
        {
            trigger: '.modal .o_opportunity_gate_override button:contains("Override"):enabled',
            run: "click",
        },
        noDialog,
        { trigger: currentStage("Tour Offer") },
        { trigger: '.o-mail-Message:contains("A friend of the house")' },
    ],
});

/** Winning asks for the reason, in the same dialog. */
tours.add("opportunity_crm_gate_won", {
    steps: () => [
        {
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        { trigger: title("Can't advance to “Tour Won” because") },
        {
            trigger: `${condition("reason", false)} .o_field_widget[name=win_reason_id] input`,
            run: "edit Tour Ser",
        },
        {
            trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Service")',
            run: "click",
        },
        { trigger: condition("reason", true) },
        {
            trigger: '.modal footer button:contains("Advance to “Tour Won”"):enabled',
            run: "click",
        },
        noDialog,
        { trigger: currentStage("Tour Won") },
        { trigger: ".o_field_widget[name=win_reason_id] input:value(Tour Service)" },
    ],
});

/** Losing asks for the reason, in Odoo's own dialog. */
tours.add("opportunity_crm_gate_lost", {
    steps: () => [
        {
            trigger: 'button:contains("Lost")[data-hotkey=l]',
            run: "click",
        },
        {
            trigger: '.modal button:contains("Mark as Lost")',
            run: "click",
        },
        { trigger: '.o_notification:contains("Missing required fields")' },
        {
            trigger: '.modal .o_field_widget[name=lost_reason_id] .o_selection_badge:contains("Tour Too Late")',
            run: "click",
        },
        {
            trigger: '.modal button:contains("Mark as Lost")',
            run: "click",
        },
        noDialog,
        { trigger: "button[name=action_restore]" },
    ],
});
