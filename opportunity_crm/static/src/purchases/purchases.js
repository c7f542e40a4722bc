import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What the customer has bought, this opportunity first. A page of the form exists only while it is looked at, and so
 * does this: nothing is read before. */
export class Purchases extends Component {
    static template = "opportunity_crm.Purchases";
    static components = { Pager };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ sections: [] });
        onWillStart(() => this.load());
    }

    get titles() {
        return {
            orders: _t("Quotations and Orders"),
            invoices: _t("Invoices and Refunds"),
            payments: _t("Payments"),
        };
    }

    get filled() {
        return this.state.sections.filter((section) => section.total);
    }

    async load() {
        this.state.sections = await this.read([]);
    }

    read(names, offset = 0) {
        const { resId } = this.props.record;
        return resId ? this.orm.call("crm.lead", "get_purchases", [[resId]], { names, offset }) : [];
    }

    async onPage(section, { offset }) {
        const [page] = await this.read([section.name], offset);
        Object.assign(section, page);
    }

    date(row) {
        return row.date ? formatDate(deserializeDate(row.date)) : "";
    }

    money(amount, row) {
        return formatMonetary(amount, { currencyId: row.currency_id });
    }

    open(section, row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: section.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    /** Press a button of a row as its own form would, then show what has become of it and of the opportunity. */
    async press(section, row, button) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            ...button,
            resModel: section.model,
            resId: row.id,
            resIds: [row.id],
            onClose: () => Promise.all([this.load(), record.load()]),
        });
    }
}

registry.category("view_widgets").add("opportunity_purchases", { component: Purchases });
