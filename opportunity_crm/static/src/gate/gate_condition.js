import { Component, useState } from "@odoo/owl";
import { FileInput } from "@web/core/file_input/file_input";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Field } from "@web/views/fields/field";
import { FormLabel } from "@web/views/form/form_label";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { UPLOAD_ROUTE } from "../file_box/file_box_model";
import { StepItem } from "../steps/step_item";
import { stepFromSummary } from "../steps/step";

/** One condition: whether it is met, and what resolves it in place. */
export class GateCondition extends Component {
    static template = "opportunity_crm.GateCondition";
    static components = { Field, FileInput, FormLabel, StepItem };
    static props = {
        gate: Object,
        lead: Object,
        condition: Object,
        nodes: Array,
        record: { type: Object, optional: true },
        leave: Function,
        moveInstead: Function,
    };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.gate = useState(this.props.gate);
        this.condition = useState(this.props.condition);
    }

    get status() {
        if (this.condition.isMet) {
            return { icon: "fa-check-circle text-success", badge: "text-bg-success", label: _t("Done") };
        }
        return this.condition.isBlocking
            ? { icon: "fa-times-circle text-danger", badge: "text-bg-danger", label: _t("Required") }
            : { icon: "fa-exclamation-triangle text-warning", badge: "text-bg-warning", label: _t("Warning") };
    }

    get steps() {
        return this.condition.steps.map(stepFromSummary);
    }

    get fieldNodes() {
        return this.props.nodes.filter((node) => this.condition.fields.includes(node.name));
    }

    get isQuotation() {
        return this.condition.kind.startsWith("quotation");
    }

    get plannedText() {
        const start = deserializeDateTime(this.props.lead.meeting_start);
        return _t("Planned for %s. It counts once it is over.", toLocaleDateTimeString(start));
    }

    get moveInsteadLabel() {
        return _t("Move to “%s” Instead", this.condition.next_stage_name);
    }

    fieldId(node) {
        return `gate_${this.props.lead.id}_${this.condition.key}_${node.name}`;
    }

    onStepDone(step) {
        return this.gate.resolve(() => this.orm.call("opportunity.step", "action_done", [[step.id]]));
    }

    onStepSkipped(step) {
        return this.gate.resolve(async () => {
            const action = await this.orm.call("opportunity.step", "action_skip", [[step.id]]);
            await new Promise((onClose) => this.action.doAction(action, { onClose }));
        });
    }

    /** Into the file box, which remembers from which opportunity a document comes. */
    get uploadRoute() {
        return `${UPLOAD_ROUTE}?lead_id=${this.props.lead.id}`;
    }

    /** @param {Object[]} files as the server answers, those that it refused with an error */
    onUploaded(files) {
        for (const { error } of files.filter((file) => file.error)) {
            this.notification.add(error, { type: "danger" });
        }
        return this.gate.resolve(async () => {});
    }

    /** A meeting with this opportunity, its contact and the user preset, as Odoo's calendar proposes it. */
    async planMeeting() {
        const { context } = await this.orm.call("crm.lead", "action_schedule_meeting", [[this.props.lead.id], false]);
        this.dialog.add(FormViewDialog, {
            resModel: "calendar.event",
            title: _t("Meeting"),
            context,
            onRecordSaved: () => this.gate.resolve(async () => {}),
        });
    }

    openQuotation(name) {
        const { id } = this.props.lead;
        return this.gate.run(() =>
            this.props.leave(() =>
                this.action.doActionButton({ type: "object", name, resModel: "crm.lead", resId: id, resIds: [id] })
            )
        );
    }
}
