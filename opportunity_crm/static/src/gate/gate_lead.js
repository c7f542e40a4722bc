import { Component, onWillStart, useState } from "@odoo/owl";
import { user } from "@web/core/user";
import { unique } from "@web/core/utils/arrays";
import { useService } from "@web/core/utils/hooks";
import { parseXML } from "@web/core/utils/xml";
import { Record } from "@web/model/record";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";
import { FormArchParser } from "@web/views/form/form_arch_parser";
import { GateCondition } from "./gate_condition";

/** One opportunity that cannot advance: its conditions, and one record behind all fields that are asked for. */
export class GateLead extends Component {
    static template = "opportunity_crm.GateLead";
    static components = { GateCondition, Record };
    static props = {
        gate: Object,
        lead: Object,
        isAlone: Boolean,
        isFirst: Boolean,
        leave: Function,
        moveInstead: Function,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.gate = useState(this.props.gate);
        this.lead = useState(this.props.lead);
        this.state = useState({ isOpen: this.props.isAlone || this.props.isFirst });
        this.context = user.context;
        this.hooks = {
            onRootLoaded: (record) => this.gate.records.set(this.lead.id, record),
            onRecordChanged: () => this.onRecordChanged(),
        };
        onWillStart(() => this.loadForm());
    }

    get unmetCount() {
        return this.lead.conditions.filter((condition) => !condition.isMet).length;
    }

    async loadForm() {
        const names = unique(this.lead.conditions.flatMap((condition) => condition.fields));
        if (!names.length) {
            return;
        }
        const { arch, models } = await this.orm.call("crm.lead", "get_gate_form", [names]);
        const archInfo = new FormArchParser().parse(parseXML(arch), models, "crm.lead");
        this.form = {
            ...extractFieldsFromArchInfo(archInfo, models["crm.lead"].fields),
            nodes: Object.values(archInfo.fieldNodes).filter((node) => node.invisible !== "True"),
        };
    }

    /** Save each change at once; not awaited, because the record waits for this hook and cannot be saved before. */
    onRecordChanged() {
        this.gate.resolve(() => this.gate.saveForms());
    }

    open() {
        const action = {
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: this.lead.id,
            views: [[false, "form"]],
        };
        return this.gate.run(() => this.props.leave(() => this.action.doAction(action)));
    }
}
