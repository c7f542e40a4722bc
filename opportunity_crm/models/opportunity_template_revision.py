from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .opportunity_definition import differs

FROZEN_FIELDS = frozenset(
    {"stage_order", "won_stage_id", "require_win_reason", "require_loss_reason", "order_effect", "order_stage_id"}
)


class OpportunityTemplate(models.Model):
    """The revisions of a template: what is in use is not changed under its users.

    A family is the first revision and those made from it. The newest that is no draft is the current one; those before
    it are superseded and stay archived. At most one draft revision is being edited.
    """

    _inherit = "opportunity.template"

    is_frozen = fields.Boolean(
        string="In Use",
        compute="_compute_is_frozen",
        help="Opportunities use this revision: its stages, steps and conditions change in the next one only.",
    )
    usage_count = fields.Integer(string="Uses", compute="_compute_is_frozen")
    family_id = fields.Many2one(
        "opportunity.template",
        string="Template",
        compute="_compute_family_id",
        store=True,
        index=True,
        help="The first revision, by which all revisions of a template are grouped.",
    )
    revision_ids = fields.One2many(
        "opportunity.template", "family_id", string="Revisions", context={"active_test": False}, readonly=True
    )
    revision_count = fields.Integer(string="Number of Revisions", compute="_compute_revisions")
    current_id = fields.Many2one("opportunity.template", string="Current Revision", compute="_compute_revisions")
    is_next_revision = fields.Boolean(compute="_compute_revisions")
    is_superseded = fields.Boolean(compute="_compute_revisions")
    revision_notice = fields.Char(compute="_compute_revision_notice")

    _one_active = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'active'", "Only one revision of a template can be active."
    )
    _one_draft = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'draft'", "Only one revision of a template can be edited at a time."
    )
    _revision_unique = models.UniqueIndex(
        "(COALESCE(origin_id, id), revision)", "The template has this revision already."
    )

    @api.depends("state")
    def _compute_is_frozen(self):
        uses = self._count_uses()
        for template in self:
            template.usage_count = uses.get(template.id, 0)
            template.is_frozen = bool(template.usage_count)

    @api.depends("origin_id")
    def _compute_family_id(self):
        for template in self:
            template.family_id = template.origin_id or template._origin

    @api.depends("family_id.revision_ids.state", "family_id.revision_ids.revision")
    def _compute_revisions(self):
        for template in self:
            family = (template.family_id.revision_ids | template._origin or template).sorted("revision")
            current = family.filtered(lambda revision: revision.state != "draft")[-1:] or family[:1]
            template.revision_count = len(family)
            template.current_id = current
            template.is_next_revision = template.state == "draft" and template._origin != current._origin
            template.is_superseded = template.state == "archived" and template._origin != current._origin

    @api.depends("is_next_revision", "is_superseded", "usage_count")
    def _compute_revision_notice(self):
        for template in self:
            template.revision_notice = template._get_revision_notice()

    def _get_revision_notice(self):
        """Return what to know before one changes this revision; nothing where there is nothing to know."""
        if self.is_next_revision:
            return self.env._(
                "Revision %(next)s, being edited; revision %(current)s stays in use until you publish it.",
                next=self.revision,
                current=self.current_id.revision,
            )
        if self.is_superseded:
            return self.env._("Revision %s was replaced. Its opportunities keep it.", self.revision)
        if self.state != "active" or not self.usage_count:
            return ""
        if self.usage_count == 1:
            return self.env._(
                "1 opportunity uses this revision. Edit makes the next one; names and texts can be corrected here."
            )
        return self.env._(
            "%s opportunities use this revision, closed ones included. Edit makes the next one; names and texts can be"
            " corrected here.",
            self.usage_count,
        )

    @api.depends("is_superseded", "revision")
    def _compute_display_name(self):
        res = super()._compute_display_name()
        for template in self.filtered(lambda template: template.state == "archived" and template.is_superseded):
            template.display_name = template._get_revision_name()
        return res

    def _get_revision_name(self):
        """Return the name with the number of the revision, where there are several."""
        if self.revision_count == 1:
            return self.name
        return self.env._("%(name)s (revision %(revision)s)", name=self.name, revision=self.revision)

    @api.constrains("origin_id", "revision")
    def _check_origin(self):
        for template in self:
            origin = template.origin_id
            if origin.origin_id or origin == template or bool(origin) != (template.revision > 1):
                raise ValidationError(
                    self.env._(
                        "“%s” must be either the first revision of a template, or a later one with the first revision"
                        " set.",
                        template.name,
                    )
                )

    def _count_uses(self):
        """Return ``{id: number of opportunities}`` of the templates that are in use, whoever may see those."""
        # sudo: an opportunity that the user cannot see uses the template as well; only their number is told
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group([("template_id", "in", self.ids)], ["template_id"], ["__count"])
        return {template.id: count for template, count in groups}

    def _filter_in_use(self):
        """Return the templates that have opportunities, whoever may see those."""
        return self.browse(self._count_uses())

    def _check_not_frozen(self):
        frozen = self._filter_in_use()
        if frozen:
            raise UserError(
                self.env._(
                    "Opportunities use these templates: %s. Their stages, steps and conditions are not changed under"
                    " them: press “Edit” to make the next revision, and publish it. Names and texts can be corrected"
                    " at any time.",
                    ", ".join(frozen.mapped("name")),
                )
            )

    def write(self, vals):
        if "state" in vals:
            self._check_transition(vals["state"])
        frozen = {name: vals[name] for name in FROZEN_FIELDS & vals.keys()}
        if frozen and differs(self, frozen):
            self._check_not_frozen()
        res = super().write(vals)
        if "name" in vals:
            # the name is one for all revisions
            super(OpportunityTemplate, self.family_id.revision_ids - self).write({"name": vals["name"]})
        if frozen:
            self.env.registry.clear_cache()
        return res

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        templates = self.family_id.revision_ids if field_name == "name" else self
        for template in templates:
            super(OpportunityTemplate, template)._update_field_translations(
                field_name, translations, digest=digest, source_lang=source_lang
            )
        return True

    def _inverse_active(self):
        """What comes out of the archive is checked again as a draft, unless it is in use: that cannot be edited."""
        back = self.filtered(lambda template: template.active and template.state == "archived")
        in_use = back._filter_in_use() | back.filtered(lambda template: template.revision_count > 1)
        in_use.state = "active"
        return super()._inverse_active()

    def _check_transition(self, state):
        """Refuse what would leave a template without its current revision, or with two."""
        moved = self.filtered(lambda template: template.state != state)
        if state == "draft":
            moved._check_may_be_draft()
        elif state == "active":
            moved._check_may_be_active()
        elif drafts := moved.filtered("is_next_revision"):
            raise UserError(
                self.env._(
                    "These revisions were never published: %s. Delete them instead of archiving them.",
                    ", ".join(drafts.mapped("name")),
                )
            )

    def _check_may_be_draft(self):
        refused = self._filter_in_use() | self.filtered(lambda template: template.revision_count > 1)
        if refused:
            raise UserError(
                self.env._(
                    "These templates are in use: %s. Press “Edit” to change them, or archive them to offer them no"
                    " longer.",
                    ", ".join(refused.mapped("name")),
                )
            )

    def _check_may_be_active(self):
        superseded = self.filtered("is_superseded")
        if superseded:
            raise UserError(
                self.env._(
                    "These revisions were replaced by later ones: %s. Edit the current revision instead.",
                    ", ".join(superseded.mapped("display_name")),
                )
            )
        drafts = self.filtered(lambda template: template.is_next_revision and template.current_id.state == "active")
        if drafts:
            raise UserError(
                self.env._(
                    "These are next revisions of active templates: %s. Open them one by one and press “Publish”.",
                    ", ".join(drafts.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_current(self):
        for family in self.family_id:
            left = family.revision_ids - self
            if left and not family | family.current_id <= left:
                raise UserError(
                    self.env._(
                        "“%s” has other revisions and cannot be deleted alone. Archive it to offer it no longer.",
                        family.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        # sudo: steps of an opportunity that the user cannot see count as well; only template names are shown
        steps = self.env["opportunity.step"].sudo()
        groups = steps._read_group([("template_stage_id.template_id", "in", self.ids)], ["template_stage_id"])
        worked = {line.template_id for (line,) in groups}
        if worked:
            raise UserError(
                self.env._(
                    "Opportunities have done steps of these templates, which cannot be deleted: %s.",
                    ", ".join(template.display_name for template in worked),
                )
            )
