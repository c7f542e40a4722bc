import { registry } from "@web/core/registry";

const TOUR = "opportunity_crm_tour";

/** Show whoever asks for it the way to a first opportunity, beginning in CRM. */
async function showFirstUse(env) {
    const { menu, orm, tour_service } = env.services;
    await menu.selectMenu(menu.getAll().find((item) => item.xmlid === "crm.crm_menu_root"));
    const tour = await orm.call("web_tour.tour", "get_tour_json_by_name", [TOUR]);
    await tour_service.startTour(TOUR, {
        mode: "manual",
        redirect: false,
        rainbowManMessage: tour.rainbowManMessage,
    });
}

registry.category("actions").add("opportunity_crm.first_use", showFirstUse);
