import { Component } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { DashboardCard, DashboardNumber } from "./dashboard_card";
import { colorOf, DashboardChart } from "./dashboard_chart";

/** What was won and what is to be expected, month by month, against the period before. */
export class ForecastPanel extends Component {
    static template = "opportunity_crm.ForecastPanel";
    static components = { DashboardCard, DashboardChart, DashboardNumber };
    static props = {
        data: { optional: true },
        currencyId: Number,
        hasRecurring: Boolean,
        open: Function,
        period: String,
        weight: String,
        chooseWeight: Function,
    };

    setup() {
        this.help = [
            _t("Won: expected revenue of what was won in the month."),
            _t("Best case: all open opportunities expected to close in the month, in full."),
            _t("Committed: those of them with a probability of 75 % or more, in full."),
            _t(
                "Weighted: expected revenue times probability. By stage: the probability of the opportunity, which its template stage sets unless somebody set another. By prediction: what Odoo's predictive lead scoring has learned; where the template sets the probability, the share of deals won of those that reached the stage."
            ),
            _t("Recurring: expected recurring revenue a month (MRR) of the open opportunities."),
            _t("Last period: what was won in the same month of the period before, which is as long."),
            _t("Amounts are in the currency of your company, at today's rate."),
        ];
        this.format = (value) => this.money(value, { humanReadable: true, digits: [16, 1] });
        this.onBarClick = this.onBarClick.bind(this);
    }

    money(value, options) {
        return formatMonetary(value, {
            currencyId: this.props.currencyId,
            noSymbol: false,
            digits: [16, 0],
            ...options,
        });
    }

    get lastPeriod() {
        return { month: _t("last month"), quarter: _t("last quarter"), year: _t("last year") }[this.props.period];
    }

    get weightLabel() {
        return this.props.weight === "weighted" ? _t("Weighted by Stage") : _t("Weighted by Prediction");
    }

    label(month) {
        return deserializeDate(month).toFormat("LLL yyyy");
    }

    /** The answers at the top: won, and what is still to come. */
    get tiles() {
        const { totals } = this.props.data;
        const tiles = [
            {
                name: "won",
                label: _t("Won"),
                number: totals.won,
                value: this.money(totals.won.amount),
                note: this.wonNote,
            },
            {
                name: "committed",
                label: _t("Committed"),
                number: totals.committed,
                value: this.money(totals.committed.amount),
            },
            {
                name: "weighted",
                label: this.weightLabel,
                number: totals.best,
                value: this.money(totals[this.props.weight]),
            },
            { name: "best", label: _t("Best Case"), number: totals.best, value: this.money(totals.best.amount) },
            { name: "rate", label: _t("Win Rate"), value: this.rate(totals.won, totals.lost), note: this.rateNote },
        ];
        if (this.props.hasRecurring) {
            tiles.splice(4, 0, this.recurringTile);
        }
        return tiles.map((tile) => ({ number: { count: 0 }, ...tile, note: tile.note || this.count(tile.number) }));
    }

    get recurringTile() {
        const { totals } = this.props.data;
        const value = _t("%s a month", this.money(totals.recurring));
        const note = _t("%s weighted", this.money(totals.recurring_weighted));
        return { name: "recurring", label: _t("Recurring"), number: totals.best, value, note };
    }

    count({ count }) {
        return count === 1 ? _t("1 opportunity") : _t("%s opportunities", count);
    }

    get wonNote() {
        const { won, last_won } = this.props.data.totals;
        const last = _t("%(amount)s %(period)s", { amount: this.money(last_won.amount), period: this.lastPeriod });
        if (!last_won.amount) {
            return last;
        }
        const change = formatPercentage(won.amount / last_won.amount - 1, { digits: [16, 0] });
        return `${won.amount < last_won.amount ? "" : "+"}${change} · ${last}`;
    }

    rate(won, lost) {
        const closed = won.count + lost.count;
        return closed ? formatPercentage(won.count / closed, { digits: [16, 0] }) : "–";
    }

    get rateNote() {
        const { last_won, last_lost } = this.props.data.totals;
        return _t("%(rate)s %(period)s", { rate: this.rate(last_won, last_lost), period: this.lastPeriod });
    }

    /** Bars for what is certain to what is possible, and a line for what is to be expected of it. */
    get series() {
        const { weight } = this.props;
        return [
            { name: "last", label: _t("Won the Period Before"), stack: "last", value: ({ last }) => last.amount },
            { name: "won", label: _t("Won"), stack: "now", value: ({ won }) => won.amount },
            { name: "committed", label: _t("Committed"), stack: "now", value: ({ committed }) => committed.amount },
            {
                name: "best",
                label: _t("Best Case Beyond"),
                stack: "now",
                value: ({ best, committed }) => best.amount - committed.amount,
            },
            {
                name: "weighted",
                label: _t("Won and %s", this.weightLabel),
                type: "line",
                stack: "weighted",
                value: (month) => month.won.amount + month[weight],
            },
        ];
    }

    get labels() {
        return this.props.data.months.map(({ month }) => this.label(month));
    }

    get datasets() {
        return this.series.map(({ name, label, type = "bar", stack, value }) => ({
            label,
            type,
            stack,
            order: type === "line" ? 0 : 1, // in front of the bars
            data: this.props.data.months.map(value),
            backgroundColor: colorOf(name),
            borderColor: colorOf(name),
            pointRadius: 5,
            pointHitRadius: 8,
        }));
    }

    get inWords() {
        const { totals } = this.props.data;
        return _t(
            "Forecast by month. Won %(won)s, weighted %(weighted)s, best case %(best)s. The numbers are in the table below.",
            {
                won: this.money(totals.won.amount),
                weighted: this.money(totals[this.props.weight]),
                best: this.money(totals.best.amount),
            }
        );
    }

    onBarClick(dataset, index) {
        const month = this.props.data.months[index];
        const numbers = {
            last: month.last,
            won: month.won,
            committed: month.committed,
            best: month.best,
            weighted: month.best,
        };
        const { name, label } = this.series[dataset];
        this.props.open(`${label}, ${this.label(name === "last" ? month.last_month : month.month)}`, numbers[name]);
    }
}
