import { ProductCatalogKanbanController } from "@product/product_catalog/kanban_controller";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** The catalogue, opened from an opportunity: it has no state, and the button leads back to it. */
patch(ProductCatalogKanbanController.prototype, {
    get stateFiels() {
        return this.orderResModel === "crm.lead" ? ["active"] : super.stateFiels;
    },

    _defineButtonContent() {
        if (this.orderResModel === "crm.lead") {
            this.buttonString = _t("Back to Opportunity");
        } else {
            super._defineButtonContent();
        }
    },
});
