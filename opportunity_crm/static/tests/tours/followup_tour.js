import { registry } from "@web/core/registry";

const enrollment = (state) => `.o_opportunity_followup_enrollment[data-state=${state}]`;
const step = (state, name) => `.o_opportunity_followup_step[data-state=${state}]:contains("${name}")`;
const noDialog = { trigger: "body:not(:has(.modal))" };

/** A rep previews and starts a sequence, pauses and resumes it, skips a step and stops it. */
registry.category("web_tour.tours").add("opportunity_crm_followup", {
    steps: () => [
        { trigger: ".o_notebook a[name=follow_up]", run: "click" },
        {
            content: "The empty state says what sequences are for",
            trigger: '.o_opportunity_followup:contains("Never forget to follow up") button[name=start_sequence]',
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=sequence_id] input", run: "edit Tour Sequence" },
        { trigger: '.ui-autocomplete .ui-menu-item a:contains("Tour Sequence")', run: "click" },
        { content: "The preview", trigger: `.modal ${step("planned", "Call them")}` },
        { trigger: ".modal button[name=action_start]", run: "click" },
        noDialog,
        { trigger: `${enrollment("active")} ${step("due", "Send a note")}` },
        { trigger: `${enrollment("active")} button[name=pause]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=note] input", run: "edit On holiday" },
        { trigger: '.modal button[name=action_decide]:contains("Pause")', run: "click" },
        noDialog,
        { content: "Why it waits", trigger: `${enrollment("paused")}:contains("On holiday")` },
        { trigger: `${enrollment("paused")} button[name=resume]`, run: "click" },
        { trigger: `.modal ${step("due", "Send a note")}` },
        { trigger: '.modal .o_field_widget[name=dates] label:contains("Keep")', run: "click" },
        { trigger: ".modal button[name=action_resume]", run: "click" },
        noDialog,
        { trigger: `${enrollment("active")} button[name=action_skip]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=note] input", run: "edit They have it already" },
        { trigger: '.modal button[name=action_decide]:contains("Skip")', run: "click" },
        noDialog,
        { trigger: `${enrollment("active")} ${step("due", "Call them")}` },
        { trigger: `${enrollment("active")} button[name=stop]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=note] input", run: "edit They called" },
        { trigger: ".modal button[name=action_decide]:contains(Stop)", run: "click" },
        noDialog,
        { trigger: `${enrollment("stopped")}:contains("Stopped by hand")` },
    ],
});
