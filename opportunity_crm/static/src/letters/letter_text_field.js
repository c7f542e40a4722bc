import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { MergeFieldDialog } from "./merge_field_dialog";
import { loadMergeFields } from "./merge_fields";

/** A line of text with merge fields, such as the subject of a letter. */
export class LetterTextField extends CharField {
    static template = "opportunity_crm.LetterTextField";

    setup() {
        super.setup();
        this.dialog = useService("dialog");
        this.orm = useService("orm");
    }

    async chooseField() {
        const { groups } = await loadMergeFields(this.orm);
        const inLine = ({ name, fields }) => ({ name, fields: fields.filter((field) => !field.is_block) });
        this.dialog.add(MergeFieldDialog, {
            groups: groups.map(inLine),
            onSelect: ({ key }) => this.insert(`{{${key}}}`),
        });
    }

    insert(text) {
        const { el } = this.input;
        // spaces at the end were trimmed when the line was left
        const start = Math.min(this.selectionStart, el.value.length);
        const space = /[\p{L}\p{N}.,;:!?}]$/u.test(el.value.slice(0, start)) ? " " : "";
        el.focus();
        el.setRangeText(space + text, start, start, "end");
        el.dispatchEvent(new InputEvent("input"));
        el.dispatchEvent(new Event("change"));
        this.selectionStart = el.selectionStart;
    }
}

registry.category("fields").add("opportunity_letter_text", {
    ...charField,
    component: LetterTextField,
    displayName: _t("Line of a Letter"),
});
