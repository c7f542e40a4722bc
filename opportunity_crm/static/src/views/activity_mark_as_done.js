import { ActivityMarkAsDone } from "@mail/core/web/activity_markasdone_popover";
import { patch } from "@web/core/utils/patch";

/** Who finishes the last planned activity of an open opportunity, wherever, is asked what comes next. */
patch(ActivityMarkAsDone.prototype, {
    async onClickDone() {
        const { res_id: id, res_model: model } = this.props.activity;
        const { action: actionService, "mail.store": store, orm } = this.env.services;
        const { onActivityChanged } = this.props;
        await super.onClickDone(...arguments);
        if (model !== "crm.lead") {
            return;
        }
        const action = await orm.call(model, "action_ask_next_action", [id]);
        if (action) {
            const thread = store.Thread.insert({ model, id });
            actionService.doAction(action, { onClose: () => onActivityChanged(thread) });
        }
    },
});
