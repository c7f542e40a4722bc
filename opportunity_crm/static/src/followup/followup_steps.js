import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const KIND_ICONS = {
    email: "fa-envelope-o",
    activity: "fa-clock-o",
    letter: "fa-print",
    note: "fa-sticky-note-o",
    stage: "fa-long-arrow-right",
    tag_add: "fa-tag",
    tag_remove: "fa-tag",
    end: "fa-flag-checkered",
};
const STATE_ICONS = { done: "fa-check", failed: "fa-exclamation", skipped: "fa-forward", canceled: "fa-times" };
const MAIL_STYLE = "body { font: 14px/1.5 system-ui, sans-serif; margin: 0; overflow: hidden; }";
const DAY = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };

/** Steps of a sequence on a line of time: done, next, to come. `props.actions` says what can be done with the next. */
export class FollowupSteps extends Component {
    static template = "opportunity_crm.FollowupSteps";
    static props = {
        steps: Array,
        isPaused: { type: Boolean, optional: true },
        actions: { type: Array, optional: true },
        onAction: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ open: {} });
    }

    get stateLabels() {
        return {
            done: _t("Done"),
            due: _t("Next"),
            failed: _t("Failed"),
            skipped: _t("Skipped"),
            canceled: _t("Canceled"),
            planned: _t("Coming"),
        };
    }

    stateLabel(step) {
        return this.stateLabels[step.state];
    }

    icon(step) {
        return STATE_ICONS[step.state] || KIND_ICONS[step.kind] || "fa-circle-o";
    }

    isCurrent(step) {
        return step.state === "due" || step.state === "failed";
    }

    /** What is to come is told by the clocks that count for the step, what was done by those of whoever looks. */
    moment(step) {
        const moment = step.date && deserializeDateTime(step.date);
        return moment && step.tz && step.state !== "done" ? moment.setZone(step.tz) : moment;
    }

    date(step) {
        return this.moment(step)?.toLocaleString(DAY) || "";
    }

    /** The place whose clocks count, where they show another time than those of whoever looks. */
    zone(step) {
        const moment = this.moment(step);
        if (!moment || moment.offset === deserializeDateTime(step.date).offset) {
            return "";
        }
        return _t("%s time", step.tz.split("/").pop().replaceAll("_", " "));
    }

    /** The full date with its year in one's own time, for whoever hovers over the short one. */
    fullDate(step) {
        const date = step.date ? formatDateTime(deserializeDateTime(step.date)) : "";
        return this.zone(step) ? _t("%s in your time zone", date) : date;
    }

    relative(step) {
        const moment = step.date && deserializeDateTime(step.date);
        if (!moment || this.props.isPaused || !["due", "planned"].includes(step.state)) {
            return "";
        }
        return moment <= luxon.DateTime.now() ? _t("due now") : moment.toRelative();
    }

    marks(step) {
        const marks = [
            [step.date_opened, _t("Opened")],
            [step.date_clicked, _t("Clicked")],
            [step.date_replied, _t("Replied")],
        ];
        return marks.filter(([date]) => date).map(([, label]) => label);
    }

    deliveryClass(step) {
        const colours = { sent: "success", failed: "danger", bounced: "danger", doubt: "warning" };
        return `text-bg-${colours[step.delivery] || "light"}`;
    }

    /** The e-mail as a document of its own: its styles stay inside, and the frame runs no scripts. */
    document(step) {
        return `<style>${MAIL_STYLE}</style>${step.body || ""}`;
    }

    fitFrame({ target }) {
        target.style.height = `${target.contentDocument.documentElement.scrollHeight}px`;
    }

    /** The first e-mail is open, so that people see that there is something to read. */
    isOpen(index) {
        return this.state.open[index] ?? this.props.steps.findIndex(({ subject }) => subject) === index;
    }

    toggle(index) {
        this.state.open[index] = !this.isOpen(index);
    }
}
