from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import OfferError

ESSENCE = (
    "display_type",
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
)
SAME_VISIT = timedelta(minutes=30)


class OpportunityBuyLink(models.Model):
    """What a customer does with a Buy Now link: view the offer, and accept it once."""

    _inherit = "opportunity.buy.link"

    def _record_view(self):
        """Note that the customer looks at the offer; looks within half an hour are one view.

        The first view is told to the salesperson; the chatter gets one line a day at most.
        """
        now = self.env.cr.now()
        before = self.date_viewed
        if before and now - before < SAME_VISIT:
            return
        self.write({"view_count": self.view_count + 1, "date_viewed": now})
        if not before or before.date() < now.date():
            link = self._in_words_of_rep()
            link._tell(link.env._("The Buy Now offer was viewed."), notify=not before)

    def _accept(self, wants_invoice=False):
        """Accept the offer: the one order results, whoever else accepts at the same moment.

        :param bool wants_invoice: the customer asks to be invoiced; only where they cannot pay online
        :return: the ``sale.order``, with which Odoo's portal goes on
        :raise OfferError: when no order can be made; the salesperson has been told why
        """
        self.ensure_one()
        self._lock()
        if self.state != "accepted":
            if not self._is_open():
                raise OfferError(self.env._("This offer cannot be accepted any more."))
            self._place_order(wants_invoice and not self._can_pay())
        return self.order_id

    def _lock(self):
        """Wait until nobody else accepts the link.

        Who waited for somebody that accepted it is refused by PostgreSQL, because the row has changed since, and Odoo
        repeats the request, which then finds the order.
        """
        # SQL: the ORM only has locks that do not wait
        self.env.cr.execute(SQL("SELECT FROM opportunity_buy_link WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset()

    def _place_order(self, wants_invoice):
        # the server acts, not the visitor: what it does is not done by the “public user”
        link = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                order = link._get_order(wants_invoice)
        except UserError as error:
            link._refuse(str(error))
        except IntegrityError:
            link._refuse(self.env._("Something that its order needs was deleted. Send a new link."))
        link.write(
            {"date_accepted": self.env.cr.now(), "order_id": order.id, "is_invoice_asked": wants_invoice, "problem": ""}
        )
        link._revoke_alternatives()
        link._tell_acceptance()

    def _get_order(self, wants_invoice):
        """Return the one order of the opportunity, as it was offered and ready to be signed or paid."""
        self._check_products()
        values = self._prepare_accepted_values(wants_invoice)
        order = self.lead_id._get_or_create_order(values)
        self._bring_to_offer(order, values)
        order.write({name: values[name] for name in ("require_payment", "require_signature")})
        if self.currency_id.compare_amounts(order.amount_total, self.amount_total):
            raise UserError(
                self.env._(
                    "The order would amount to %(order)s, but %(offer)s was offered. Send a new link.",
                    order=order.currency_id.format(order.amount_total),
                    offer=self.currency_id.format(self.amount_total),
                )
            )
        order.filtered(lambda order: order.state == "draft").action_quotation_sent()
        return order

    def _bring_to_offer(self, order, values):
        """Make a quotation that was there already what was accepted, unless the customer has agreed to it before."""
        if self._is_as_offered(order, values):
            return
        if order.signature or {"pending", "authorized", "done"} & set(order.transaction_ids.mapped("state")):
            raise UserError(
                self.env._("%s differs from the offer, and the customer has signed or paid it already.", order.name)
            )
        order.write({**values, "order_line": [Command.clear(), *values["order_line"]]})
        order._message_log(body=self.env._("Replaced by the Buy Now offer that the customer accepted."))

    def _is_as_offered(self, order, values):
        """Tell whether an order has the customer, the products, prices and texts of the offer, and nothing else."""
        given = [self._get_essence(line) for *_command, line in values["order_line"]]
        made = [
            self._get_essence(line._convert_to_write({name: line[name] for name in ESSENCE}))
            for line in order.order_line
        ]
        return made == given and order.partner_id.id == values["partner_id"]

    def _get_essence(self, values):
        """Return the values that make a line of an order, as the database keeps them, to be compared."""
        lines = self.env["sale.order.line"]
        values = {name: lines._fields[name].convert_to_cache(values.get(name) or False, lines) for name in ESSENCE}
        return {**values, "tax_ids": set(values["tax_ids"])}

    def _prepare_accepted_values(self, wants_invoice):
        """Return the frozen values of the order, with what the customer still has to do."""
        can_pay = self._can_pay()
        must_sign = self.company_id.portal_confirmation_sign or not can_pay
        values = self._drop_deleted("sale.order", self.offer["order"])
        lines = [self._drop_deleted("sale.order.line", line) for line in self._get_order_lines()]
        return {
            **values,
            "order_line": [[0, 0, line] for line in lines],
            "opportunity_id": self.lead_id.id,  # the opportunity may have been merged since
            "require_payment": can_pay,
            "require_signature": must_sign and not wants_invoice,
        }

    def _get_order_lines(self):
        return [values for _command, _id, values in self.offer["order"]["order_line"]]

    def _drop_deleted(self, model, values):
        """Return values of a model without the records to which they refer and that were deleted since.

        A campaign or the line of the opportunity is not what the customer accepts; what they accept is checked by its
        amount.
        """
        fields = self.env[model]._fields
        kept = {}
        for name, value in values.items():
            if fields[name].type == "many2one":
                value = self.env[fields[name].comodel_name].browse(value or ()).exists().id
            elif fields[name].type == "many2many":
                value = [[6, 0, self.env[fields[name].comodel_name].browse(value[0][2]).exists().ids]]
            kept[name] = value
        return kept

    def _check_products(self):
        """Refuse what is not sold any more."""
        ids = [line["product_id"] for line in self._get_order_lines() if line.get("product_id")]
        products = self.env["product.product"].browse(ids)
        if archived := products.filtered(lambda product: not product.active):
            raise UserError(
                self.env._("These products are not sold any more: %s", ", ".join(archived.mapped("display_name")))
            )

    def _revoke_alternatives(self):
        """Revoke the other offers of the opportunity: one opportunity, one order."""
        self.lead_id._get_open_buy_links()._revoke(self.env._("Another offer of the opportunity was accepted."))

    def _tell_acceptance(self):
        link = self._in_words_of_rep()
        amount = link.currency_id.format(link.amount_total)
        body = link.env._("The Buy Now offer of %(amount)s was accepted: %(order)s.", amount=amount, order=link._show())
        if link.is_invoice_asked:
            body += " " + link.env._("The customer asks to be invoiced.")
            link._plan_invoice()
        link._tell(body)

    def _show(self):
        return self.order_id._get_html_link()

    def _plan_invoice(self):
        """Remind the salesperson of what nobody else does."""
        self.lead_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Confirm %s and invoice it", self.order_id.name),
            user_id=(self._get_rep() or self.user_id).id,
        )

    def _refuse(self, problem):
        """Refuse to make an order, and tell the salesperson, once, why."""
        if problem != self.problem:
            self.problem = problem
            link = self._in_words_of_rep()
            link._tell(link.env._("The customer could not accept the Buy Now offer. %s", problem))
        raise OfferError(self.env._("This offer cannot be ordered online at the moment."))

    def _in_words_of_rep(self):
        """Return the link in an environment that speaks the language of the salesperson."""
        return self.with_user(SUPERUSER_ID).with_context(lang=self._get_rep().lang or self.env.lang)

    def _tell(self, body, notify=True):
        """Log a line on the opportunity in the name of the customer, and notify the salesperson."""
        self.lead_id.message_post(
            body=body,
            author_id=self.partner_id.id,
            partner_ids=self._get_rep().partner_id.ids if notify else [],
            subtype_xmlid="mail.mt_note",
        )
