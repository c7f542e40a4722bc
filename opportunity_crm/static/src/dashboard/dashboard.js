import { Component, onWillStart, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { AttentionPanel } from "./attention_panel";
import { ForecastPanel } from "./forecast_panel";
import { FunnelPanel } from "./funnel_panel";
import { PerformancePanel } from "./performance_panel";
import { VelocityPanel } from "./velocity_panel";

/** Where Odoo shows the records that a number counts. */
const ACTIONS = {
    "crm.lead": "crm.crm_lead_opportunities",
    "crm.activity.report": "crm.crm_activity_report_action",
    "opportunity.buy.link": "opportunity_crm.opportunity_buy_link_action",
    "opportunity.credit.report": "opportunity_crm.opportunity_credit_report_action",
    "opportunity.enrollment": "opportunity_crm.opportunity_enrollment_action",
    "opportunity.share": "opportunity_crm.opportunity_share_action",
    "opportunity.stage.velocity": "opportunity_crm.opportunity_stage_velocity_action",
};
const PANELS = ["attention", "forecast", "funnel", "slowest", "performance"];

/** The dashboard of sales: answers as pictures, numbers behind them, and the records behind the numbers. */
export class OpportunityDashboard extends Component {
    static template = "opportunity_crm.Dashboard";
    static components = {
        AttentionPanel,
        CheckboxItem,
        Dropdown,
        DropdownItem,
        ForecastPanel,
        FunnelPanel,
        Layout,
        PerformancePanel,
        VelocityPanel,
    };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Dashboard");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.open = this.open.bind(this);
        this.periods = {
            month: _t("This Month"),
            quarter: _t("This Quarter"),
            year: _t("This Year"),
        };
        this.filters = useState({
            team_ids: [],
            template_id: false,
            period: "quarter",
            basis: "owner",
            weight: "weighted",
            ...this.props.state?.filters,
        });
        this.choices = {};
        this.requests = {};
        this.panels = useState({});
        useSetupAction({ getLocalState: () => ({ filters: { ...this.filters } }) });
        onWillStart(async () => {
            this.choices = await this.orm.call("opportunity.dashboard", "get_choices", []);
            if (!this.choices.is_empty) {
                this.load();
            }
        });
    }

    get teamLabel() {
        const chosen = this.choices.teams.filter((team) => this.filters.team_ids.includes(team.id));
        return chosen.map((team) => team.name).join(", ") || _t("All Teams");
    }

    get templateLabel() {
        const chosen = this.choices.templates.find((template) => template.id === this.filters.template_id);
        return chosen?.name || _t("All Templates");
    }

    get panelProps() {
        return {
            currencyId: this.choices.currency_id,
            hasRecurring: this.choices.has_recurring,
            open: this.open,
        };
    }

    /** Each panel is read on its own and shown as soon as it is there; of several answers only the last counts. */
    load(panels = PANELS) {
        const { team_ids, template_id, period, basis } = this.filters;
        return Promise.all(panels.map((name) => this.loadPanel(name, { team_ids, template_id, period, basis })));
    }

    async loadPanel(name, filters) {
        const request = (this.requests[name] = (this.requests[name] || 0) + 1);
        this.panels[name] = null;
        const answer = await this.orm.call("opportunity.dashboard", "read_panels", [[name], filters]);
        if (request === this.requests[name]) {
            this.panels[name] = answer[name];
        }
    }

    choose(values, panels) {
        Object.assign(this.filters, values);
        return this.load(panels);
    }

    toggleTeam(id) {
        const { team_ids } = this.filters;
        const chosen = team_ids.includes(id) ? team_ids.filter((other) => other !== id) : [...team_ids, id];
        return this.choose({ team_ids: chosen });
    }

    chooseBasis(basis) {
        return this.choose({ basis }, ["performance"]);
    }

    chooseWeight(weight) {
        this.filters.weight = weight;
    }

    /** Show the records that a number counts: as a list first, without the filters that Odoo's action begins with. */
    async open(title, { model, domain }) {
        const { search_view_id, views } = await this.action.loadAction(ACTIONS[model]);
        const [lists, others] = [(type) => type === "list", (type) => type !== "list"].map((wanted) =>
            views.filter(([, type]) => wanted(type))
        );
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: model,
            domain,
            search_view_id,
            views: [...lists, ...others],
            context: { create: false },
        });
    }

    createOpportunity() {
        return this.action.doAction("opportunity_crm.opportunity_template_action_choose");
    }
}

registry.category("actions").add("opportunity_crm.dashboard", OpportunityDashboard);
