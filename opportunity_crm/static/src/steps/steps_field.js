import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { stepFromRecord } from "./step";
import { StepItem } from "./step_item";

/** The steps of the current stage as a checklist. Its buttons work as every button of a form: save, do, reload. */
export class StepsField extends Component {
    static template = "opportunity_crm.StepsField";
    static components = { StepItem };
    static props = { ...standardFieldProps };

    get steps() {
        return this.props.record.data[this.props.name].records.map(stepFromRecord);
    }

    get isOpen() {
        const { active, won_status: wonStatus } = this.props.record.data;
        return active && wonStatus === "pending";
    }

    get buttons() {
        const call = (name) => (this.isOpen ? (step) => this.callButton(name, step) : undefined);
        return {
            onDone: call("action_done"),
            onSkip: call("action_skip"),
            onPlan: call("action_plan"),
            onReopen: call("action_reopen"),
        };
    }

    callButton(name, step) {
        const { context, evalContext } = this.props.record;
        return this.env.onClickViewButton({
            clickParams: { type: "object", name },
            getResParams: () => ({
                resModel: "opportunity.step",
                resId: step.id,
                resIds: [step.id],
                context,
                evalContext,
            }),
        });
    }
}

registry.category("fields").add("opportunity_steps", {
    component: StepsField,
    displayName: _t("Steps"),
    supportedTypes: ["one2many"],
    useSubView: false,
    fieldDependencies: [
        { name: "active", type: "boolean" },
        { name: "won_status", type: "selection" },
    ],
    relatedFields: [
        { name: "name", type: "char" },
        { name: "note", type: "html" },
        { name: "state", type: "selection", selection: [] },
        { name: "required", type: "boolean" },
        { name: "is_skippable", type: "boolean" },
        { name: "is_waiting", type: "boolean" },
        { name: "activity_id", type: "many2one" },
        { name: "date_deadline", type: "date" },
        { name: "user_id", type: "many2one" },
        { name: "date_done", type: "datetime" },
        { name: "skip_reason", type: "char" },
    ],
});
