import { ListSectionAndNoteText } from "@account/components/section_and_note_fields_backend/section_and_note_fields_backend";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Field } from "@web/views/fields/field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What a line is: the title of a section or note, or a product or bundle with its description below. */
export class OpportunityLineItemField extends Component {
    static template = "opportunity_crm.LineItemField";
    static components = { Field, ListSectionAndNoteText };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get data() {
        return this.props.record.data;
    }

    get item() {
        return this.data.is_bundle ? "bundle_id" : "product_id";
    }

    /** The description, without the name of the product when that is its first line. */
    get details() {
        const [first, ...others] = (this.data.name || "").split("\n");
        return this.data[this.item]?.display_name === first ? others.join("\n") : this.data.name;
    }

    /** Open the line into its parts, with what was changed so far. */
    async open() {
        const { model, resId, resModel } = this.props.record;
        if (await model.root.save()) {
            await this.action.doActionButton({
                type: "object",
                name: "action_open",
                resId,
                resModel,
                onClose: () => model.root.load(),
            });
        }
    }
}

registry.category("fields").add("opportunity_line_item", {
    component: OpportunityLineItemField,
    displayName: _t("Product or Bundle"),
    supportedTypes: ["text"],
    fieldDependencies: [
        { name: "display_type", type: "selection" },
        { name: "is_bundle", type: "boolean" },
        { name: "is_compound", type: "boolean" },
        { name: "notice", type: "char" },
        { name: "terms", type: "char" },
    ],
});
