import { Component } from "@odoo/owl";

/** A part of the dashboard: its question, what the words mean, the picture, and the numbers behind it. */
export class DashboardCard extends Component {
    static template = "opportunity_crm.DashboardCard";
    static props = {
        name: String,
        title: String,
        help: Array, // what the words mean, a sentence or two each
        isLoaded: Boolean,
        slots: Object,
    };
}

/** A number that leads to the records that were counted. */
export class DashboardNumber extends Component {
    static template = "opportunity_crm.DashboardNumber";
    static props = {
        number: Object,
        text: String,
        title: String, // what it is, for the breadcrumb and for screen readers
        onOpen: Function,
        class: { type: String, optional: true },
    };
    static defaultProps = { class: "" };
}
