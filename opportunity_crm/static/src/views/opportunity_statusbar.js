import { registry } from "@web/core/registry";
import { RottingStatusBarDurationField, rottingStatusBarDurationField } from "@mail/js/rotting_mixin/rotting_statusbar";

/**
 * The status bar of an opportunity: with a template, the template's stages in its order, each with the days it should
 * take; without one, exactly what Odoo shows.
 */
export class OpportunityStatusBarField extends RottingStatusBarDurationField {
    static template = "opportunity_crm.OpportunityStatusBarField";

    /** @override */
    getDomain() {
        const path = this.props.record.data.template_path || [];
        return path.length ? [["id", "in", path.map((stage) => stage.id)]] : super.getDomain();
    }

    /** @override */
    getAllItems() {
        const items = super.getAllItems();
        const { template_path: path, is_over_target: isOverTarget } = this.props.record.data;
        if (!path?.length) {
            return items;
        }
        const rank = new Map(path.map((stage, index) => [stage.id, index]));
        const targetDays = new Map(path.map((stage) => [stage.id, stage.target_days]));
        for (const item of items) {
            item.targetDays = targetDays.get(item.value);
            item.isOverTarget = item.isSelected && isOverTarget;
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
    ],
};

registry.category("fields").add("opportunity_statusbar", opportunityStatusBarField);
