from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """The Buy Now links of an opportunity: offers by e-mail that the customer accepts without us."""

    _inherit = "crm.lead"

    buy_link_ids = fields.One2many(
        "opportunity.buy.link",
        "lead_id",
        string="Buy Now Links",
        readonly=True,
        domain=["|", ("date_sent", "!=", False), ("date_revoked", "!=", False)],
    )
    buy_link_to_send_id = fields.Many2one(
        "opportunity.buy.link",
        string="Buy Now Link to Send",
        compute="_compute_buy_link_to_send_id",
        groups="sales_team.group_sale_salesman",
        help="The link for which the user is composing an e-mail; for the template of that e-mail.",
    )

    @api.depends_context("uid")
    def _compute_buy_link_to_send_id(self):
        domain = [("lead_id", "in", self.ids), ("user_id", "=", self.env.uid), ("state", "=", "draft")]
        newest = {link.lead_id: link for link in self.env["opportunity.buy.link"].search(domain, order="id")}
        for lead in self:
            lead.buy_link_to_send_id = newest.get(lead)

    def action_send_buy_now_link(self):
        """Freeze the offer and open the e-mail that will carry its private link.

        :return: the action of Odoo's composer
        :raise UserError: when there is nothing to offer or nobody to offer it to
        """
        if len(self) != 1:
            raise UserError(self.env._("Send Buy Now links one by one: each customer gets an offer of their own."))
        self.check_access("write")
        self._check_can_offer()
        link = self.env["opportunity.buy.link"]._freeze(self)
        self.invalidate_recordset(["buy_link_to_send_id"])
        template = self.env.ref("opportunity_crm.mail_template_buy_link", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Buy Now Link"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_buy_link_id": link.id,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
                "hide_mail_template_management_options": True,
            },
        }

    def _check_can_offer(self):
        """Refuse to offer what could not be ordered or is not offered any more, and say what to do."""
        self._check_orderable()
        self.line_ids._check_offered()
        if not self.partner_id.email_normalized:
            raise UserError(self.env._("“%s” has no e-mail address. Add one to the contact.", self.partner_id.name))

    def _get_open_buy_links(self):
        """Return the links that are neither accepted nor revoked, in superuser mode."""
        # sudo: nobody may write links directly
        links = self.env["opportunity.buy.link"].sudo()
        return links.search([("lead_id", "in", self.ids), ("state", "in", ("draft", "active", "expired"))])

    def _merge_buy_links(self, opportunities):
        """Take over the links of opportunities that are merged into this one: they go on working."""
        # sudo: nobody may write links directly
        links = self.env["opportunity.buy.link"].sudo().search([("lead_id", "in", opportunities.ids)])
        links.write({"lead_id": self.id})
