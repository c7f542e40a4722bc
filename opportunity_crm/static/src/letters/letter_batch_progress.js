import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SECONDS = 2;

/** How far a batch of letters is, read again every other second as long as it is in progress. */
export class LetterBatchProgressField extends Component {
    static template = "opportunity_crm.LetterBatchProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), SECONDS * 1000);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get text() {
        const { done_count: done, letter_count: total } = this.props.record.data;
        return _t("Letters are being printed: %(done)s of %(total)s. You may leave; the PDF will be here.", {
            done,
            total,
        });
    }

    async refresh() {
        const { record } = this.props;
        if (record.data.state === "waiting" && !record.dirty) {
            await record.load();
        }
    }
}

registry.category("fields").add("letter_batch_progress", {
    component: LetterBatchProgressField,
    displayName: _t("Progress of a batch of letters"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "done_count", type: "integer", readonly: true },
        { name: "letter_count", type: "integer", readonly: true },
    ],
});
