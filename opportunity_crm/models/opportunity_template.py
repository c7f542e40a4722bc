from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class OpportunityTemplate(models.Model):
    """A type of opportunity that people can create, with stages of its own in its own order.

    The idea is NexJ's opportunity template: an administrator defines what a new account, an upsell or an outbound
    referral goes through, and sales people pick the type when they create the opportunity.
    """

    _name = "opportunity.template"
    _description = "Opportunity Template"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(
        string="What It Is For",
        translate=True,
        help="Shown to sales people when they choose a template: which deals this template is for.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("archived", "Archived")],
        string="Status",
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        help="Only active templates are offered for new opportunities. Opportunities keep an archived template.",
    )
    active = fields.Boolean(compute="_compute_active", inverse="_inverse_active", store=True, precompute=True)
    revision = fields.Integer(default=1, copy=False)
    origin_id = fields.Many2one(
        "opportunity.template",
        string="First Revision",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The first revision of this template; empty on the first one itself.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Leave empty to offer the template in all companies.")
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        check_company=True,
        help="Only these teams are offered the template. Leave empty to offer it to all teams.",
    )
    stage_ids = fields.One2many("opportunity.template.stage", "template_id", string="Stages", copy=True)
    tag_ids = fields.Many2many("crm.tag", string="Tags", help="Given to each new opportunity of this template.")
    closing_days = fields.Integer(
        string="Days to Close",
        help="A new opportunity is expected to close this many days after it was created. Zero sets no date.",
    )
    default_team_ids = fields.One2many(
        "crm.team", "opportunity_template_id", string="Default of Teams", help="Teams whose new opportunities use it."
    )
    opportunity_count = fields.Integer(string="Opportunities", compute="_compute_opportunity_count")

    _check_closing_days = models.Constraint("CHECK(closing_days >= 0)", "The days to close cannot be negative.")

    @api.depends("state")
    def _compute_active(self):
        for template in self:
            template.active = template.state != "archived"

    def _inverse_active(self):
        self.filtered(lambda template: not template.active).state = "archived"
        self.filtered(lambda template: template.active and template.state == "archived").state = "draft"

    def _compute_opportunity_count(self):
        """Count the opportunities of all revisions."""
        domain = [("template_id", "in", self.family_id.revision_ids.ids)]
        counts = dict(self.env["crm.lead"]._read_group(domain, ["template_id"], ["__count"]))
        for template in self:
            template.opportunity_count = sum(counts.get(revision, 0) for revision in template.family_id.revision_ids)

    @api.constrains("state", "stage_ids")
    def _check_stages_when_active(self):
        for template in self.filtered(lambda template: template.state == "active"):
            if not template.stage_ids:
                raise ValidationError(
                    self.env._("Add stages to the template “%s” before you activate it.", template.name)
                )
            if not template._get_won_stage():
                raise ValidationError(
                    self.env._(
                        "The template “%s” has no won stage. Add a stage that is marked as won, so that its"
                        " opportunities can be closed.",
                        template.name,
                    )
                )

    @api.constrains("team_ids", "stage_ids")
    def _check_stage_teams(self):
        self.stage_ids._check_stage_teams()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        # sudo: an opportunity that the user cannot see uses the template as well; only template names are shown
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        used = leads._read_group([("template_id", "in", self.ids)], ["template_id"])
        if used:
            raise UserError(
                self.env._(
                    "These templates have opportunities and cannot be deleted: %s. Archive them instead: they are no"
                    " longer offered, and their opportunities keep them.",
                    ", ".join(template.name for (template,) in used),
                )
            )

    def write(self, vals):
        if vals.get("state") == "archived" or vals.get("active") is False:
            self.default_team_ids.opportunity_template_id = False
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", template.name))
            for template, vals in zip(self, vals_list, strict=True)
        ]

    def action_activate(self):
        """Offer the templates for new opportunities; refused without stages or without a won stage."""
        self.state = "active"

    def action_draft(self):
        """Take the templates back to draft: no longer offered, open opportunities keep them."""
        self.state = "draft"

    def action_new_opportunity(self):
        """Open the form of a new opportunity of this template."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.crm_lead_action_new_from_template")
        action["context"] = {"default_type": "opportunity", "default_template_id": self.id}
        team = self._get_team_of_user()
        if team:
            action["context"]["default_team_id"] = team.id
        return action

    def action_view_opportunities(self):
        """Open the pipeline of this template, all revisions: its stages only, in its order."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_opportunities")
        action["display_name"] = self.name
        action["domain"] = [("type", "=", "opportunity"), ("template_id", "in", self.family_id.revision_ids.ids)]
        action["context"] = {"default_type": "opportunity", "default_template_id": self.current_id.id}
        return action

    def _get_team_of_user(self):
        """Return the team in which the user would create an opportunity of this template.

        Empty when the template is open to all teams: Odoo's own choice of team stands then.
        """
        self.ensure_one()
        user = self.env.user
        mine = self.team_ids.filtered(lambda team: user in team.member_ids | team.user_id)
        return (mine or self.team_ids)[:1]

    def _get_stages(self):
        """Return the ``crm.stage`` records of the template in the template's order."""
        return self.stage_ids.sorted().stage_id

    def _prepare_lead_defaults(self):
        """Return the values that an opportunity of the template gets where it has none of its own."""
        values = {}
        if self.tag_ids:
            values["tag_ids"] = [fields.Command.set(self.tag_ids.ids)]
        if self.closing_days:
            values["date_deadline"] = fields.Date.context_today(self) + timedelta(days=self.closing_days)
        return values

    def _require_won_stage(self):
        """Return the won stage of the template, or tell what to do when it has lost it."""
        stage = self._get_won_stage()
        if not stage:
            raise UserError(
                self.env._(
                    "The template “%s” has no won stage any more. Ask an administrator to add one to the template.",
                    self.name,
                )
            )
        return stage

    def _add_won_stage(self):
        """End templates with the won stage that the pipeline has; a pipeline with none for all teams gets one."""
        stages = self.env["crm.stage"]
        won = stages.search([("is_won", "=", True), ("team_ids", "=", False)], limit=1) or stages.create(
            {"name": self.env._("Won"), "is_won": True, "sequence": 70}
        )
        for template in self - self.filtered(lambda template: template._get_won_stage()):
            last = max(template.stage_ids.mapped("sequence"), default=0)
            template.stage_ids = [fields.Command.create({"stage_id": won.id, "sequence": last + 10})]

    @api.model
    def _get_domain_offered(self, team=None, company=None):
        """Return the domain of the templates that may be chosen for a team and company (records, may be empty)."""
        company_ids = (company or self.env.company).ids
        domain = Domain("state", "=", "active") & Domain("company_id", "in", [*company_ids, False])
        if team:
            domain &= Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids)
        return domain
