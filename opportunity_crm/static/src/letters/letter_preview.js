import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The pages of a letter as they will come out, one at a time. The value is what `opportunity.letter._get_preview`
 * returns; when it is one of several letters (`number`, `total`), the arrows change `preview_number` of the record.
 */
export class LetterPreviewField extends Component {
    static template = "opportunity_crm.LetterPreviewField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ page: 1 });
    }

    get value() {
        return this.props.record.data[this.props.name] || null;
    }

    get page() {
        return Math.min(this.state.page, this.value.pages.length);
    }

    get source() {
        return `data:image/png;base64,${this.value.pages[this.page - 1]}`;
    }

    get pdf() {
        return `data:application/pdf;base64,${this.value.pdf}`;
    }

    get pageTitle() {
        return _t("Page %(page)s of %(pages)s", { page: this.page, pages: this.value.count });
    }

    get description() {
        return `${this.value.title}. ${this.pageTitle}`;
    }

    get letterTitle() {
        return _t("Letter %(number)s of %(total)s", this.value);
    }

    turn(step) {
        this.state.page = Math.max(1, Math.min(this.page + step, this.value.pages.length));
    }

    goTo(number) {
        this.state.page = 1;
        return this.props.record.update({ preview_number: number });
    }
}

registry.category("fields").add("letter_preview", {
    component: LetterPreviewField,
    displayName: _t("Pages of a letter"),
    supportedTypes: ["json"],
});
