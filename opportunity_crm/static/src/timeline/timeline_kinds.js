import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * How the kinds of entries of the timeline are called and marked. The keys are those of the server, see
 * `_get_timeline_kinds` of `crm.lead`; kinds are shown in the order of `sequence`.
 */
const kinds = registry.category("opportunity_crm.timeline_kinds");

kinds
    .add("activity", { label: _t("Activities"), one: _t("Activity"), icon: "fa-clock-o" }, { sequence: 10 })
    .add("meeting", { label: _t("Meetings"), one: _t("Meeting"), icon: "fa-calendar" }, { sequence: 20 })
    .add("note", { label: _t("Notes"), one: _t("Note"), icon: "fa-sticky-note-o" }, { sequence: 30 })
    .add("sent", { label: _t("E-mails Sent"), one: _t("E-mail sent"), icon: "fa-paper-plane-o" }, { sequence: 40 })
    .add(
        "received",
        { label: _t("E-mails Received"), one: _t("E-mail received"), icon: "fa-envelope-open-o" },
        { sequence: 50 }
    )
    .add("letter", { label: _t("Letters"), one: _t("Letter"), icon: "fa-envelope-o" }, { sequence: 55 })
    .add("click", { label: _t("Link Clicks"), one: _t("Link clicked"), icon: "fa-mouse-pointer" }, { sequence: 60 })
    .add("view", { label: _t("Buy Now Link Views"), one: _t("Buy Now link viewed"), icon: "fa-eye" }, { sequence: 70 })
    .add("move", { label: _t("Stage Moves"), one: _t("Stage"), icon: "fa-flag-o" }, { sequence: 80 });

/** @returns {{name: string, label: string, one: string, icon: string}[]} every kind, in order */
export function getTimelineKinds() {
    return kinds.getEntries().map(([name, kind]) => ({ name, ...kind }));
}

export function getTimelineKind(name) {
    return kinds.get(name);
}
