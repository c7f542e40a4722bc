import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";

/** What it takes to leave the current stage, met or not. */
export class ExitConditions extends Component {
    static template = "opportunity_crm.ExitConditions";
    static props = { title: String, conditions: Array, close: { type: Function, optional: true } };
}

/** The “?” beside the stage: it tells everyone what it will take before they try. */
export class StageHelp extends Component {
    static template = "opportunity_crm.StageHelp";
    static props = { record: Object };

    setup() {
        this.orm = useService("orm");
        this.popover = usePopover(ExitConditions, { position: "bottom-end", useBottomSheet: this.env.isSmall });
    }

    get title() {
        return _t("To leave “%s”", this.props.record.data.stage_id.display_name);
    }

    async toggle({ currentTarget: button }) {
        if (this.popover.isOpen) {
            return this.popover.close();
        }
        const conditions = await this.orm.call("crm.lead", "get_exit_conditions", [[this.props.record.resId]]);
        this.popover.open(button, { title: this.title, conditions });
    }
}
