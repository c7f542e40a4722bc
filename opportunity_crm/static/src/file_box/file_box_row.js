import { Component, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { shortSize } from "./file_box_model";

/** One document: what it is, where it comes from, and all that can be done with it, in its row. */
export class FileBoxRow extends Component {
    static template = "opportunity_crm.FileBoxRow";
    static components = { Dropdown, DropdownItem };
    static props = {
        box: Object,
        document: Object,
        isNew: Boolean,
        preview: Function,
        replace: Function,
        showOrigin: Function,
    };

    setup() {
        this.dialog = useService("dialog");
        this.state = useState({ isRenamed: false, isOpen: false, tagName: "" });
        this.replaceRef = useRef("replace");
        useAutofocus({ refName: "name", selectAll: true });
    }

    get category() {
        return this.props.box.getCategory(this.props.document);
    }

    get tags() {
        return this.props.box.getTags(this.props.document);
    }

    get versionsTitle() {
        return _t("%s former versions", this.props.document.versions.length);
    }

    size(version) {
        return shortSize(version.size);
    }

    hasTag(tag) {
        return this.props.document.tag_ids.includes(tag.id);
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.target.blur();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.state.isRenamed = false;
        }
    }

    /** The name loses the focus: keep what was typed, unless it was left with Escape. */
    async rename(ev) {
        const name = ev.target.value.trim();
        if (this.state.isRenamed && name && name !== this.props.document.name) {
            await this.props.box.write(this.props.document, { name });
        }
        this.state.isRenamed = false;
    }

    categorise(category) {
        return this.props.box.write(this.props.document, { box_category_id: category ? category.id : false });
    }

    async onTagKeydown(ev) {
        ev.stopPropagation();
        const name = this.state.tagName.trim();
        if (ev.key === "Enter" && name) {
            ev.preventDefault();
            this.state.tagName = "";
            await this.props.box.addTag(this.props.document, name);
        }
    }

    onReplaced(ev) {
        const [file] = ev.target.files;
        if (file) {
            this.props.replace(this.props.document, file);
        }
        ev.target.value = "";
    }

    remove() {
        const { box, document } = this.props;
        const count = document.versions.length;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete Document"),
            body: count
                ? _t("“%(name)s” and its %(count)s former versions are deleted for everybody.", {
                      name: document.name,
                      count,
                  })
                : _t("“%s” is deleted for everybody.", document.name),
            confirmLabel: _t("Delete"),
            confirmClass: "btn-danger",
            confirm: () => box.remove(document),
            cancel: () => {},
        });
    }
}
