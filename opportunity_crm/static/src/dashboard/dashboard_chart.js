/* global Chart */
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { localization } from "@web/core/l10n/localization";

const PLACES = { won: 2, committed: 0, best: 4, last: 5, dropped: 1, weighted: 3 };

/** The color of what is shown, the same in every picture. */
export function colorOf(name) {
    return getColor(PLACES[name], cookie.get("color_scheme"), "sm");
}

/**
 * A picture drawn by Chart.js, as Odoo's graphs are. Who cannot see it reads its label, and the numbers behind it.
 */
export class DashboardChart extends Component {
    static template = "opportunity_crm.DashboardChart";
    static props = {
        label: String, // what the picture says, in words
        labels: Array,
        datasets: Array,
        format: Function,
        isHorizontal: { type: Boolean, optional: true },
        isStacked: { type: Boolean, optional: true },
        onClick: { type: Function, optional: true }, // with the positions of the dataset and of the label
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify([this.props.labels, this.props.datasets])]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    /** Bars that lie need room for each of them. */
    get style() {
        return `height: ${this.props.isHorizontal ? 4 + 2.25 * this.props.labels.length : 17}rem`;
    }

    draw() {
        this.chart?.destroy();
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: this.props.labels, datasets: this.props.datasets },
            options: this.options,
        });
    }

    get options() {
        const { format, isHorizontal, isStacked, onClick } = this.props;
        const scheme = cookie.get("color_scheme");
        const color = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = { color: getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)") };
        const isMirrored = localization.direction === "rtl";
        const values = {
            stacked: isStacked,
            beginAtZero: true,
            grid,
            ticks: { color, precision: 0, callback: format },
        };
        const names = { stacked: isStacked, grid: { display: false }, ticks: { color, autoSkip: false } };
        return {
            animation: false,
            indexAxis: isHorizontal ? "y" : "x",
            maintainAspectRatio: false,
            scales: isHorizontal
                ? { x: { ...values, reverse: isMirrored }, y: { ...names, position: isMirrored ? "right" : "left" } }
                : { x: { ...names, reverse: isMirrored }, y: { ...values, position: isMirrored ? "right" : "left" } },
            plugins: {
                legend: { position: "bottom", labels: { color, boxWidth: 12 } },
                tooltip: {
                    rtl: isMirrored,
                    callbacks: { label: (item) => `${item.dataset.label}: ${format(item.raw)}` },
                },
            },
            onHover: (event, [element]) => {
                event.native.target.style.cursor = element && onClick ? "pointer" : "";
            },
            onClick: (event, [element]) => element && onClick?.(element.datasetIndex, element.index),
        };
    }
}
