import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FollowupSteps } from "./followup_steps";

/** Steps to come, in a dialog. */
export class FollowupPreviewField extends Component {
    static template = "opportunity_crm.FollowupPreviewField";
    static components = { FollowupSteps };
    static props = standardFieldProps;

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("opportunity_followup_preview", {
    component: FollowupPreviewField,
    displayName: _t("Steps to Come"),
    supportedTypes: ["json"],
});

/** What opportunities lack to start, as a list to mend. */
export class FollowupMissingField extends Component {
    static template = "opportunity_crm.FollowupMissingField";
    static props = standardFieldProps;

    get groups() {
        return this.props.record.data[this.props.name] || [];
    }

    severity({ is_blocking: isBlocking }) {
        return isBlocking ? _t("Keeps it from starting") : _t("Warning");
    }

    more(group) {
        return _t("and %s more", group.more);
    }

    get isSingle() {
        return this.props.record.data.lead_count === 1;
    }
}

registry.category("fields").add("opportunity_followup_missing", {
    component: FollowupMissingField,
    displayName: _t("Missing"),
    supportedTypes: ["json"],
});
