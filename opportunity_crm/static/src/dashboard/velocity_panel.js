import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { DashboardCard, DashboardNumber } from "./dashboard_card";
import { colorOf, DashboardChart } from "./dashboard_chart";

/** How long stages take against their target, and the deals that are slowest. */
export class VelocityPanel extends Component {
    static template = "opportunity_crm.VelocityPanel";
    static components = { DashboardCard, DashboardChart, DashboardNumber };
    static props = {
        data: { optional: true },
        slowest: { optional: true },
        currencyId: Number,
        hasRecurring: Boolean,
        open: Function,
    };

    setup() {
        this.action = useService("action");
        this.help = [
            _t("Days in a stage: of the stays that ended in the period, on average and the median."),
            _t(
                "Target: the days in which the template wants the stage to be passed; the average where templates differ."
            ),
            _t("Over target: how many of the stays took longer."),
            _t(
                "The slowest deals: of the open opportunities over their target, the ones longest in their stage, today."
            ),
        ];
        this.count = (value) => formatInteger(value);
        this.days = (value) => formatFloat(value, { digits: [16, 1] });
        this.onBarClick = this.onBarClick.bind(this);
    }

    get stages() {
        return this.props.data.filter((stage) => stage.left.count);
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.props.currencyId, digits: [16, 0] });
    }

    get labels() {
        return this.stages.map((stage) => stage.name);
    }

    get datasets() {
        return [
            { label: _t("Days"), data: this.stages.map((s) => s.days), backgroundColor: colorOf("committed") },
            { label: _t("Target"), data: this.stages.map((s) => s.target), backgroundColor: colorOf("last") },
        ];
    }

    get inWords() {
        const stages = this.stages.map((s) =>
            _t("%(stage)s %(days)s days, target %(target)s", {
                stage: s.name,
                days: this.days(s.days),
                target: this.days(s.target),
            })
        );
        return _t("Days in each stage: %s. The numbers are in the table below.", stages.join("; "));
    }

    onBarClick(dataset, index) {
        const stage = this.stages[index];
        this.props.open(stage.name, stage.left);
    }

    openDeal(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
