import { UPDATE_METHODS } from "@web/core/orm_service";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const DEFINITIONS = ["opportunity.tab", "opportunity.field", "opportunity.field.option"];

/** Whoever changes tabs sees them in the opportunity at once: the client forgets the views that it keeps. */
export const forgetViewsService = {
    start() {
        rpcBus.addEventListener("RPC:RESPONSE", (ev) => {
            const { model, method } = ev.detail.data.params;
            const isChange = DEFINITIONS.includes(model) && UPDATE_METHODS.includes(method);
            if (isChange || (model === "opportunity.field.removal" && method.startsWith("action_"))) {
                rpcBus.trigger("CLEAR-CACHES", "get_views");
            }
        });
    },
};

registry.category("services").add("opportunity_tabs_forget_views", forgetViewsService);
