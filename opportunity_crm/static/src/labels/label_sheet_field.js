import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { LabelSheet } from "./label_sheet";

/** The number of the first free label, chosen by clicking it in a picture of the sheet. */
export class FirstLabelField extends Component {
    static template = "opportunity_crm.LabelSheetField";
    static components = { LabelSheet };
    static props = { ...standardFieldProps };

    isPicker = true;

    get sheet() {
        return this.props.record.data.sheet;
    }

    get selection() {
        if (this.props.readonly || this.sheet.labels.length === 1) {
            return {};
        }
        return { onSelect: (number) => this.props.record.update({ [this.props.name]: number }) };
    }
}

/** The picture of a sheet alone. */
export class LabelSheetField extends FirstLabelField {
    isPicker = false;

    get sheet() {
        return this.props.record.data[this.props.name];
    }

    get selection() {
        return {};
    }
}

registry.category("fields").add("opportunity_first_label", {
    component: FirstLabelField,
    displayName: _t("First free label of a sheet"),
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "sheet", type: "json", readonly: true },
        { name: "label_total", type: "integer", readonly: true },
    ],
});

registry.category("fields").add("opportunity_label_sheet", {
    component: LabelSheetField,
    displayName: _t("Sheet of labels"),
    supportedTypes: ["json"],
});
