from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from .crm_lead_gate import GatePass
from .opportunity_stage_move import MoveCause


class CrmLead(models.Model):
    """What a confirmed order does to its opportunity, as the template says.

    Never is a confirmation held up: a customer who signs or pays has ordered, whatever the opportunity lacks.
    """

    _inherit = "crm.lead"

    def _follow_confirmed_orders(self, orders):
        """Win opportunities or move them to the stage of their template, through the gate, because of orders."""
        open_leads = self.filtered(lambda lead: lead.active and lead.won_status == "pending")
        for lead in (self - open_leads).filtered(lambda lead: lead.won_status == "lost"):
            lead._tell_owner(
                self.env._(
                    "Ordered although it is lost: %s is confirmed. Restore the opportunity, or cancel the order.",
                    lead._name_orders(orders),
                )
            )
        for template, leads in open_leads.filtered("template_id").grouped("template_id").items():
            if template.order_effect != "none":
                leads._try_to_advance(template, orders)

    def _try_to_advance(self, template, orders):
        """Advance all of the opportunities, or, where some may not, those that may; the others tell why not."""
        try:
            with self.env.cr.savepoint():
                self._advance_as_ordered(template)
        except UserError as error:
            if len(self) > 1:
                for lead in self:
                    lead._try_to_advance(template, orders)
                return
            self._tell_owner(
                self.env._(
                    "%(orders)s is confirmed, but the opportunity stays where it is. %(reason)s",
                    orders=self._name_orders(orders),
                    reason=error,
                )
            )

    def _advance_as_ordered(self, template):
        context = clean_context(self.env.context)
        leads = self.with_context(
            context, opportunity_gate_pass=GatePass(), opportunity_move_cause=MoveCause.AUTOMATION
        )
        if template.order_effect == "win":
            leads.action_set_won()
        else:
            # an order takes no opportunity back
            leads._get_advancing(template.order_stage_id).write({"stage_id": template.order_stage_id.id})

    def _name_orders(self, orders):
        return ", ".join(orders.filtered(lambda order: order.opportunity_id == self).mapped("name"))

    def _tell_owner(self, body):
        """Note something on the opportunity so that its salesperson hears of it, whoever caused it."""
        self.message_post(
            body=body,
            author_id=self.env.ref("base.partner_root").id,
            partner_ids=self.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
