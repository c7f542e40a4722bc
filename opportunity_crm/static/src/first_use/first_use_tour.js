/* eslint-disable no-restricted-syntax -- the texts of a tour are its own, with words in bold, and so are their translations */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

import { markup } from "@odoo/owl";

const OUTSIDE_CRM = '.o_web_client:not(:has([data-menu-xmlid="crm.crm_menu_sales"]))';
const FORM = ".o_lead_opportunity_form";
const TEMPLATES = ".o_opportunity_template_choose .o_kanban_record";
const CHOICE = "button[name=action_new_opportunity]";
const PLANNED = `${FORM}:has(button[name=action_next_action])`;
const UNPLANNED = `${FORM}:not(:has(button[name=action_next_action]))`;
const NOTE = `${FORM} .o_field_widget[name=next_action_note] input`;
const CUSTOMER = `${FORM} .o_field_widget[name=partner_id] input`;
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

function writeNote(isActive) {
    return [
        {
            isActive,
            trigger: NOTE,
            content: markup(_t("<b>What will it be?</b> A call, a visit, an offer: it is planned as an activity.")),
            tooltipPosition: "bottom",
            run: "edit Call about the offer",
        },
        {
            isActive,
            trigger: ".o_form_button_save",
            content: markup(_t("<b>Save</b> to plan it.")),
            tooltipPosition: "bottom",
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
            isActive: ["manual"],
            trigger: `${TEMPLATES} ${CHOICE}`,
            content: markup(_t("<b>Choose what you want to sell:</b> each template has its own stages.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: `${TEMPLATES}:contains(Upsell) ${CHOICE}`,
            run: "click",
        },
        {
            trigger: `${FORM} .o_field_widget[name=name] textarea`,
            content: markup(_t("<b>Name the deal</b>, so that your colleagues know what it is about.")),
            tooltipPosition: "bottom",
            run: "edit First delivery",
        },
        {
            isActive: ["desktop"],
            trigger: CUSTOMER,
            content: markup(_t("<b>Who would buy it?</b> Choose a customer, or write a name to create one.")),
            tooltipPosition: "bottom",
            run: "edit Brandon Freeman",
        },
        {
            isActive: ["auto", "desktop"],
            trigger: ".ui-menu-item > a:contains('Brandon Freeman')",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: CUSTOMER,
            content: markup(_t("<b>Who would buy it?</b> Choose a customer, or write a name to create one.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto", "mobile"],
            trigger: ".modal .o_kanban_record:contains('Brandon Freeman')",
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
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
        {
            trigger: `${FORM} .o_statusbar_status`,
            content: markup(
                _t("These are the stages of the deal. <b>Click the next one</b>: you are told what is still missing.")
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["manual", PLANNED],
            trigger: NOTE,
            content: markup(_t("The template has planned <b>the next action</b>. Change here what it is, and when.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["manual", UNPLANNED],
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
        ...[["manual", UNPLANNED], ["auto"]].flatMap(writeNote),
        {
            isActive: ["auto"],
            trigger: PLANNED,
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
