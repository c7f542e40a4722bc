import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { isHtmlEmpty } from "@web/core/utils/html";
import { capitalize } from "@web/core/utils/strings";
import { imageUrl } from "@web/core/utils/urls";

const { DateTime } = luxon;
const ICONS = {
    todo: "fa-circle-o text-muted",
    done: "fa-check-circle text-success",
    skipped: "fa-minus-circle text-muted",
};

/** One step of a stage: what, who and when, with the buttons that its state allows. */
export class StepItem extends Component {
    static template = "opportunity_crm.StepItem";
    static props = {
        step: Object,
        onDone: { type: Function, optional: true },
        onSkip: { type: Function, optional: true },
        onPlan: { type: Function, optional: true },
        onReopen: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ showNote: false });
    }

    get step() {
        return this.props.step;
    }

    get isTodo() {
        return this.step.state === "todo";
    }

    get icon() {
        return ICONS[this.step.state];
    }

    get stateLabel() {
        return { todo: _t("To do"), done: _t("Done"), skipped: _t("Skipped") }[this.step.state];
    }

    get hasNote() {
        return this.step.note && !isHtmlEmpty(this.step.note);
    }

    get avatarUrl() {
        return this.step.userId && imageUrl("res.users", this.step.userId, "avatar_128");
    }

    get days() {
        return this.step.date.startOf("day").diff(DateTime.local().startOf("day"), "days").days;
    }

    get due() {
        return capitalize(this.step.date.toRelativeCalendar());
    }

    get dueClass() {
        if (this.days < 0) {
            return "fw-bold text-danger";
        }
        return this.days < 1 ? "fw-bold text-warning" : "";
    }

    get closedText() {
        const { state, userName: user, dateDone: date, skipReason: reason } = this.step;
        return state === "skipped"
            ? _t("Skipped by %(user)s, %(date)s: %(reason)s", { user, date, reason })
            : [user, date].filter(Boolean).join(" · ");
    }

    /** The state can be clicked like a checkbox; the keyboard has the buttons. */
    onClickState() {
        const toggle = this.isTodo ? this.props.onDone : this.props.onReopen;
        return toggle?.(this.step);
    }
}
