import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RemainingDaysField, remainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";

/** The day of the next action as Odoo shows days to come, and a word where an open opportunity has none. */
export class NextActionField extends RemainingDaysField {
    get isMissing() {
        return this.diffDays === null && this.props.record.data.is_next_action_missing;
    }

    /** @override */
    get diffString() {
        return this.isMissing ? _t("None planned") : super.diffString;
    }

    /** @override */
    get classNames() {
        return this.isMissing ? { "text-warning": true } : super.classNames;
    }
}

registry.category("fields").add("opportunity_next_action", {
    ...remainingDaysField,
    component: NextActionField,
    displayName: _t("Next Action"),
    supportedTypes: ["date"],
    fieldDependencies: [{ name: "is_next_action_missing", type: "boolean" }],
});
