import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RottingStatusBarDurationField, rottingStatusBarDurationField } from "@mail/js/rotting_mixin/rotting_statusbar";
import { getGateData } from "../gate/gate";
import { GateDialog } from "../gate/gate_dialog";
import { StageHelp } from "../gate/stage_help";

/**
 * The status bar of an opportunity: with a template, the template's stages in its order, each with the days it should
 * take; without one, exactly what Odoo shows.
 */
export class OpportunityStatusBarField extends RottingStatusBarDurationField {
    static template = "opportunity_crm.OpportunityStatusBarField";
    static components = { ...RottingStatusBarDurationField.components, StageHelp };

    setup() {
        super.setup();
        this.dialog = useService("dialog");
    }

    /** @override */
    getAllItems() {
        const items = super.getAllItems();
        const { template_path: path, is_over_target: isOverTarget, stage_days: stageDays } = this.props.record.data;
        if (!path?.length) {
            return items;
        }
        const rank = new Map(path.map((stage, index) => [stage.id, index]));
        const targetDays = new Map(path.map((stage) => [stage.id, stage.target_days]));
        for (const item of items) {
            item.targetDays = targetDays.get(item.value);
            item.isOverTarget = item.isSelected && isOverTarget;
            item.targetLabel = item.isSelected
                ? _t("%(days)s / %(target)sd", { days: stageDays, target: item.targetDays })
                : _t("%sd", item.targetDays);
            item.targetTitle = item.isSelected
                ? _t("%(days)s days in this stage, target %(target)s days", {
                      days: stageDays,
                      target: item.targetDays,
                  })
                : _t("Target: %s days", item.targetDays);
        }
        const last = path.length;
        return items.sort((a, b) => (rank.get(a.value) ?? last) - (rank.get(b.value) ?? last));
    }

    /**
     * A refused move leaves the form as it was: the old stage, and whatever else was edited still to be saved.
     *
     * @override
     */
    async selectItem() {
        const { record } = this.props;
        await record.isDirty(); // takes over what is being typed
        record._addSavePoint();
        try {
            await super.selectItem(...arguments);
            record._savePoint = undefined;
        } catch (error) {
            await record.discard();
            const data = getGateData(error);
            if (!data) {
                throw error;
            }
            this.dialog.add(GateDialog, {
                data,
                saveBehind: () => record.save(),
                reload: () => record.load(),
            });
        }
    }
}

export const opportunityStatusBarField = {
    ...rottingStatusBarDurationField,
    component: OpportunityStatusBarField,
    fieldDependencies: [
        ...rottingStatusBarDurationField.fieldDependencies,
        { name: "template_path", type: "json" },
        { name: "is_over_target", type: "boolean" },
        { name: "stage_days", type: "integer" },
        { name: "has_exit_conditions", type: "boolean" },
    ],
};

registry.category("fields").add("opportunity_statusbar", opportunityStatusBarField);
