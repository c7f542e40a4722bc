import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const open = (page) => ({ content: `Open ${page}`, trigger: `.nav-link[name=${page}]`, run: "click" });
const rename = { trigger: ".o_field_widget[name=name] textarea", run: "edit Tour Deal II" };
const quantity = ".o_field_widget[name=line_ids] .o_data_row:first [name=quantity]";

/** Change what is above the pages, open the pages that are read late, change a line, and save it all at once. */
registry.category("web_tour.tours").add("opportunity_crm_form_pages", {
    steps: () => [
        rename,
        open("lines"),
        { trigger: ".oe_subtotal_footer .o_tax_total_label, .oe_subtotal_footer .o_list_monetary" },
        { trigger: `${quantity}`, run: "click" },
        { trigger: `${quantity} input`, run: "edit 7" },
        open("sharing"),
        { trigger: "button[name=action_share]" },
        open("sales_history"),
        { trigger: ".o_opportunity_lazy_list .o_data_row" },
        open("lines"),
        { trigger: `${quantity}:contains("7")` },
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("opportunity_crm_form_first_page", {
    steps: () => [rename, ...stepUtils.saveForm()],
});
