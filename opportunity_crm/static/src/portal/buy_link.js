import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const SEEN_AFTER = 1500; // milliseconds; who only fetches the page, or fetches it ahead, does not look at it

/** Tells the server that somebody looks at an offer: fetching its page alone says nothing. */
export class BuyLinkView extends Interaction {
    static selector = ".o_opportunity_buy_link[data-viewed-url]";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.watch },
    };

    start() {
        this.watch();
    }

    watch() {
        if (document.visibilityState === "visible" && !this.timer) {
            this.timer = this.waitForTimeout(() => this.tell(), SEEN_AFTER);
        }
    }

    async tell() {
        if (document.visibilityState === "visible") {
            await this.waitFor(rpc(this.el.dataset.viewedUrl, {}, { silent: true }));
            this.el.dataset.viewed = "1";
        } else {
            this.timer = null;
        }
    }
}

registry.category("public.interactions").add("opportunity_crm.buy_link_view", BuyLinkView);
