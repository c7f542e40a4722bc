import { Component, onWillStart, useChildSubEnv, useState, useSubEnv } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { CallbackRecorder } from "@web/search/action_hook";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { getDefaultConfig, View } from "@web/views/view";

/** A form beside the list, with a title, a pager and a way back of its own that lead nowhere. */
export class CoverageGroupPane extends Component {
    static template = "opportunity_crm.CoverageGroupPane";
    static components = { View };
    static props = { viewProps: Object };

    setup() {
        useSubEnv({ config: getDefaultConfig() });
    }
}

/**
 * Coverage groups on the left, and the chosen one on the right with its members and details. What was changed there is
 * saved before another group is shown, as when one leaves a form. On a small screen groups open as records always do.
 */
export class CoverageGroupListController extends ListController {
    static template = "opportunity_crm.CoverageGroupListView";
    static components = { ...ListController.components, CoverageGroupPane };

    setup() {
        super.setup();
        this.ui = useService("ui");
        this.recorder = new CallbackRecorder();
        this.shown = useState({ resId: undefined, shownId: undefined, key: 0 });
        useChildSubEnv({ shownCoverageGroup: this.shown });
        onWillStart(async () => {
            await this.model.whenReady;
            this.show(this.firstId);
        });
    }

    get isSplit() {
        return !this.ui.isSmall && !this.env.inDialog;
    }

    get firstId() {
        const recordsOf = (list) =>
            list.isGrouped ? list.groups.flatMap((group) => recordsOf(group.list)) : list.records;
        return this.model.useSampleModel ? undefined : recordsOf(this.model.root)[0]?.resId;
    }

    get paneProps() {
        return {
            type: "form",
            resModel: this.props.resModel,
            resId: this.shown.resId,
            context: this.props.context,
            display: { controlPanel: false },
            onSave: (record) => this.onGroupSaved(record),
            onDiscard: (record) => record.isNew && this.show(this.firstId),
            __beforeLeave__: this.recorder,
        };
    }

    async onGroupSaved(record) {
        this.shown.shownId = record.resId;
        await this.model.root.load();
    }

    /** Show a group on the right: its id, false for a new one, undefined for none. */
    show(resId) {
        Object.assign(this.shown, { resId, shownId: resId, key: this.shown.key + 1 });
    }

    /** Save what was changed on the right; false when it cannot be saved, and stays there. */
    async saveShown() {
        const results = await Promise.all(this.recorder.callbacks.map((callback) => callback({})));
        return !results.includes(false);
    }

    async showAfterSaving(resId) {
        if (await this.saveShown()) {
            this.show(resId);
            await this.model.root.load();
        }
    }

    async openRecord(record, options = {}) {
        if (!this.isSplit || options.newWindow) {
            return super.openRecord(record, options);
        }
        return this.showAfterSaving(record.resId);
    }

    async createRecord(options = {}) {
        return this.isSplit ? this.showAfterSaving(false) : super.createRecord(options);
    }

    async beforeLeave(options) {
        const left = await super.beforeLeave(options);
        return left === false ? false : this.saveShown();
    }
}

export class CoverageGroupListRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.shown = useState(this.env.shownCoverageGroup || {});
    }

    getRowClass(record) {
        const isShown = record.resId && record.resId === this.shown.shownId;
        return `${super.getRowClass(record)} ${isShown ? "o_opportunity_shown table-active" : ""}`;
    }
}

/** Beside the list the form has no control panel: its buttons to save and discard, and its statistics, stand above it. */
export class CoverageGroupFormController extends FormController {
    static template = "opportunity_crm.CoverageGroupFormView";

    get isBesideList() {
        return !this.env.inDialog && !this.props.display.controlPanel;
    }
}

registry.category("views").add("opportunity_coverage_group_list", {
    ...listView,
    Controller: CoverageGroupListController,
    Renderer: CoverageGroupListRenderer,
});
registry.category("views").add("opportunity_coverage_group_form", {
    ...formView,
    Controller: CoverageGroupFormController,
});
