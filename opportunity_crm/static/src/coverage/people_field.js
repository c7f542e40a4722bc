import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

class PeopleBase extends Component {
    static props = { ...standardFieldProps };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    avatarOf(person) {
        return `/web/image/res.users/${person.user_id}/avatar_128`;
    }
}

/** Who covers an opportunity: avatar, name, role and the share of the credit. */
export class PeopleField extends PeopleBase {
    static template = "opportunity_crm.PeopleField";

    creditOf(person) {
        return _t("%s %", formatFloat(person.credit, { digits: [5, 2], trailingZeros: false }));
    }
}

/** Who takes turns in a rotation: who is next, how many each has had, and why somebody is passed over. */
export class TurnsField extends PeopleBase {
    static template = "opportunity_crm.TurnsField";
}

registry.category("fields").add("opportunity_people", {
    component: PeopleField,
    displayName: _t("People and Credit"),
    supportedTypes: ["json"],
});

registry.category("fields").add("opportunity_turns", {
    component: TurnsField,
    displayName: _t("Turns"),
    supportedTypes: ["json"],
});
