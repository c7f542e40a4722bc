from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd


class CrmLead(models.Model):
    """The template of an opportunity: its stages, their probability and their target days."""

    _inherit = "crm.lead"

    template_id = fields.Many2one(
        "opportunity.template",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('state', '=', 'active'), '|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
        help="The type of this opportunity: it decides which stages the opportunity passes.",
    )
    stage_id = fields.Many2one(
        domain="[('template_stage_ids.template_id', '=', template_id)] if template_id else "
        "[('template_only', '=', False), '|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]"
    )
    template_stage_id = fields.Many2one(
        "opportunity.template.stage",
        compute="_compute_template_stage_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    template_path = fields.Json(compute="_compute_template_path", export_string_translation=False)
    has_stage_probability = fields.Boolean(compute="_compute_has_stage_probability")
    stage_days = fields.Integer(string="Days in Stage", compute="_compute_stage_days")
    stage_target_days = fields.Integer(related="template_stage_id.target_days", string="Target Days")
    is_over_target = fields.Boolean(
        string="Over Target",
        compute="_compute_stage_days",
        search="_search_is_over_target",
        help="The opportunity is in its stage for longer than the target days of its template.",
    )

    @api.depends("team_id", "type")
    def _compute_template_id(self):
        """Propose the default template of the team to new opportunities; those that exist keep what they have."""
        new = self.filtered(lambda lead: lead.type == "opportunity" and not lead._origin and not lead.template_id)
        for team, leads in new.grouped("team_id").items():
            template = team._get_default_template()
            if template:
                leads.template_id = template

    @api.depends("template_id", "stage_id")
    def _compute_template_stage_id(self):
        for template, leads in self.grouped("template_id").items():
            if not template:
                leads.template_stage_id = False
                continue
            lines = template._get_outline(template._origin.id).lines
            for lead in leads:
                lead.template_stage_id = lines.get(lead.stage_id._origin.id, False)

    @api.depends("template_id")
    def _compute_template_path(self):
        for lead in self:
            lead.template_path = [
                {"id": line.stage_id.id, "target_days": line.target_days} for line in lead.template_id.stage_ids
            ]

    @api.depends("template_stage_id.use_automated_probability")
    def _compute_has_stage_probability(self):
        for lead in self:
            line = lead.template_stage_id
            lead.has_stage_probability = bool(line) and not line.use_automated_probability

    @api.depends("date_last_stage_update", "template_stage_id.target_days", "won_status", "active")
    def _compute_stage_days(self):
        now = self.env.cr.now()
        for lead in self:
            since = lead.date_last_stage_update
            lead.stage_days = (now - since).days if since else 0
            target = lead.template_stage_id.target_days
            is_open = lead.active and lead.won_status == "pending"
            lead.is_over_target = bool(is_open and target and since and since + timedelta(days=target) < now)

    def _search_is_over_target(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = self.env.cr.now()
        groups = self.env["opportunity.template.stage"]._read_group([("target_days", ">", 0)], ["target_days"])
        late = Domain.OR(
            Domain("template_stage_id.target_days", "=", days)
            & Domain("date_last_stage_update", "<", now - timedelta(days=days))
            for (days,) in groups
        )
        over = late & Domain("won_status", "=", "pending") & Domain("active", "=", True)
        return over if True in value else ~over

    @api.depends("template_id")
    def _compute_stage_id(self):
        """Keep opportunities of a template on its stages, and others off the stages that only templates use."""
        templated = self.filtered("template_id")
        for template, leads in templated.grouped("template_id").items():
            stages = template._get_stages()
            leads.filtered(lambda lead, stages=stages: lead.stage_id not in stages).stage_id = stages[:1]
        others = self - templated
        # as Odoo does for each, but with one search for all of a team
        homeless = others.filtered(lambda lead: not lead.stage_id or lead.stage_id.template_only)
        for leads in homeless.grouped("team_id").values():
            leads.stage_id = leads[0]._stage_find(domain=[("fold", "=", False)])
        return super(CrmLead, others - homeless)._compute_stage_id()

    @api.depends("template_stage_id")
    def _compute_probabilities(self):
        return super()._compute_probabilities()

    def _get_leads_taking_template(self, vals):
        """Return the opportunities to which values give a template that they do not have yet."""
        template_id = vals.get("template_id")
        return self.filtered(lambda lead: template_id and lead.template_id.id != template_id)

    def _check_template_offered(self):
        """Refuse a template that is not offered; no constraint, because opportunities keep one that was replaced."""
        for lead in self.filtered("template_id"):
            template, team = lead.template_id, lead.team_id
            if template.state != "active":
                raise ValidationError(
                    self.env._(
                        "The template “%s” is not active and cannot be chosen. Ask an administrator to activate it, or"
                        " choose another one.",
                        template.name,
                    )
                )
            if template.team_ids and team and team not in template.team_ids:
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” is not offered to the team “%(team)s”. Choose another template, or"
                        " one of these teams: %(teams)s.",
                        template=template.name,
                        team=team.name,
                        teams=", ".join(template.team_ids.mapped("name")),
                    )
                )

    @api.constrains("template_id", "stage_id")
    def _check_template_stage(self):
        # the template stage is computed from both; without it the stage is none of the template's
        astray = self.filtered(lambda lead: lead.template_id and lead.stage_id and not lead.template_stage_id)
        if astray:
            raise ValidationError(
                "\n".join(
                    self.env._(
                        "“%(opportunity)s” cannot be in the stage “%(stage)s”: its template “%(template)s” has the"
                        " stages %(stages)s.",
                        opportunity=lead.name,
                        stage=lead.stage_id.name,
                        template=lead.template_id.name,
                        stages=", ".join(lead.template_id._get_stages().mapped("name")),
                    )
                    for lead in astray
                )
            )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        template = self.template_id
        if template.team_ids and self.team_id not in template.team_ids:
            self.team_id = template._get_team_of_user()
        if not self._origin:
            defaults = template._prepare_lead_defaults()
            self.update({name: value for name, value in defaults.items() if not self[name]})

    @api.model
    def _prepare_template_values(self, vals_list):
        """Complete creation values where the chosen template decides: its team, and a stage of its own instead of the
        kanban column's when that is not among them."""
        defaults = {name: self.env.context.get(f"default_{name}") for name in ("template_id", "team_id", "stage_id")}
        template_ids = {vals.get("template_id", defaults["template_id"]) for vals in vals_list}
        templates = {
            template.id: template for template in self.env["opportunity.template"].browse(filter(None, template_ids))
        }
        return [
            vals | self._prepare_values_of_template(templates[template_id], {**defaults, **vals}, vals)
            if (template_id := vals.get("template_id", defaults["template_id"]))
            else vals
            for vals in vals_list
        ]

    @api.model
    def _prepare_values_of_template(self, template, known, given):
        values = {}
        if not known.get("team_id") and template.team_ids:
            values["team_id"] = template._get_team_of_user().id
        if "stage_id" not in given and known.get("stage_id"):
            stages = template._get_stages()
            if known["stage_id"] not in stages.ids:
                values["stage_id"] = stages[:1].id
        return values

    def _apply_template_defaults(self):
        """Give new opportunities the tags and the expected closing of their template, where they have none."""
        for template, leads in self.filtered("template_id").grouped("template_id").items():
            for name, value in template._prepare_lead_defaults().items():
                leads.filtered(lambda lead, name=name: not lead[name]).write({name: value})

    def copy_data(self, default=None):
        """A duplicate has the template, in its current revision, while that is offered; otherwise it has none."""
        vals_list = super().copy_data(default=default)
        for lead, vals in zip(self, vals_list, strict=True):
            if "template_id" not in (default or {}):
                vals["template_id"] = lead.template_id.current_id.filtered(lambda current: current.state == "active").id
        return vals_list

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Find stages in the template when all opportunities have the same one, else among those without template."""
        template = self.template_id
        if len(template) == 1 and all(lead.template_id for lead in self):
            return template._get_stages().filtered_domain(domain or [])[:limit]
        domain = Domain(domain or Domain.TRUE) & Domain("template_only", "=", False)
        return super()._stage_find(team_id=team_id, domain=domain, order=order, limit=limit)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the stages of the template that the domain asks for, in its order, and before its won stage those that
        only other revisions have; otherwise what Odoo shows, without empty columns for stages that only templates use.
        """
        template = self._get_template_of_domain(domain)
        if template:
            own = template._get_stages()
            won = own.ids.index(template._get_won_stage().id) if template._get_won_stage() else len(own)
            return own[:won] | (stages - own) | own[won:]
        shown = super()._read_group_stage_ids(stages, domain)
        return shown.filtered(lambda stage: stage in stages or not stage.template_only)

    @api.model
    def _get_template_of_domain(self, domain):
        """Return the only template whose opportunities the domain selects, the current revision where it selects
        several; empty when there is not exactly one."""
        domain = Domain(domain)
        for condition in domain.children if isinstance(domain, DomainAnd) else [domain]:
            if getattr(condition, "field_expr", None) == "template_id" and condition.operator in ("=", "in"):
                value = condition.value
                templates = self.env["opportunity.template"].browse(
                    filter(None, [value] if isinstance(value, int) else value)
                )
                if len(templates) == 1:
                    return templates
                if len(templates.family_id) == 1:
                    return templates.family_id.current_id
        return self.env["opportunity.template"]

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Put the probability of the template stage in place of the predicted one, here and in Odoo's cron."""
        probabilities = {} if is_tooltip else self._get_stage_probabilities(batch_mode)
        tooltip = {}
        predicted = self.filtered(lambda lead: lead.id not in probabilities) if probabilities else self
        if predicted:
            scored, tooltip = super(CrmLead, predicted)._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
            probabilities.update(scored)
        return probabilities, tooltip

    def _get_stage_probabilities(self, batch_mode):
        leads = self
        if batch_mode:
            leads = self.search_fetch([("id", "in", self.ids), ("template_id", "!=", False)], ["template_stage_id"])
        return {
            lead.id: line.probability
            for line, grouped in leads.filtered("template_id").grouped("template_stage_id").items()
            if line and not line.use_automated_probability
            for lead in grouped
        }

    def _set_won_in_template(self):
        """Move opportunities to the won stage of their template."""
        self.action_unarchive()
        for template, leads in self.grouped("template_id").items():
            leads.write({"stage_id": template._require_won_stage().id, "probability": 100})

    def _convert_opportunity_data(self, customer, team_id=False):
        """A lead that becomes an opportunity gets the default template of its team, as a new opportunity does."""
        values = super()._convert_opportunity_data(customer, team_id)
        team = self.env["crm.team"].browse(team_id or self.team_id.id)
        template = team._get_default_template()
        if template and not self.template_id:
            values["template_id"] = template.id
            if self.stage_id not in template._get_stages():
                values["stage_id"] = template._get_stages()[:1].id
        return values
