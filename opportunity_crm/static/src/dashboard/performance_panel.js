import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { DashboardCard, DashboardNumber } from "./dashboard_card";
import { colorOf, DashboardChart } from "./dashboard_chart";

const SHOWN = 10;

/** Who sold what: by owner, or by the credit that coverage groups give. */
export class PerformancePanel extends Component {
    static template = "opportunity_crm.PerformancePanel";
    static components = { DashboardCard, DashboardChart, DashboardNumber };
    static props = {
        data: { optional: true },
        currencyId: Number,
        hasRecurring: Boolean,
        open: Function,
        basis: String,
        chooseBasis: Function,
    };

    setup() {
        this.state = useState({ isAll: false });
        this.help = [
            _t(
                "By owner: the salesperson of an opportunity has all of it. By credit: everybody has the share that the coverage groups of the opportunity give."
            ),
            _t("Won, Lost: opportunities closed in the period."),
            _t("Win rate: won of those that were won or lost."),
            _t("Cycle: days from creation to winning, on average."),
            _t("Activities: those that the person did in the period on opportunities that you may see."),
        ];
        this.count = (value) => formatInteger(value);
        this.format = (value) => this.money(value, { humanReadable: true });
        this.onBarClick = this.onBarClick.bind(this);
    }

    money(value, options) {
        return formatMonetary(value, { currencyId: this.props.currencyId, digits: [16, 0], ...options });
    }

    /** Shares of deals are no whole numbers. */
    deals(value) {
        return formatFloat(value, { digits: [16, this.props.basis === "credit" ? 1 : 0] });
    }

    rate({ rate }) {
        return rate === false ? "–" : formatPercentage(rate, { digits: [16, 0] });
    }

    cycle({ cycle }) {
        return cycle === false ? "–" : formatFloat(cycle, { digits: [16, 1] });
    }

    name({ name }) {
        return name || _t("Unassigned");
    }

    get winners() {
        return this.props.data.filter((person) => person.won.count).slice(0, SHOWN);
    }

    get people() {
        return this.state.isAll ? this.props.data : this.props.data.slice(0, SHOWN);
    }

    get labels() {
        return this.winners.map((person) => this.name(person));
    }

    get datasets() {
        return [{ label: _t("Won"), data: this.winners.map((p) => p.won.amount), backgroundColor: colorOf("won") }];
    }

    get inWords() {
        const people = this.winners.map((person) => `${this.name(person)} ${this.money(person.won.amount)}`);
        return _t("Won: %s. The numbers are in the table below.", people.join(", "));
    }

    onBarClick(dataset, index) {
        const person = this.winners[index];
        this.props.open(this.name(person), person.won);
    }
}
