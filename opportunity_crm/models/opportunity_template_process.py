from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class Outline(NamedTuple):
    """What the life cycle needs to know of a template on every move, kept in memory."""

    stage_order: str
    lines: dict  # of template stages, by crm.stage, in order
    steps: frozenset  # template stages with steps
    conditions: frozenset  # template stages with exit conditions
    requires_win_reason: bool
    requires_loss_reason: bool

    @property
    def stage_ids(self):
        """The ``crm.stage`` ids, in order."""
        return list(self.lines)

    @property
    def is_gated(self):
        """Whether anything may hold an opportunity of the template back."""
        return self.stage_order != "free" or bool(self.conditions) or self.requires_win_reason


class OpportunityTemplate(models.Model):
    """How opportunities pass the stages of a template, and how they end."""

    _inherit = "opportunity.template"

    stage_order = fields.Selection(
        [("free", "Free"), ("forward", "Forward Only"), ("one", "One at a Time")],
        string="Order of Stages",
        default="free",
        required=True,
        help="Free: to any stage. Forward only: never back. One at a time: to the next stage, or back to the one"
        " before.",
    )
    won_stage_id = fields.Many2one(
        "crm.stage",
        compute="_compute_won_stage_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        domain="[('is_won', '=', True), ('id', 'in', template_stage_ids)]",
        help="The stage that an opportunity enters when it is won.",
    )
    template_stage_ids = fields.Many2many("crm.stage", compute="_compute_template_stage_ids")
    require_win_reason = fields.Boolean(
        string="Reason for Winning", help="An opportunity is won only with a reason for winning."
    )
    require_loss_reason = fields.Boolean(
        string="Reason for Losing", help="An opportunity is lost only with a reason for losing."
    )

    @api.depends("stage_ids.stage_id.is_won", "stage_ids.sequence")
    def _compute_won_stage_id(self):
        for template in self:
            won = template._get_stages().filtered("is_won")
            if template.won_stage_id not in won:
                template.won_stage_id = won[:1]

    @api.depends("stage_ids.stage_id")
    def _compute_template_stage_ids(self):
        for template in self:
            template.template_stage_ids = template.stage_ids.stage_id

    @api.constrains("won_stage_id")
    def _check_won_stage(self):
        for template in self:
            stage = template.won_stage_id
            if stage and (not stage.is_won or stage not in template._get_stages()):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” cannot be the won stage of “%(template)s”: choose a stage of the template that is"
                        " marked as won.",
                        stage=stage.name,
                        template=template.name,
                    )
                )

    def _get_won_stage(self):
        """Return the won ``crm.stage`` of the template; empty when there is none."""
        stages = self._get_stages().filtered("is_won")
        return self.won_stage_id & stages or stages[:1]

    def _get_open_stages(self):
        """Return the ``crm.stage`` records in which an opportunity of the template is not closed, in order."""
        return self._get_stages().filtered(lambda stage: not stage.is_won)

    def _get_destination(self, stage):
        """Return where opportunities of the template go that are to go to a stage: its own won stage for any other."""
        if stage.is_won and stage not in self._get_stages():
            return self._get_won_stage()
        return stage

    def _is_any_gated(self):
        return any(self._get_outline(template.id).is_gated for template in self)

    def _has_steps(self):
        return bool(self.id and self._get_outline(self.id).steps)

    @api.model
    @tools.ormcache("template_id")
    def _get_outline(self, template_id):
        """Return the :class:`Outline` of a template."""
        # sudo: the same for everybody, and kept for everybody
        template = self.sudo().browse(template_id)
        lines = template.stage_ids.sorted()
        return Outline(
            stage_order=template.stage_order,
            lines={line.stage_id.id: line.id for line in lines},
            steps=frozenset(lines.filtered("step_ids").ids),
            conditions=frozenset(lines.filtered("condition_ids").ids),
            requires_win_reason=template.require_win_reason,
            requires_loss_reason=template.require_loss_reason,
        )
