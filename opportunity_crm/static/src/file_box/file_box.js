import { Component, onWillStart, toRaw, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { checkFileSize, DEFAULT_MAX_FILE_SIZE } from "@web/core/utils/files";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { session } from "@web/session";
import { FileBoxModel, shortSize, UPLOAD_ROUTE } from "./file_box_model";
import { FileBoxRow } from "./file_box_row";

/** The file box of a contact, on its form and on the forms of its opportunities. */
export class FileBox extends Component {
    static template = "opportunity_crm.FileBox";
    static components = { Dropdown, DropdownItem, FileBoxRow };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.uploader = useService("file_upload");
        this.uploads = useState(this.uploader.uploads);
        this.viewer = useFileViewer();
        this.root = useRef("root");
        this.input = useRef("input");
        this.box = useState(new FileBoxModel(useService("orm"), this.props.record.resModel));
        this.state = useState({ added: [] });
        this.find = useDebounced((search) => this.box.find(search), 250);
        useDropzone(
            this.root,
            (ev) => this.add(ev.dataTransfer.files),
            "o_opportunity_file_box_dropzone",
            () => this.box.canAdd
        );
        useBus(this.uploader.bus, "FILE_UPLOAD_LOADED", ({ detail }) => this.onUploaded(detail.upload));
        onWillStart(() => this.box.load(this.props.record.resId));
        useRecordObserver((record) => this.onRecordChanged(record));
    }

    get isLead() {
        return this.props.record.resModel === "crm.lead";
    }

    /** The uploads under way into this file box. */
    get pending() {
        return Object.values(this.uploads).filter((upload) => this.isOurs(upload));
    }

    get limitText() {
        const limit = session.max_file_upload_size || DEFAULT_MAX_FILE_SIZE;
        return _t("Drop files here; up to %s each.", shortSize(limit));
    }

    get categoryName() {
        const category = this.box.categories.find(({ id }) => id === this.box.categoryId);
        return category ? category.name : _t("All Categories");
    }

    get moreText() {
        return _t("Show more of %s documents", this.box.count);
    }

    percent(upload) {
        return Math.round(upload.progress * 100);
    }

    isOurs({ data }) {
        const { resModel, resId } = this.props.record;
        return data.get("box") === `${resModel},${resId}`;
    }

    /** Another record, or this one after it was saved, e.g. with another contact. */
    async onRecordChanged(record) {
        const { resId, data } = record;
        const contact = data.partner_id && data.partner_id.id;
        const key = `${resId},${contact}`;
        const isSaved = !record.dirty;
        if (isSaved && this.shown && this.shown !== key) {
            await this.box.load(resId);
        }
        if (isSaved || !this.shown) {
            this.shown = key;
        }
    }

    chooseFiles() {
        this.input.el.click();
    }

    onChosen(ev) {
        this.add(ev.target.files);
        ev.target.value = "";
    }

    /** Upload files, each in a request of its own: the limit holds for each, and so does its progress. */
    async add(files) {
        files = [...files].filter((file) => checkFileSize(file.size, this.notification));
        if (!files.length || (!this.props.record.resId && !(await this.props.record.save()))) {
            return;
        }
        await Promise.all(files.map((file) => this.upload(file)));
    }

    upload(file, values = {}) {
        const { resModel, resId } = this.props.record;
        return this.uploader.upload(UPLOAD_ROUTE, [file], {
            buildFormData: (data) => {
                data.append("model", resModel);
                data.append("id", resId);
                data.append("box", `${resModel},${resId}`);
                for (const [name, value] of Object.entries(values)) {
                    data.append(name, value);
                }
            },
        });
    }

    replace(document, file) {
        if (checkFileSize(file.size, this.notification)) {
            this.upload(file, { replaces: document.id });
        }
    }

    async onUploaded(upload) {
        if (!this.isOurs(upload)) {
            return;
        }
        for (const { error, id } of JSON.parse(upload.xhr.response)) {
            if (error) {
                this.notification.add(error, { type: "danger", sticky: true });
            } else {
                this.state.added.push(id);
            }
        }
        await this.box.load(this.props.record.resId);
    }

    preview(document) {
        if (document.isViewable) {
            // the viewer looks for the same object, and not for another proxy of it
            this.viewer.open(toRaw(document), toRaw(this.box).documents);
        } else {
            window.location = document.downloadUrl;
        }
    }

    showOrigin(document) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: document.lead_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("opportunity_file_box", { component: FileBox });
