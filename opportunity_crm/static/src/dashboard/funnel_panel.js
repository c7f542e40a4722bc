import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { DashboardCard, DashboardNumber } from "./dashboard_card";
import { colorOf, DashboardChart } from "./dashboard_chart";

/** Of what left each stage, how much went on. */
export class FunnelPanel extends Component {
    static template = "opportunity_crm.FunnelPanel";
    static components = { DashboardCard, DashboardChart, DashboardNumber };
    static props = { data: { optional: true }, currencyId: Number, hasRecurring: Boolean, open: Function };

    setup() {
        this.help = [
            _t("Of the stays in a stage that ended in the period, as the sales history has them."),
            _t("Went on: the opportunity was won or went to a later stage."),
            _t("Dropped: it was lost, archived or went back."),
            _t(
                "Conversion: the share that went on. Stays that ended with a change of template or team are no part of it."
            ),
            _t("Open now: opportunities that are in the stage today, whatever the period."),
        ];
        // Chart.js gives more arguments than a formatter wants
        this.format = (value) => formatInteger(value);
        this.onBarClick = this.onBarClick.bind(this);
    }

    get stages() {
        return this.props.data.filter((stage) => stage.left.count);
    }

    conversion({ conversion }) {
        return conversion === false ? "–" : formatPercentage(conversion, { digits: [16, 0] });
    }

    get labels() {
        return this.stages.map((stage) => `${stage.name} (${this.conversion(stage)})`);
    }

    get datasets() {
        return [
            { label: _t("Went On"), data: this.stages.map((s) => s.went_on.count), backgroundColor: colorOf("won") },
            {
                label: _t("Dropped"),
                data: this.stages.map((s) => s.dropped.count),
                backgroundColor: colorOf("dropped"),
            },
        ];
    }

    get inWords() {
        return _t("Conversion per stage: %s. The numbers are in the table below.", this.labels.join(", "));
    }

    onBarClick(dataset, index) {
        const stage = this.stages[index];
        const number = dataset ? stage.dropped : stage.went_on;
        this.props.open(`${stage.name}: ${this.datasets[dataset].label}`, number);
    }
}
