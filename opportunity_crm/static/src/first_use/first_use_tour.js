import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

import { markup } from "@odoo/owl";

const OUTSIDE_CRM = '.o_web_client:not(:has([data-menu-xmlid="crm.crm_menu_sales"]))';
const FORM = ".o_lead_opportunity_form";
const DATE = `${FORM} .o_field_widget[name='next_action_date']`;
const inTwoDays = () => luxon.DateTime.now().plus({ days: 2 }).toFormat("MM/dd/yyyy");

/** On the way to CRM, unless it is open: the menus are on the left on a phone. */
function openCrm() {
    const steps = [
        stepUtils.showAppsMenuItem(),
        ...stepUtils.toggleHomeMenu(),
        {
            trigger: '.o_app[data-menu-xmlid="crm.crm_menu_root"]',
            content: markup(_t("Opportunities are in <b>CRM</b>.")),
            tooltipPosition: "bottom",
            run: "click",
        },
    ];
    return steps.map((step) => ({ ...step, isActive: [...(step.isActive || []), OUTSIDE_CRM] }));
}

function openMenu(xmlid, content) {
    return [
        {
            isActive: ["desktop"],
            trigger: '[data-menu-xmlid="crm.crm_menu_sales"]',
            content,
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_main_navbar .o_menu_toggle",
            content,
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `[data-menu-xmlid="${xmlid}"]`,
            content,
            tooltipPosition: "right",
            run: "click",
        },
    ];
}

/** The first opportunity: from the choice of a template to the first next action. */
registry.category("web_tour.tours").add("opportunity_crm_tour", {
    url: "/odoo",
    steps: () => [
        ...openCrm(),
        ...openMenu(
            "opportunity_crm.opportunity_template_menu_choose",
            markup(_t("A new opportunity begins with <b>New from Template</b>."))
        ),
        {
            trigger: ".o_opportunity_template_choose .o_kanban_record button[name=action_new_opportunity]",
            content: markup(_t("<b>Choose what you want to sell:</b> each template has its own stages.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `${FORM} .o_field_widget[name=name] textarea`,
            content: markup(_t("<b>Name the deal</b>, so that your colleagues know what it is about.")),
            tooltipPosition: "bottom",
            run: "edit First delivery",
        },
        {
            trigger: `${FORM} .o_field_widget[name=partner_id] input`,
            content: markup(_t("<b>Who would buy it?</b> Choose a customer, or write a name to create one.")),
            tooltipPosition: "bottom",
            run: "edit Brandon Freeman",
        },
        {
            isActive: ["auto"],
            trigger: ".ui-menu-item > a:contains('Brandon Freeman')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            content: markup(_t("<b>Save it.</b>")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: `${FORM}:has(.o_form_saved, .o_form_status_indicator_buttons.invisible)`,
        },
        {
            isActive: ["manual"],
            trigger: `${FORM} .o_statusbar_status`,
            content: markup(
                _t("These are the stages of the deal. <b>Click the next one</b>; what is still missing is told.")
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["manual"],
            trigger: DATE,
            content: markup(_t("<b>When will you do something for this deal next?</b> Choose the day.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: `${DATE} input, ${DATE} button`,
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: `${DATE} input`,
            run: `edit ${inTwoDays()}`,
        },
        {
            trigger: `${FORM} .o_field_widget[name=next_action_note] input`,
            content: markup(_t("<b>What will it be?</b> A call, a visit, an offer: it is planned as an activity.")),
            tooltipPosition: "bottom",
            run: "edit Call about the offer",
        },
        {
            trigger: ".o_form_button_save",
            content: markup(_t("<b>Save</b> to plan it.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: `${FORM} button[name=action_next_action]`,
        },
        ...openMenu(
            "crm.menu_crm_opportunities",
            markup(_t("Now look at it in <b>My Pipeline</b>, with its next action."))
        ),
        {
            trigger: ".o_opportunity_kanban .o_kanban_record:has(.o_opportunity_next_action)",
            content: _t("There it is. Drag it on as the deal goes forward, and open it for all the rest."),
            tooltipPosition: "right",
            run: "click",
        },
    ],
});
