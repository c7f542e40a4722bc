import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { markup, onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { MergeFieldPlugin } from "./merge_field_plugin";
import { loadMergeFields, showChips } from "./merge_fields";

/** The text of a letter: Odoo's editor, with a list of merge fields. */
export class LetterBodyField extends HtmlField {
    static template = "opportunity_crm.LetterBodyField";

    setup() {
        super.setup();
        const orm = useService("orm");
        onWillStart(async () => {
            this.mergeFields = await loadMergeFields(orm);
        });
    }

    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins, MergeFieldPlugin];
        config.mergeFields = this.mergeFields;
        return config;
    }

    getReadonlyConfig() {
        const config = super.getReadonlyConfig();
        const { body } = new DOMParser().parseFromString(config.value, "text/html");
        showChips(body, this.mergeFields.labels);
        // eslint-disable-next-line no-restricted-syntax -- what came sanitized, with chips whose labels are texts
        return { ...config, value: markup(body.innerHTML) };
    }

    chooseField() {
        this.editor.shared.mergeField.chooseField();
    }
}

registry.category("fields").add("opportunity_letter_body", {
    ...htmlField,
    component: LetterBodyField,
    displayName: _t("Text of a Letter"),
});
