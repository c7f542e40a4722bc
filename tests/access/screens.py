"""Which screens there are: the windows that the addon defines, its dialogs, and the pages of visitors."""

from dev.screenshots import PAGES

DEAL = [["name", "ilike", "Packaging line upgrade"]]
GATED = [["name", "ilike", "Serialisation-ready cartoner"]]
OUTDATED = [["name", "ilike", "Second vacuum packer"]]
KEG_LINE = [["name", "ilike", "Keg line"]]
# How each dialog is opened, by the model it edits: who, on which record, by which method or action of it.
DIALOGS = {
    "opportunity.access.explanation": ("leo", "crm.lead", DEAL, "action_explain_access"),
    "opportunity.cover.for.me": ("leo", "crm.lead", DEAL, "opportunity_crm.opportunity_cover_for_me_action"),
    "opportunity.coverage.apply": ("leo", "crm.lead", DEAL, "opportunity_crm.opportunity_coverage_apply_action_server"),
    "opportunity.coverage.update": (
        "maya",
        "res.partner",
        [["coverage_group_ids", "!=", False]],
        "action_update_coverage",
    ),
    "opportunity.enrollment.resume": ("leo", "opportunity.enrollment", [["state", "=", "paused"]], "action_resume"),
    "opportunity.field.removal": ("maya", "opportunity.field", [], "action_remove"),
    "opportunity.label.wizard": ("leo", "crm.lead", DEAL, "action_print_labels"),
    "opportunity.letter.wizard": ("leo", "crm.lead", DEAL, "action_print_letter"),
    "opportunity.next.action": ("leo", "crm.lead", DEAL, "action_next_action"),
    "opportunity.order.update": ("leo", "crm.lead", OUTDATED, "action_update_quotation"),
    "opportunity.sequence.start": ("leo", "crm.lead", KEG_LINE, "action_start_sequence"),
    "opportunity.share.wizard": ("leo", "crm.lead", DEAL, "action_share"),
    "opportunity.template.migration": (
        "leo",
        "crm.lead",
        DEAL,
        "opportunity_crm.opportunity_template_migration_action_server",
    ),
    "mail.compose.message": ("leo", "crm.lead", DEAL, "action_send_buy_now_link"),
    "crm.lead.lost": ("leo", "crm.lead", DEAL, "crm.crm_lead_lost_action"),
}
# Pictures of the docs with what neither a window nor a dialog above shows.
SHOWN = (
    *("stage_help", "gate", "stage", "steps", "line_open", "file_box", "labels", "letter_fields", "start_sequence"),
    *("customer", "tasks", "rotation", "coverage_people", "tab", "list"),
)
PICTURES = [page for page in PAGES if page.name in SHOWN]
