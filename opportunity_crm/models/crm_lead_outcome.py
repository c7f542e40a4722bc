from odoo import fields, models
from odoo.exceptions import UserError

from .crm_lead_gate import Unmet


class CrmLead(models.Model):
    """How an opportunity ends: won or lost, and why."""

    _inherit = "crm.lead"

    win_reason_id = fields.Many2one(
        "opportunity.win.reason",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        help="Why the opportunity was won. The template may require it.",
    )

    def _lacks_win_reason(self, lead):
        outline = self.env["opportunity.template"]._get_outline(lead.template_id.id)
        return outline.requires_win_reason and not lead.win_reason_id

    def _prepare_unmet_win_reason(self):
        return Unmet("reason", "block", self.env._("Say why it is won"), {"fields": ["win_reason_id"]})

    def _describe_win_reason(self):
        """Return the reason for winning as an exit condition, for those who read what lies ahead."""
        if not self._is_win_reason_next():
            return []
        return [{"text": self.env._("The reason for winning"), "is_met": bool(self.win_reason_id), "is_blocking": True}]

    def _is_win_reason_next(self):
        """Tell whether the next stage is the one that asks for the reason for winning."""
        template = self.template_id._origin
        outline = template and template._get_outline(template.id)
        if not outline or not outline.requires_win_reason or self.stage_id.id not in outline.stage_ids:
            return False
        following = outline.stage_ids[outline.stage_ids.index(self.stage_id.id) + 1 :][:1]
        return self.env["crm.stage"].browse(following).is_won

    def _check_loss_reasons(self):
        """Refuse to lose opportunities without a reason, where their template requires one."""
        templates = self.env["opportunity.template"]
        silent = self.filtered(
            lambda lead: (
                lead.template_id
                and not lead.lost_reason_id
                and templates._get_outline(lead.template_id.id).requires_loss_reason
                and lead.won_status == "lost"
            )
        )
        if silent:
            raise UserError(
                self.env._(
                    "Why are these opportunities lost? Their template asks for a reason: %s",
                    ", ".join(silent.mapped("name")),
                )
            )

    def _forget_win_reasons(self):
        """Clear the reason for winning of opportunities that are open again: it will be asked for anew."""
        reopened = self.filtered(lambda lead: lead.win_reason_id and lead.won_status != "won")
        if reopened:
            reopened._hold_history().write({"win_reason_id": False})
