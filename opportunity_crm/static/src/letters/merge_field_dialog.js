import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { fuzzyLookup } from "@web/core/utils/search";

/** The merge fields that a letter may have, by groups. */
export class MergeFieldDialog extends Component {
    static template = "opportunity_crm.MergeFieldDialog";
    static components = { Dialog };
    static props = { close: Function, groups: Array, onSelect: Function };

    setup() {
        this.state = useState({ query: "" });
        useAutofocus();
    }

    get groups() {
        const { query } = this.state;
        const find = ({ name, fields }) =>
            query ? fuzzyLookup(query, fields, ({ label }) => [label, `${name} ${label}`]) : fields;
        return this.props.groups
            .map((group) => ({ name: group.name, fields: find(group) }))
            .filter(({ fields }) => fields.length);
    }

    onKeydown(ev) {
        const [first] = this.groups;
        if (ev.key === "Enter" && this.state.query && first) {
            ev.preventDefault();
            this.select(first.fields[0]);
        }
    }

    select(field) {
        this.props.close();
        this.props.onSelect(field);
    }
}
