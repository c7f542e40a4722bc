import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DashboardCard } from "./dashboard_card";

/** What needs attention today: how many of each, and a click to them. */
export class AttentionPanel extends Component {
    static template = "opportunity_crm.AttentionPanel";
    static components = { DashboardCard };
    static props = { data: { optional: true }, currencyId: Number, hasRecurring: Boolean, open: Function };

    setup() {
        this.help = [
            _t("No next action: open opportunities for which no activity is planned."),
            _t("Over target: in their stage for longer than the target days of their template."),
            _t(
                "Blocked at a gate: over target, and required steps of the stage are not done without which the template lets none advance. Other exit conditions are told on each opportunity."
            ),
            _t("Follow-up failed: a step failed, or its e-mail was not sent, bounced or is in doubt."),
            _t("Links and shares: Buy Now links and shares that end within seven days."),
            _t("All of today, whatever the period."),
        ];
    }

    get items() {
        const kinds = [
            ["no_next_action", "fa-bell-slash-o", _t("No Next Action")],
            ["over_target", "fa-hourglass-end", _t("Over Target")],
            ["blocked", "fa-lock", _t("Blocked at a Gate")],
            ["failed_follow_up", "fa-exclamation-triangle", _t("Follow-up Failed")],
            ["expiring_links", "fa-link", _t("Buy Now Links That Expire")],
            ["expiring_shares", "fa-share-alt", _t("Shares That End")],
        ];
        return kinds.map(([name, icon, label]) => ({ name, icon, label, number: this.props.data[name] }));
    }
}
