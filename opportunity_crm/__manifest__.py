{
    "name": "Opportunity CRM",
    "summary": "Opportunity templates, next actions and a sales history you can trust",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "The Opportunity CRM team",
    "license": "LGPL-3",
    "application": True,
    "depends": ["sale_crm", "sale_management", "contacts", "calendar", "link_tracker"],
    "data": [
        "security/ir.model.access.csv",
        "security/opportunity_crm_security.xml",
        "data/opportunity_template_data.xml",
        "views/opportunity_template_views.xml",
        "views/opportunity_stage_move_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_stage_views.xml",
        "views/crm_team_views.xml",
        "wizards/opportunity_next_action_views.xml",
        "views/opportunity_crm_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "opportunity_crm/static/src/views/**/*",
        ],
        "web.assets_tests": [
            "opportunity_crm/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
