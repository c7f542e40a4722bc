import { Component, useState, xml } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { GATE_ERROR, Gate } from "./gate";
import { GateLead } from "./gate_lead";

/**
 * “Can't advance because…”: what keeps opportunities from a stage, with what resolves it in place, and the way on.
 */
export class GateDialog extends Component {
    static template = "opportunity_crm.GateDialog";
    static components = { Dialog, GateLead };
    static props = {
        data: Object,
        saveBehind: { type: Function, optional: true },
        reload: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.action = useService("action");
        this.effect = useService("effect");
        this.gate = useState(new Gate(useService("orm"), this.props.data, this.props.saveBehind));
        this.state = useState({ isAdvancing: false, isOverriding: false, reason: "" });
        this.env.dialogData.dismiss = () => this.onDismissed();
    }

    get title() {
        return this.gate.conditions.some((condition) => condition.isBlocking)
            ? _t("Can't advance to “%s” because…", this.gate.stageName)
            : _t("Before it advances to “%s”", this.gate.stageName);
    }

    get advanceLabel() {
        return this.gate.unmet.length && !this.gate.isBlocked
            ? _t("Continue Anyway")
            : _t("Advance to “%s”", this.gate.stageName);
    }

    get canAdvance() {
        return !this.state.isAdvancing && (!this.gate.isBlocked || this.gate.hasDraft);
    }

    get canOverride() {
        return !this.state.isAdvancing && Boolean(this.state.reason.trim());
    }

    async advance(reason) {
        this.state.isAdvancing = true;
        const answer = await this.gate.advance(reason).finally(() => (this.state.isAdvancing = false));
        if (answer === undefined) {
            return;
        }
        this.props.close();
        await this.reload();
        if (answer?.effect) {
            this.effect.add(answer.effect);
        }
    }

    /** Go to the next stage instead: at once when nothing is to be met, otherwise this dialog tells what is. */
    async moveInstead(stageId) {
        await this.gate.retarget(stageId);
        if (!this.gate.unmet.length) {
            await this.advance();
        }
    }

    /**
     * Leave the dialog for another view.
     *
     * @param {() => Promise} open
     */
    async leave(open) {
        this.props.close();
        await open();
    }

    discard() {
        this.props.close();
        return this.onDismissed();
    }

    async onDismissed() {
        if (this.gate.hasChanged) {
            await this.reload();
        }
    }

    reload() {
        return this.props.reload ? this.props.reload() : this.action.doAction("soft_reload");
    }
}

/** The same for every refusal that nobody else handles: it comes to the error service. */
export class GateErrorDialog extends Component {
    static template = xml`<GateDialog data="props.data.context.opportunity_gate" close="props.close"/>`;
    static components = { GateDialog };
    static props = ["*"];
}

registry.category("error_dialogs").add(GATE_ERROR, GateErrorDialog);
