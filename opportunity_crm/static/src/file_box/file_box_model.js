import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { humanSize } from "@web/core/utils/binary";
import { FileModel } from "@web/core/file_viewer/file_model";

export const UPLOAD_ROUTE = "/opportunity_crm/file_box/upload";
// What the server lets be saved only; its preview would be an empty page.
const UNSAFE = /html|xml|svg|script|css/;

/** "1.78 Kb", "128 Mb" */
export function shortSize(bytes) {
    return humanSize(bytes).replace(/[.,]00(?=\D)/, "");
}

/** One version of a document. Odoo's file viewer takes it as it is. */
class DocumentVersion extends FileModel {
    constructor(values) {
        super();
        Object.assign(this, values);
        this.date = deserializeDateTime(values.date);
    }

    get dateText() {
        return formatDateTime(this.date, { showSeconds: false });
    }

    get dayText() {
        return this.date.toLocaleString(luxon.DateTime.DATE_MED);
    }

    get isViewable() {
        return super.isViewable && !UNSAFE.test(this.mimetype || "");
    }
}

/** A document in its current version. */
export class BoxDocument extends DocumentVersion {
    constructor(values) {
        super(values);
        this.versions = values.versions.map((version) => new DocumentVersion(version));
    }

    get extension() {
        return this.name.includes(".") ? this.name.split(".").pop().toLowerCase() : "";
    }

    set extension(_value) {
        // it is read from the name
    }
}

/** The documents of one record, as the server tells them, and what is done with them. */
export class FileBoxModel {
    documents = [];
    categories = [];
    tags = [];
    count = 0;
    canAdd = false;
    isLoaded = false;
    search = "";
    categoryId = false;
    limit = 60;

    constructor(orm, resModel) {
        this.orm = orm;
        this.resModel = resModel;
    }

    /** What a document may become; those that were archived stay where they are. */
    get choices() {
        return this.categories.filter((category) => category.active);
    }

    get isFiltered() {
        return Boolean(this.search || this.categoryId);
    }

    get hasMore() {
        return this.count > this.documents.length;
    }

    /** @param {number|false} resId */
    async load(resId = this.resId) {
        this.resId = resId;
        if (!resId) {
            Object.assign(this, { documents: [], count: 0, canAdd: true, isLoaded: true });
            return;
        }
        const asked = (this.asked = Symbol("asked"));
        const box = await this.orm.silent.call(this.resModel, "get_file_box", [[resId]], {
            search: this.search,
            category_id: this.categoryId,
            limit: this.limit,
        });
        if (asked !== this.asked) {
            return; // somebody typed on; a later answer counts
        }
        this.documents = box.documents.map((values) => new BoxDocument(values));
        this.categories = box.categories;
        this.tags = box.tags;
        this.count = box.count;
        this.canAdd = box.can_add;
        this.isLoaded = true;
    }

    find(search) {
        this.search = search;
        return this.load();
    }

    chooseCategory(id) {
        this.categoryId = id;
        return this.load();
    }

    showMore() {
        this.limit *= 4;
        return this.load();
    }

    getCategory(document) {
        return this.categories.find((category) => category.id === document.category_id);
    }

    getTags(document) {
        return this.tags.filter((tag) => document.tag_ids.includes(tag.id));
    }

    async write(document, values) {
        await this.orm.write("ir.attachment", [document.id], values);
        await this.load();
    }

    toggleTag(document, tag) {
        const command = document.tag_ids.includes(tag.id) ? 3 : 4;
        return this.write(document, { box_tag_ids: [[command, tag.id]] });
    }

    async addTag(document, name) {
        const known = this.tags.find((tag) => tag.name.toLowerCase() === name.toLowerCase());
        const id = known ? known.id : (await this.orm.create("opportunity.document.tag", [{ name }]))[0];
        await this.write(document, { box_tag_ids: [[4, id]] });
    }

    async remove(document) {
        const ids = [document, ...document.versions].map((version) => version.id);
        await this.orm.unlink("ir.attachment", ids);
        await this.load();
    }

    async moveHere(document) {
        await this.orm.call("crm.lead", "action_move_document", [[this.resId], document.id]);
        await this.load();
    }
}
