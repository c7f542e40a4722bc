import { Component, onWillUpdateProps, useEffect, useState } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ExitConditions } from "../gate/stage_help";

/**
 * An opportunity at one glance: who, how long in its stage, what next, and what blocks the next stage. All but the last
 * is on the form anyway; that is asked for when the form is shown already.
 */
export class Glance extends Component {
    static template = "opportunity_crm.Glance";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.popover = usePopover(ExitConditions, { position: "bottom-start", useBottomSheet: this.env.isSmall });
        this.keepLast = new KeepLast();
        this.state = useState({ conditions: null });
        useEffect(
            () => {
                this.loadConditions();
            },
            () => [this.props.record.resId, this.data.has_exit_conditions, this.data.stage_id?.id, this.saved]
        );
        onWillUpdateProps((next) => {
            if (next.record !== this.props.record) {
                this.loadConditions(next.record);
            }
        });
    }

    get data() {
        return this.props.record.data;
    }

    get saved() {
        return String(this.data.write_date); // of a new record it is no date yet
    }

    async loadConditions({ resId, data } = this.props.record) {
        const isAsked = resId && data.has_exit_conditions;
        const answer = isAsked ? this.orm.silent.call("crm.lead", "get_exit_conditions", [[resId]]) : [];
        this.state.conditions = await this.keepLast.add(Promise.resolve(answer));
    }

    get isOpen() {
        return this.data.won_status === "pending" && this.data.active;
    }

    get stage() {
        const { stage_days: days, stage_target_days: target } = this.data;
        if (target) {
            return _t("%(days)s of %(target)s days", { days, target });
        }
        return days === 1 ? _t("1 day") : _t("%s days", days);
    }

    get isOverdue() {
        return this.data.next_action_date < luxon.DateTime.now().startOf("day");
    }

    get nextActionDay() {
        const date = this.data.next_action_date;
        const today = luxon.DateTime.now().startOf("day");
        return Math.abs(date.diff(today, "days").days) < 8
            ? date.toRelativeCalendar({ base: today, unit: "days" })
            : formatDate(date);
    }

    get unmet() {
        return (this.state.conditions || []).filter((condition) => !condition.is_met);
    }

    get isBlocked() {
        return this.unmet.some((condition) => condition.is_blocking);
    }

    get gate() {
        if (!this.unmet.length) {
            return _t("Ready to advance");
        }
        if (this.unmet.length === 1) {
            return this.unmet[0].text;
        }
        return _t("%s things to do before the next stage", this.unmet.length);
    }

    openConditions({ currentTarget }) {
        if (this.popover.isOpen) {
            return this.popover.close();
        }
        const title = _t("To leave “%s”", this.data.stage_id.display_name);
        this.popover.open(currentTarget, { title, conditions: this.state.conditions });
    }

    /** As a button of the form: save, ask, reload. */
    planNextAction() {
        const { context, evalContext, resId, resModel } = this.props.record;
        return this.env.onClickViewButton({
            clickParams: { type: "object", name: "action_next_action" },
            getResParams: () => ({ resModel, resId, resIds: [resId], context, evalContext }),
        });
    }
}

registry.category("view_widgets").add("opportunity_glance", {
    component: Glance,
    fieldDependencies: [
        { name: "active", type: "boolean" },
        { name: "has_exit_conditions", type: "boolean" },
        { name: "is_next_action_missing", type: "boolean" },
        { name: "is_over_target", type: "boolean" },
        { name: "next_action_date", type: "date" },
        { name: "next_action_note", type: "char" },
        { name: "stage_days", type: "integer" },
        { name: "stage_target_days", type: "integer" },
        { name: "won_status", type: "selection", selection: [] },
        { name: "write_date", type: "datetime" },
    ],
});
