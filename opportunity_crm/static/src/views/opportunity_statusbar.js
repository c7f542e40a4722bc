import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RottingStatusBarDurationField, rottingStatusBarDurationField } from "@mail/js/rotting_mixin/rotting_statusbar";

/**
 * The status bar of an opportunity: with a template, the template's stages in its order, each with the days it should
 * take; without one, exactly what Odoo shows.
 */
export class OpportunityStatusBarField extends RottingStatusBarDurationField {
    static template = "opportunity_crm.OpportunityStatusBarField";

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
}

export const opportunityStatusBarField = {
    ...rottingStatusBarDurationField,
    component: OpportunityStatusBarField,
    fieldDependencies: [
        ...rottingStatusBarDurationField.fieldDependencies,
        { name: "template_path", type: "json" },
        { name: "is_over_target", type: "boolean" },
        { name: "stage_days", type: "integer" },
    ],
};

registry.category("fields").add("opportunity_statusbar", opportunityStatusBarField);
