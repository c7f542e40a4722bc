import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FollowupSteps } from "./followup_steps";

const COLOURS = { active: "text-bg-success", paused: "text-bg-warning", completed: "text-bg-info" };

/** The follow-up sequences of an opportunity. A notebook mounts only the page that is looked at, so it is read then. */
export class Followup extends Component {
    static template = "opportunity_crm.Followup";
    static components = { FollowupSteps };
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, open: {} });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(id) {
        this.state.data = id ? await this.orm.call("crm.lead", "get_followup", [[id]]) : null;
    }

    get enrollments() {
        return this.state.data?.enrollments || [];
    }

    isRunning({ state }) {
        return state === "active" || state === "paused";
    }

    isOpen(enrollment) {
        return this.state.open[enrollment.id] ?? this.isRunning(enrollment);
    }

    toggle(enrollment) {
        this.state.open[enrollment.id] = !this.isOpen(enrollment);
    }

    badge({ state }) {
        return COLOURS[state] || "text-bg-light";
    }

    day(date) {
        return date ? formatDate(deserializeDateTime(date)) : "";
    }

    progress({ steps }) {
        const done = steps.filter(({ state }) => state === "done" || state === "skipped").length;
        return _t("%(done)s of %(all)s steps", { done, all: steps.length });
    }

    /** What can be done with the next step. */
    actions({ state, steps }) {
        if (!this.state.data.can_edit || !["active", "paused"].includes(state)) {
            return [];
        }
        const skip = { name: "action_skip", label: _t("Skip"), class: "btn-secondary" };
        if (steps.some((step) => step.state === "failed")) {
            return [{ name: "action_retry", label: _t("Try Again"), class: "btn-primary" }, skip];
        }
        const run = { name: "action_run", label: _t("Run Now"), class: "btn-secondary" };
        return state === "active" ? [run, skip] : [skip];
    }

    call(enrollment, name) {
        return this.callButton("opportunity.enrollment", enrollment.id, name);
    }

    start() {
        return this.callButton("crm.lead", this.props.record.resId, "action_start_sequence");
    }

    /** As a button of the form: save, do, reload. */
    async callButton(resModel, resId, name) {
        if (await this.props.record.save()) {
            const onClose = () => this.reload();
            await this.action.doActionButton({ type: "object", resModel, resId, resIds: [resId], name, onClose });
        }
    }

    async reload() {
        await this.props.record.load();
        await this.load(this.props.record.resId);
    }
}

registry.category("view_widgets").add("opportunity_followup", { component: Followup });
