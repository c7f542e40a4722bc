from odoo import api, fields, models


class OpportunityTemplatePublish(models.TransientModel):
    """What the next revision of a template changes, and what becomes of open opportunities when it is published."""

    _name = "opportunity.template.publish"
    _description = "Publish a Revision"

    template_id = fields.Many2one("opportunity.template", required=True, readonly=True, ondelete="cascade")
    title = fields.Char(compute="_compute_changes")
    changes = fields.Html(string="What Changes", compute="_compute_changes")
    open_count = fields.Integer(string="With an Earlier Revision", compute="_compute_open_count")
    open_opportunities = fields.Selection(
        [("keep", "Leave them as they are"), ("migrate", "Bring them to the new revision, in the next step")],
        default="keep",
        required=True,
    )

    @api.depends("template_id")
    def _compute_changes(self):
        for wizard in self:
            template = wizard.template_id
            wizard.title = self.env._(
                "Revision %(revision)s of “%(template)s” is what new opportunities get from now on.",
                revision=template.revision,
                template=template.name,
            )
            wizard.changes = template._render_changes(template._get_changes(template.current_id))

    @api.depends("template_id")
    def _compute_open_count(self):
        for wizard in self:
            wizard.open_count = self.env["crm.lead"].search_count(wizard.template_id._get_domain_left_behind())

    def action_publish(self):
        """Publish the revision; go on to the open opportunities if asked to."""
        self.ensure_one()
        migrates = self.open_opportunities == "migrate" and self.open_count
        self.template_id._publish()
        if migrates:
            return self.template_id.action_migrate_opportunities()
        return {"type": "ir.actions.act_window_close"}
