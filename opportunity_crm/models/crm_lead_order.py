from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """The orders that are made from an opportunity: one for all its lines, unless somebody wants another one."""

    _inherit = "crm.lead"

    def action_create_order(self):
        """Make one quotation for each of the opportunities, with all its lines, and open what there is.

        An opportunity that has been ordered, or has a quotation of its lines, keeps that one, however often and by
        however many people this is pressed; :meth:`action_create_another_order` makes one more. All or none: an
        opportunity that lacks something is told with what it lacks. Where only one lacks its customer, Odoo's dialog
        asks for them and goes on.
        """
        if len(self) == 1 and not self.partner_id and self._get_priced_lines():
            return self._ask_customer()
        return self._open_orders(self._create_orders())

    def action_create_another_order(self):
        """Make a further quotation with the lines of the opportunities, whatever quotations and orders there are."""
        return self._open_orders(self._create_orders(another=True))

    def _ask_customer(self):
        action = self.env["ir.actions.actions"]._for_xml_id("sale_crm.crm_quotation_partner_action")
        action["context"] = {"active_model": self._name, "active_id": self.id, "opportunity_creates_order": True}
        return action

    def _create_orders(self, another=False):
        """Return the order of each opportunity, made where there is none.

        :param bool another: make one for each, also where there are some
        :return: the ``sale.order`` records, in the order of the opportunities
        """
        self.check_access("write")
        self._lock_orders()
        # sudo: an order that the user may not see is one all the same; it is not shown to them
        existing = {} if another else self.sudo()._get_orders_of_lines()
        missing = self.filtered(lambda lead: lead.id not in existing)
        missing._check_orderable()
        created = self.env["sale.order"]._create_many(missing._prepare_all_order_values())
        orders = {**existing, **{order.opportunity_id.id: order for order in created}}
        return self.env["sale.order"].browse(orders[lead.id].id for lead in self)

    def _get_or_create_order(self, values=None, update=False):
        """Return the open quotation of the opportunity, made from values where there is none.

        At most one caller makes it: the opportunity is locked, and whoever comes second is refused by the database,
        tries again as every request does, and finds it.

        :param dict values: as :meth:`_prepare_order_values` returned them, perhaps some time ago; the current ones
            without
        :param bool update: change an open quotation that differs from the values
        :return: ``sale.order``, in draft or sent
        """
        self.ensure_one()
        self._lock_orders()
        order = self._get_orders_of_lines(open_only=True).get(self.id)
        if not order:
            self._check_orderable(values)
            return self.env["sale.order"]._create_many([values or self._prepare_order_values()])
        if update:
            order._follow_offer(values or self._prepare_order_values())
        return order

    def _lock_orders(self):
        """Let nobody else make orders of these opportunities until this transaction has ended.

        A lock alone would not do: whoever waits for it goes on with what they saw before, when there was no order yet.
        """
        self.flush_recordset()
        # SQL because a write without a change writes nothing; ordered, so that two batches do not wait for each other
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead SET write_date = crm_lead.write_date
                  FROM (SELECT id FROM crm_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) AS locked
                 WHERE locked.id = crm_lead.id
                """,
                self.ids,
            )
        )

    def _get_orders_of_lines(self, open_only=False):
        """Return ``{opportunity id: order}``: the newest quotation made from the lines, or else the newest order."""
        states = ["draft", "sent"] if open_only else ["draft", "sent", "sale"]
        domain = Domain("opportunity_id", "in", self.ids) & Domain("is_from_lines", "=", True)
        return self.env["sale.order"].search(domain & Domain("state", "in", states))._get_newest_of_lines()

    def _open_orders(self, orders):
        hidden = orders - orders._filtered_access("read")
        if hidden:
            # sudo: only their numbers are told, so that a second quotation is not made beside them
            names = ", ".join(hidden.sudo().mapped("name"))
            raise AccessError(
                self.env._("There are quotations already that you may not see: %s. Ask their salespeople.", names)
            )
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_quotations")
        action["domain"] = [("id", "in", orders.ids)]
        action["context"] = {}
        if len(orders) == 1:
            action.update(res_id=orders.id, views=[(False, "form")])
        return action

    def _check_orderable(self, values=None):
        """Say of all opportunities at once what keeps them from being ordered."""
        reasons = {lead: lead._get_order_obstacle(values) for lead in self}
        texts = [f"{lead.name}: {reason}" for lead, reason in reasons.items() if reason]
        if texts:
            raise UserError("\n".join(texts))

    def _get_order_obstacle(self, values=None):
        """Return in words why the opportunity cannot be ordered; a false value when it can."""
        if self.type != "opportunity":
            return self.env._("It is a lead. Convert it to an opportunity first.")
        if not self.active or self.won_status == "lost":
            return self.env._("It is closed. Restore it before you make an order.")
        if values:
            return None
        if not self._get_priced_lines():
            return self.env._("It has no products. Add what the customer wants to order.")
        if not self.partner_id:
            return self.env._("Who is the customer? Set the contact.")
        return self._get_archived_obstacle()

    def _get_archived_obstacle(self):
        products = self.line_ids.product_id | self.line_ids.part_ids.product_id | self.line_ids.setup_product_id
        archived = products.filtered(lambda product: not product.active)
        return archived and self.env._(
            "No longer sold: %s. Remove them or choose others.", ", ".join(archived.mapped("display_name"))
        )

    def _get_open_quotations(self):
        """Return the quotations of opportunities that are neither confirmed nor cancelled and that the user may
        change, without renewals of what was ordered before."""
        domain = Domain("opportunity_id", "in", self.ids) & Domain("renewal_of_id", "=", False)
        domain &= Domain(self._get_lead_quotation_domain())
        return self.env["sale.order"].search(domain)._filtered_access("write")
