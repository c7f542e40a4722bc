from markupsafe import Markup

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import formataddr
from odoo.tools.mail import append_content_to_html, email_normalize

from ..tools.clock import wall_of

RENDERED = ("body_html", "subject", "reply_to", "attachment_ids", "report_template_ids", "mail_server_id")
DAILY_LIMIT = "opportunity_crm.followup_daily_limit"
DAILY_MOST = 2  # where nobody has set the limit
QUIET_HOURS = "opportunity_crm.followup_quiet_hours"


class OpportunityEnrollmentStep(models.Model):
    """E-mail steps: rendered and queued in batch, one ``mail.mail`` a row, in the engine's transaction.

    An e-mail goes to the contact of the opportunity and to nobody else, whatever the template says: whoever can
    unsubscribe by it is the person who gets it.
    """

    _inherit = "opportunity.enrollment.step"

    def _run_email(self, planner):
        """Queue e-mails, where the person is not blacklisted and has room for one more today."""
        # sudo: the engine acts for whoever enrolled the opportunity; nobody else runs what is due
        rows = self.sudo()
        values, sending = rows._sort_by_recipient(planner)
        for step, some in sending.grouped("step_id").items():
            values.update(some._queue_mails(step))
        if sending:
            # sudo: only to wake Odoo's queue of e-mails
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return values

    def _sort_by_recipient(self, planner):
        """Return the values of rows that get no e-mail now, and the rows that do.

        :raise UserError: when an opportunity has no address
        """
        emails = {row: row._get_recipient(row.lead_id) for row in self}
        if not all(emails.values()):
            raise UserError(self.env._("The contact has no valid e-mail address. Add one, or skip the step."))
        blacklisted = self._get_blacklisted(emails.values())
        values = {row.id: row._prepare_blacklisted() for row in self if emails[row] in blacklisted}
        candidates = self.filtered(lambda row: row.id not in values)
        days = [(emails[row], row._get_local_day(planner)) for row in candidates]
        found = self.env["opportunity.followup.quota"]._take(days, self._get_daily_limit())
        room = dict(zip(candidates, found, strict=True))
        values.update({row.id: row._prepare_postponed(planner) for row in candidates if not room[row]})
        return values, candidates.filtered(lambda row: room[row])

    def _get_recipient(self, lead):
        """Return the address of the contact of an opportunity, normalised; false when there is none."""
        return lead.email_normalized or email_normalize(lead.partner_id.email)

    def _get_blacklisted(self, emails):
        # sudo: sales people need not see the blacklist; the engine obeys it
        blacklist = self.env["mail.blacklist"].sudo().search([("email", "in", list(set(emails)))])
        return set(blacklist.mapped("email"))

    def _prepare_blacklisted(self):
        if self.sequence_id.ends_on_unsubscribed:
            return {"state": "skipped", "error": self.env._("The address is blacklisted."), "finish": "unsubscribed"}
        return {"state": "skipped", "error": self.env._("The address is blacklisted.")}

    def _prepare_postponed(self, planner):
        """Return the values of a row for which there is no room today."""
        step = self.env["opportunity.sequence"]._get_outline(self.sequence_id.id).by_id[self.step_id.id]
        return {
            "state": "due",
            "date_due": planner.tomorrow(step, self.lead_id.id),
            "error": self.env._("Postponed: the person has got as many e-mails as one gets on a day."),
        }

    def _get_local_day(self, planner):
        tz = planner.read_places([self.lead_id.id])[self.lead_id.id].zone_of(self.step_id.tz_of)
        return wall_of(planner.now, tz).date()

    def _get_daily_limit(self):
        """Return how many e-mails a person gets on a day, over all sequences; zero for no limit."""
        # sudo: a setting of the CRM
        return int(self.env["ir.config_parameter"].sudo().get_param(DAILY_LIMIT, DAILY_MOST))

    def _get_quiet_hours(self):
        """Return the minutes of the day from and to which no e-mail leaves, None where there are no quiet hours."""
        # sudo: a setting of the CRM
        given = self.env["ir.config_parameter"].sudo().get_param(QUIET_HOURS, "")
        hours = [round(float(hour) * 60) for hour in given.split("-") if hour]
        return tuple(hours) if len(hours) == 2 and hours[0] != hours[1] else None

    def _queue_mails(self, step):
        """Create the e-mails of rows of one step; return their values."""
        template = step.template_id
        if template.model != "crm.lead":
            raise UserError(self.env._("The step has no e-mail template for opportunities. Choose one there."))
        self.lead_id.partner_id.mapped("lang")  # read at once: Odoo reads each contact by itself
        rendered = template._generate_template(self.lead_id.ids, RENDERED)
        self._track_links(rendered)
        senders = {row: step._get_sender(row.lead_id) for row in self}
        self._set_reply_to(rendered, senders)
        values_list = [row._prepare_mail_values(dict(rendered[row.lead_id.id]), *senders[row]) for row in self]
        mails = self.env["mail.mail"].create(values_list)
        self._attach_reports(mails, rendered)
        return {row.id: row._prepare_queued(mail) for row, mail in zip(self, mails, strict=True)}

    def _set_reply_to(self, rendered, senders):
        """Let answers come to the opportunity, where Odoo has an address for them; one by one it would ask for each."""
        for (sender, author), rows in self.grouped(senders.__getitem__).items():
            addresses = rows.lead_id._notify_get_reply_to(default=sender, author_id=author.id)
            for lead_id, address in addresses.items():
                rendered[lead_id]["reply_to"] = rendered[lead_id].get("reply_to") or address

    def _prepare_queued(self, mail):
        return {
            "mail_id": mail.id,
            "message_id": mail.mail_message_id.id,
            "email": self._get_recipient(self.lead_id),
            "delivery": "queued",
        }

    def _prepare_mail_values(self, rendered, sender, author):
        lead, email = self.lead_id, self._get_recipient(self.lead_id)
        rendered.pop("attachments", None)
        attachments = rendered.pop("attachment_ids", None)
        body = append_content_to_html(rendered.pop("body_html") or "", self._get_footer(email), plaintext=False)
        return {
            **{name: value for name, value in rendered.items() if value},
            **({"attachment_ids": [Command.link(id_) for id_ in attachments]} if attachments else {}),
            "author_id": author.id,
            "auto_delete": True,
            "body": body,
            "body_html": body,
            "email_from": sender,
            "email_to": self._get_address(email),
            "headers": repr(self._get_unsubscribe_headers(email)),
            "is_notification": True,
            "message_type": "email_outgoing",
            "model": "crm.lead",
            "res_id": lead.id,
        }

    def _get_address(self, email):
        name = self.lead_id.contact_name or self.lead_id.partner_id.name
        return formataddr((name or "", email))

    def _attach_reports(self, mails, rendered):
        """Attach the reports that the template prints, to each e-mail its own."""
        for row, mail in zip(self, mails, strict=True):
            for name, data in rendered[row.lead_id.id].get("attachments", ()):
                values = {"name": name, "datas": data, "res_model": "mail.message", "res_id": mail.mail_message_id.id}
                mail.attachment_ids = [Command.create(values)]

    def _get_footer(self, email):
        return Markup('<p style="color: #777; font-size: 12px; margin-top: 24px"><a href="%s">%s</a></p>') % (
            self.enrollment_id._get_unsubscribe_url(email),
            self.env._("Unsubscribe"),
        )

    def _get_unsubscribe_headers(self, email):
        """Return the headers of RFC 8058: mail programs offer to unsubscribe with one click."""
        return {
            "List-Unsubscribe": f"<{self.enrollment_id._get_unsubscribe_url(email)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
