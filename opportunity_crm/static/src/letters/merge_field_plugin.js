import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";
import { MergeFieldDialog } from "./merge_field_dialog";
import { hideChips, makeChip, showChips } from "./merge_fields";

/** Merge fields in Odoo's editor: chosen from a list, shown as chips, stored as text. */
export class MergeFieldPlugin extends Plugin {
    static id = "mergeField";
    static dependencies = ["baseContainer", "dialog", "dom", "history", "protectedNode", "selection"];
    static shared = ["chooseField"];
    resources = {
        user_commands: {
            id: "chooseMergeField",
            title: _t("Insert a Field"),
            description: _t("Of the contact, the opportunity, …"),
            icon: "fa-hashtag",
            run: () => this.chooseField(),
            isAvailable: isHtmlContentSupported,
        },
        powerbox_categories: withSequence(5, { id: "merge_fields", name: _t("Letter") }),
        powerbox_items: { categoryId: "merge_fields", commandId: "chooseMergeField" },
        power_buttons: withSequence(5, { commandId: "chooseMergeField" }),
        normalize_handlers: withSequence(0, (root) => this.showChips(root)),
        clean_for_save_handlers: ({ root }) => hideChips(root),
        clipboard_content_processors: (root) => hideChips(root),
        selectors_for_feff_providers: () => ".o_letter_field",
    };

    showChips(root) {
        const position = showChips(root, this.config.mergeFields.labels, (chip) =>
            this.dependencies.protectedNode.setProtectingNode(chip, true)
        );
        if (position) {
            const [anchorNode, anchorOffset] = position;
            this.dependencies.selection.setSelection({ anchorNode, anchorOffset });
        }
    }

    /** Let the user choose a field, and insert it where the cursor is; at the end while it is elsewhere. */
    chooseField() {
        const { selection } = this.dependencies;
        if (!selection.getSelectionData().documentSelectionIsInEditable) {
            selection.setCursorEnd(this.editable.lastElementChild || this.editable);
        }
        this.dependencies.dialog.addDialog(MergeFieldDialog, {
            groups: this.config.mergeFields.groups,
            onSelect: (field) => this.insert(field),
        });
    }

    insert({ key, is_block: isBlock }) {
        const chip = makeChip(this.document, key, this.config.mergeFields.labels);
        this.dependencies.protectedNode.setProtectingNode(chip, true);
        if (isBlock) {
            this.dependencies.selection.setCursorStart(this.makeEmptyParagraph());
        }
        this.dependencies.dom.insert(chip);
        this.dependencies.history.addStep();
    }

    /** The paragraph of the cursor if it is empty, else a new one after it, or after its list or table. */
    makeEmptyParagraph() {
        let { anchorNode: block } = this.dependencies.selection.getEditableSelection();
        while (block !== this.editable && block.parentNode !== this.editable) {
            block = block.parentNode;
        }
        block = block === this.editable ? this.editable.lastElementChild : block;
        if (block.tagName === "P" && !block.textContent.trim()) {
            return block;
        }
        const paragraph = this.dependencies.baseContainer.createBaseContainer("P");
        paragraph.append(this.document.createElement("br"));
        block.after(paragraph);
        return paragraph;
    }
}
