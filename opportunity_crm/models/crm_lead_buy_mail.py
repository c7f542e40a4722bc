from odoo import models
from odoo.exceptions import UserError

from ..tools import buy_token

BUYERS = "opportunity_buyers"


class PrivateLinks(dict):
    """The private address of each preview in a message, for those whom it is meant for. It stays in memory: code
    passes it in the context, which no client can."""


class CrmLead(models.Model):
    """The e-mail with a Buy Now link. The message has the address of the preview, which only colleagues can open; in
    the e-mail to the customer, and nowhere else, the private link stands in its place."""

    _inherit = "crm.lead"

    def message_post(self, *, body="", **kwargs):
        """Keep private links out of the chatter, where answers would quote them."""
        if isinstance(body, str):  # also Markup, which stays what it is
            body = type(body)(buy_token.hide(body))
        return super().message_post(body=body, **kwargs)

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        lead, previews = self, buy_token.find_previews(message.body or "")
        if previews and any(self._is_buyer(message, data) for data in recipients_data):
            lead = self.with_context(opportunity_private_links=self._issue_buy_links(previews))
        return super(CrmLead, lead)._notify_thread_by_email(message, recipients_data, **kwargs)

    def _is_buyer(self, message, data):
        """Tell whether an e-mail goes to somebody whom the sender chose, outside the company.

        :param dict data: a recipient as ``_notify_get_recipients`` describes them
        """
        return data["notif"] == "email" and data["share"] and (not data["id"] or data["id"] in message.partner_ids.ids)

    def _issue_buy_links(self, previews):
        """Return the private links in place of previews that are sent for the first time.

        :param list previews: ids of links
        """
        # sudo: nobody may write links directly; whoever may write to the customer sends what was prepared for them
        links = self.env["opportunity.buy.link"].sudo().search([("id", "in", previews), ("lead_id", "=", self.id)])
        unsent = links.filtered(lambda link: link.state == "draft")
        if len(links) < len(previews) or any(link.date_expiry <= self.env.cr.now() for link in unsent):
            raise UserError(self.env._("The Buy Now link of this message does not exist any more. Compose a new one."))
        return PrivateLinks((link.preview_url, link._issue()) for link in unsent)

    def _get_private_links(self):
        given = self.env.context.get("opportunity_private_links")
        return given if isinstance(given, PrivateLinks) else {}

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if self._get_private_links():
            options = {"active": True, "has_button_access": False}
            groups.insert(0, [BUYERS, lambda data: self._is_buyer(message, data), options])
        return groups

    def _notify_by_email_render_layout(self, message, recipients_group, **kwargs):
        body = super()._notify_by_email_render_layout(message, recipients_group, **kwargs)
        if recipients_group["notification_group_name"] == BUYERS:
            for preview, private in self._get_private_links().items():
                body = type(body)(buy_token.reveal(body, preview, private))
        return body
