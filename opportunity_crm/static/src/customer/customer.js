import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The opportunities of a contact in numbers, the follow-up that runs for it, and the opportunities as a list, with what
 * custom tabs show in lists; read when the page is looked at.
 */
export class Customer extends Component {
    static template = "opportunity_crm.Customer";
    static components = { View };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null });
        onWillStart(() => this.load());
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(resId = this.props.record.resId) {
        this.state.data = resId ? await this.orm.call("res.partner", "get_opportunity_overview", [[resId]]) : null;
    }

    label({ name }) {
        return { open: _t("Open"), won: _t("Won"), lost: _t("Lost") }[name];
    }

    tone({ name }) {
        return { open: "text-primary-emphasis", won: "text-success-emphasis", lost: "text-danger-emphasis" }[name];
    }

    money({ amount }) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id });
    }

    next({ date_next: date }) {
        return _t("next on %s", formatDate(deserializeDateTime(date)));
    }

    async open({ name }) {
        const args = [[this.props.record.resId], name];
        return this.action.doAction(await this.orm.call("res.partner", "action_view_opportunities_of_state", args));
    }

    get hasOpportunities() {
        return this.state.data.states.some(({ count }) => count);
    }

    get listProps() {
        return {
            type: "list",
            resModel: "crm.lead",
            views: [[false, "list"]],
            domain: this.state.data.domain,
            context: { active_test: false, list_view_ref: "crm.crm_case_tree_view_oppor" },
            display: { controlPanel: false },
            allowSelectors: false,
            loadIrFilters: false,
            searchMenuTypes: [],
            selectRecord: (id) => this.openOpportunity(id),
        };
    }

    openOpportunity(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async printLabels() {
        if (await this.props.record.save()) {
            const { resId } = this.props.record;
            await this.action.doActionButton({
                type: "object",
                name: "action_print_labels",
                resModel: "res.partner",
                resId,
                resIds: [resId],
            });
        }
    }
}

registry.category("view_widgets").add("opportunity_customer", { component: Customer });
