import { registry } from "@web/core/registry";

const TOUR = "opportunity_crm_tour";

/** Show whoever asks for it the way to a first opportunity, beginning in the pipeline. */
async function showFirstUse(env) {
    const tour = await env.services.orm.call("web_tour.tour", "get_tour_json_by_name", [TOUR]);
    await env.services.tour_service.startTour(TOUR, {
        mode: "manual",
        redirect: false,
        rainbowManMessage: tour.rainbowManMessage,
    });
    return "crm.crm_lead_action_pipeline";
}

registry.category("actions").add("opportunity_crm.first_use", showFirstUse);
