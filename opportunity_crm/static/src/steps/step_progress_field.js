import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How many steps of the stage are done, of how many; nothing where the stage has none. */
export class StepProgressField extends Component {
    static template = xml`
        <span t-if="count" t-att-title="title">
            <i class="fa fa-check-square-o me-1" aria-hidden="true"/><t t-esc="done"/>/<t t-esc="count"/>
        </span>`;
    static props = { ...standardFieldProps };

    get count() {
        return this.props.record.data[this.props.name];
    }

    get done() {
        return this.props.record.data.step_done_count;
    }

    get title() {
        return _t("%(done)s of %(count)s steps of this stage are done", { done: this.done, count: this.count });
    }
}

registry.category("fields").add("opportunity_step_progress", {
    component: StepProgressField,
    displayName: _t("Progress of Steps"),
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "step_done_count", type: "integer" }],
});
