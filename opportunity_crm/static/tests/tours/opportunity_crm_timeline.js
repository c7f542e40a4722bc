import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const timeline = ".o_opportunity_timeline";
const entry = (kind, text) => `${timeline} .o_opportunity_timeline_entry[data-kind=${kind}]:contains("${text}")`;
const noDialog = { trigger: "body:not(:has(.modal))" };

const openTasks = [
    { content: "Nothing is read before the tab is opened", trigger: `.o_form_view:not(:has(${timeline}))` },
    { trigger: ".nav-link[name=tasks]", run: "click" },
    { content: "It began", trigger: entry("move", "New") },
];

/** A rep plans a call, does it, writes down what was said, and plans a meeting, all in the Tasks tab. */
const addEverything = [
    { trigger: `${timeline} button[name=add_task]`, run: "click" },
    { trigger: ".modal .o_field_widget[name=summary] input", run: "edit Ask about the budget" },
    { trigger: '.modal footer button[name="action_schedule_activities"]', run: "click" },
    noDialog,
    { content: "It is to be done", trigger: `${entry("activity", "Ask about the budget")} .o-mail-Activity` },
    { content: "It is the next action at the top", trigger: '.o_opportunity_glance:contains("Ask about the budget")' },
    { trigger: `${timeline} button[name=add_note]`, run: "click" },
    { trigger: ".modal .o_field_widget[name=body] .odoo-editor-editable", run: "editor They have <money>" },
    { trigger: ".modal footer button[name=action_send_mail]:contains(Log):enabled", run: "click" },
    noDialog,
    { content: "As text, not as HTML", trigger: entry("note", "They have <money>") },
    { trigger: `${timeline} button[name=add_meeting]`, run: "click" },
    { trigger: ".modal .o_field_widget[name=name] input", run: "edit Tour Demo" },
    { trigger: ".modal .o_form_button_save", run: "click" },
    noDialog,
    { trigger: entry("meeting", "Tour Demo") },
    { trigger: `${entry("activity", "Ask about the budget")} .o-mail-Activity-markDone`, run: "click" },
    { trigger: ".o-mail-ActivityMarkAsDone textarea", run: "edit They have enough" },
    { trigger: ".o-mail-ActivityMarkAsDone button[aria-label=Done]", run: "click" },
];

const filter = [
    { content: "Done, with what was said", trigger: entry("activity", "They have enough") },
    { trigger: `${timeline} .o_opportunity_timeline_filter[name=note]`, run: "click" },
    { trigger: `${timeline}:not(:has([data-kind=activity])) .o_opportunity_timeline_filter[aria-pressed=true]` },
    { trigger: `${timeline} button[name=clear_filters]`, run: "click" },
    { trigger: `${timeline} button[name=of_customer]`, run: "click" },
    { content: "Another deal of the contact", trigger: `${entry("note", "Of the other")}:contains("Tour Other")` },
    { trigger: `${timeline} select[name=person]`, run: "selectByLabel Tour Colleague (2)" },
    { trigger: `${timeline}:not(:has([data-kind=meeting])) [data-kind=note]:contains("Of the other")` },
];

tours.add("opportunity_crm_timeline", { steps: () => [...openTasks, ...addEverything, ...filter] });

/** On a phone: what happened, and a task more. */
tours.add("opportunity_crm_timeline_mobile", {
    steps: () => [
        { trigger: ".nav-link[name=tasks]", run: "click" },
        { trigger: entry("move", "New") },
        { trigger: `${timeline} button[name=add_task]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=summary] input", run: "edit Call from the train" },
        { trigger: '.modal button[name="action_schedule_activities"]', run: "click" },
        noDialog,
        { trigger: entry("activity", "Call from the train") },
    ],
});
