import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Field } from "@web/views/fields/field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What a line is for: its product or, of a line that was added as one, its bundle. */
export class OpportunityLineItemField extends Component {
    static template = "opportunity_crm.LineItemField";
    static components = { Field };
    static props = { ...standardFieldProps };

    get name() {
        return this.props.record.data.is_bundle ? "bundle_id" : "product_id";
    }
}

registry.category("fields").add("opportunity_line_item", {
    component: OpportunityLineItemField,
    displayName: _t("Product or Bundle"),
    supportedTypes: ["many2one"],
    fieldDependencies: [
        { name: "is_bundle", type: "boolean" },
        { name: "notice", type: "char" },
    ],
});
