from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain


class OpportunityTemplateMigration(models.TransientModel):
    """Change the template of opportunities: which stage becomes which, and what happens to each step.

    What is known is filled in: a stage that the new template has as well stays. Only the others are asked for.
    """

    _name = "opportunity.template.migration"
    _description = "Change Template"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", required=True, readonly=True, context={"active_test": False}
    )
    template_id = fields.Many2one(
        "opportunity.template",
        string="New Template",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_template_ids)]",
    )
    available_template_ids = fields.Many2many("opportunity.template", compute="_compute_available_template_ids")
    line_ids = fields.One2many(
        "opportunity.template.migration.line",
        "wizard_id",
        string="Stages",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    lead_count = fields.Integer(string="Opportunities to Change", compute="_compute_lead_count")
    left_names = fields.Char(
        string="Left as They Are",
        compute="_compute_lead_count",
        help="Opportunities that are won or lost, and those that have the template already.",
    )

    @api.depends("lead_ids")
    def _compute_template_id(self):
        """Propose the current revision where all opportunities have a revision of the same template."""
        for wizard in self:
            templates = wizard._get_open_leads().template_id
            current = templates.family_id.current_id
            is_newer = len(current) == 1 and current.state == "active" and templates != current
            wizard.template_id = current if is_newer else False

    @api.depends("lead_ids")
    def _compute_available_template_ids(self):
        for wizard in self:
            leads = wizard._get_open_leads()
            domain = Domain("state", "=", "active") & Domain("company_id", "in", [*leads.company_id.ids, False])
            for team in leads.team_id:
                domain &= Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids)
            wizard.available_template_ids = wizard.template_id.search(domain)

    @api.depends("lead_ids", "template_id")
    def _compute_line_ids(self):
        for wizard in self:
            stages = wizard.template_id._get_open_stages()
            values = [
                {
                    "source_template_id": template.id,
                    "source_stage_id": stage.id,
                    "lead_count": len(ids),
                    "target_stage_id": (stage & stages).id,
                }
                for (template, stage), ids in wizard._get_groups().items()
            ]
            wizard.line_ids = [Command.clear(), *map(Command.create, values)]

    @api.depends("lead_ids", "template_id")
    def _compute_lead_count(self):
        for wizard in self:
            changed = {id_ for ids in wizard._get_groups().values() for id_ in ids}
            left = wizard.lead_ids.filtered(lambda lead, changed=changed: lead._origin.id not in changed)
            wizard.lead_count = len(changed)
            wizard.left_names = ", ".join(left[:20].mapped("name")) + (" …" if len(left) > 20 else "")

    def _get_open_leads(self):
        domain = self.env["crm.lead"]._get_domain_migratable()
        return self.env["crm.lead"].search(domain & Domain("id", "in", self.lead_ids.ids))

    def _get_groups(self):
        """Return ``{(template, crm.stage): ids of opportunities}`` of those that get the new template."""
        leads = self.env["crm.lead"]
        domain = leads._get_domain_migratable() & Domain("id", "in", self.lead_ids.ids)
        if self.template_id:
            domain &= Domain("template_id", "!=", self.template_id.id)
        rows = leads._read_group(domain, ["template_id", "stage_id"], ["id:array_agg"])
        return {(template, stage): ids for template, stage, ids in sorted(rows, key=self._get_place)}

    @api.model
    def _get_place(self, row):
        """Return what sorts the groups as their templates and the stages in them are."""
        template, stage, _ids = row
        path = template._get_stages().ids
        return template.name or "", template.revision, path.index(stage.id) if stage.id in path else -1

    def _count_steps(self):
        """Return ``{(template, crm.stage): Counter of (step, state)}``: what opportunities have, done and not done."""
        place = {id_: key for key, ids in self._get_groups().items() for id_ in ids}
        steps = self.env["opportunity.step"].search_fetch(
            [("lead_id", "in", list(place))], ["lead_id", "step_id", "state"]
        )
        counts = defaultdict(Counter)
        for step in steps:
            counts[place[step.lead_id.id]][step.step_id, step.state == "todo"] += 1
        return counts

    def action_migrate(self):
        """Change the template of all opportunities at once, or of none."""
        self.ensure_one()
        if not self.template_id:
            raise UserError(self.env._("To which template? Please choose one."))
        groups = self._get_mapped_groups()
        leads = self.env["crm.lead"].concat(*(leads for leads, _stage in groups))
        self._check_rights(leads)
        leads._change_template(self.template_id, groups)
        return {"type": "ir.actions.act_window_close"}

    def _check_rights(self, leads):
        if len(leads) > 1 and not leads._can_override_gate():
            raise AccessError(
                self.env._(
                    "Only a sales manager can change the template of several opportunities at once. Change it in one,"
                    " or ask a sales manager."
                )
            )
        if not leads:
            raise UserError(self.env._("None of these opportunities is open and has another template."))

    def _get_mapped_groups(self):
        """Return ``(opportunities, new stage)`` for each line; refuse when something is not said."""
        targets = {(line.source_template_id, line.source_stage_id): line.target_stage_id for line in self.line_ids}
        groups = self._get_groups()
        if groups.keys() - targets.keys():
            raise UserError(
                self.env._("Opportunities have moved in the meantime. Close this dialog and open it again, please.")
            )
        missing = [stage.name or "–" for template, stage in groups if not targets[template, stage]]
        if missing:
            raise UserError(
                self.env._(
                    "“%(template)s” does not have these stages: %(stages)s. Choose the stage that takes the place of"
                    " each.",
                    template=self.template_id.name,
                    stages=", ".join(missing),
                )
            )
        return [(self.env["crm.lead"].browse(ids), targets[key]) for key, ids in groups.items()]

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Template"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
