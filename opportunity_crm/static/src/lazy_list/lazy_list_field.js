import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { View } from "@web/views/view";

/**
 * Records of an opportunity that are only looked at, as a list of their own. The form reads nothing of them but their
 * ids; the list reads them when its page is opened.
 */
export class LazyListField extends Component {
    static template = "opportunity_crm.LazyListField";
    static components = { View };
    static props = {
        ...standardFieldProps,
        listView: String,
        formView: { type: String, optional: true },
        context: Object,
    };

    setup() {
        this.action = useService("action");
    }

    get ids() {
        return this.props.record.data[this.props.name].currentIds;
    }

    get model() {
        return this.props.record.fields[this.props.name].relation;
    }

    get viewProps() {
        const { listView, context } = this.props;
        return {
            type: "list",
            resModel: this.model,
            views: [[false, "list"]],
            domain: [["id", "in", this.ids]],
            context: { ...context, active_test: false, list_view_ref: listView },
            display: { controlPanel: false },
            allowSelectors: false,
            allowOpenAction: false,
            loadIrFilters: false,
            searchMenuTypes: [],
            selectRecord: (resId) => this.open(resId),
        };
    }

    open(resId) {
        const { context, formView } = this.props;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.model,
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
            context: { ...context, ...(formView ? { form_view_ref: formView } : {}) },
        });
    }
}

registry.category("fields").add("opportunity_lazy_list", {
    component: LazyListField,
    displayName: _t("List Read When Looked At"),
    supportedTypes: ["one2many"],
    useSubView: false,
    extractProps: ({ options }, { context }) => ({
        listView: options.list_view_ref,
        formView: options.form_view_ref,
        context,
    }),
});
