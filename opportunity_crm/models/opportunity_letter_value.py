from typing import NamedTuple

from odoo import fields, models
from odoo.tools import format_amount, format_date, format_time

from ..tools import clock, postal


class Letter(NamedTuple):
    """What a letter is about, in its language; each may be an empty record."""

    lead: object
    partner: object
    owner: object
    company: object
    quotation: object
    order: object
    meeting: object


class OpportunityLetterField(models.AbstractModel):
    """What the merge fields are for a letter: text in the language and the formats of the context."""

    _inherit = "opportunity.letter.field"

    def _get_values(self, keys, template, pairs):
        """Return the values of the merge fields for each ``(lead, recipient)``, as a list of ``{key: text}``.

        :param keys: names of the list, as :meth:`_get_labels` has them
        """
        readers = self._get_readers()
        groups = {key.partition(".")[0] for key in keys}
        letters = self._prepare_letters(groups, template, pairs)
        return [{key: readers[key](letter) for key in keys} for letter in letters]

    def _get_readers(self):
        """Return what reads the value of each merge field from a :class:`Letter`."""
        return {
            **self._get_contact_readers(),
            **self._get_opportunity_readers(),
            **self._get_custom_readers(),
            **self._get_line_readers(),
            **self._get_order_readers("quotation"),
            **self._get_order_readers("order"),
            **self._get_owner_readers(),
            **self._get_company_readers(),
            **self._get_date_readers(),
        }

    def _prepare_letters(self, groups, template, pairs):
        leads = self.env["crm.lead"].browse(lead.id for lead, _partner in pairs if lead)
        partners = self.env["res.partner"].browse(partner.id for _lead, partner in pairs if partner)
        by_lead = {lead.id: lead for lead in leads}
        by_partner = {partner.id: partner for partner in partners}
        no_lead, no_partner = leads.browse(), partners.browse()
        quotations = self._get_orders(leads, ("draft", "sent")) if "quotation" in groups else {}
        orders = self._get_orders(leads, ("sale",)) if "order" in groups else {}
        meetings = self._get_meetings(leads) if "meeting" in groups else {}
        for lead, partner in pairs:
            lead = by_lead.get(lead.id, no_lead)
            yield Letter(
                lead=lead,
                partner=by_partner.get(partner.id, no_partner),
                owner=lead.user_id or self.env.user,
                company=lead.company_id or template.company_id or self.env.company,
                quotation=quotations.get(lead) or self.env["sale.order"],
                order=orders.get(lead) or self.env["sale.order"],
                meeting=meetings.get(lead) or self.env["calendar.event"],
            )

    def _get_orders(self, leads, states):
        """Return the latest order of each opportunity among those that the user may see."""
        domain = [("opportunity_id", "in", leads.ids), ("state", "in", states)]
        return {order.opportunity_id: order for order in self.env["sale.order"].search(domain, order="date_order, id")}

    def _get_meetings(self, leads):
        """Return the next meeting of each opportunity."""
        domain = [("opportunity_id", "in", leads.ids), ("start", ">=", self.env.cr.now())]
        meetings = self.env["calendar.event"].search(domain, order="start desc, id")
        return {meeting.opportunity_id: meeting for meeting in meetings}

    def _get_contact_readers(self):
        return {
            "contact.greeting": self._greet,
            "contact.name": lambda letter: self._get_person(letter) or self._get_firm(letter),
            "contact.company": self._get_firm,
            "contact.job": lambda letter: self._get_addressee(letter).function,
            "contact.address": lambda letter: self._format_address(self._get_addressee(letter)),
            "contact.city": lambda letter: self._get_addressee(letter).city,
            "contact.country": lambda letter: self._get_addressee(letter).country_id.name,
            "contact.phone": lambda letter: self._get_addressee(letter).phone,
            "contact.email": lambda letter: letter.partner.email or (not letter.partner and letter.lead.email_from),
            "contact.reference": lambda letter: letter.partner.ref,
            "contact.vat": lambda letter: letter.partner.vat,
        }

    def _get_addressee(self, letter):
        """Return the contact, or the opportunity itself until it has one."""
        return letter.partner or letter.lead

    def _get_person(self, letter):
        """Return who is written to: all names of a household, where ``letter_household_names`` of the context has them
        by the id of the recipient."""
        household = self.env.context.get("letter_household_names", {}).get(letter.partner.id)
        return household or letter.partner.name or letter.partner.parent_id.name or letter.lead.contact_name

    def _get_firm(self, letter):
        return letter.partner.commercial_company_name or letter.lead.partner_name

    def _greet(self, letter):
        person = self._get_person(letter)
        if not person or letter.partner.is_company:
            return self.env._("Dear Sir or Madam,")
        return self.env._("Dear %s,", person)

    def _format_address(self, record):
        return "\n".join(postal.address_lines(record._get_postal_address())) if record else ""

    def _get_opportunity_readers(self):
        def revenue(letter):
            return letter.lead.expected_revenue, letter.lead.company_currency

        return {
            "opportunity.name": lambda letter: letter.lead.name,
            "opportunity.revenue": lambda letter: self._format_amount(*revenue(letter)),
            "opportunity.revenue_words": lambda letter: self._spell_amount(*revenue(letter)),
            "opportunity.deadline": lambda letter: self._format_date(letter.lead.date_deadline),
            "opportunity.created": lambda letter: self._format_date(letter.lead.create_date),
            "opportunity.team": lambda letter: letter.lead.team_id.name,
        }

    def _get_line_readers(self):
        def once(letter):
            return letter.lead.offer_once, letter.lead.offer_currency_id

        return {
            "lines.table": self._format_lines,
            "lines.once": lambda letter: self._format_amount(*once(letter)),
            "lines.once_words": lambda letter: self._spell_amount(*once(letter)),
            "lines.recurring": lambda letter: letter.lead.offer_recurring,
        }

    def _format_lines(self, letter):
        if not letter.lead.line_ids:
            return ""
        return self.env["ir.qweb"]._render("opportunity_crm.opportunity_letter_lines", {"lead": letter.lead})

    def _get_order_readers(self, name):
        """Return the readers of the quotation or the order: what :class:`Letter` calls so."""

        def total(letter):
            order = getattr(letter, name)
            return order.amount_total, order.currency_id

        return {
            f"{name}.name": lambda letter: getattr(letter, name).name,
            f"{name}.date": lambda letter: self._format_date(getattr(letter, name).date_order),
            f"{name}.expiry": lambda letter: self._format_date(getattr(letter, name).validity_date),
            f"{name}.total": lambda letter: self._format_amount(*total(letter)),
            f"{name}.total_words": lambda letter: self._spell_amount(*total(letter)),
        }

    def _get_owner_readers(self):
        return {
            "owner.name": lambda letter: letter.owner.name,
            "owner.job": lambda letter: letter.owner.partner_id.function,
            "owner.phone": lambda letter: letter.owner.phone or letter.company.phone,
            "owner.email": lambda letter: letter.owner.email or letter.company.email,
        }

    def _get_company_readers(self):
        return {
            "company.name": lambda letter: letter.company.name,
            "company.address": lambda letter: self._format_address(letter.company.partner_id),
            "company.city": lambda letter: letter.company.city,
            "company.phone": lambda letter: letter.company.phone,
            "company.email": lambda letter: letter.company.email,
            "company.website": lambda letter: letter.company.website,
            "company.vat": lambda letter: letter.company.vat,
        }

    def _get_date_readers(self):
        today = self._format_date(fields.Date.context_today(self))
        return {
            "today": lambda letter: today,
            "next_action.date": lambda letter: self._format_date(letter.lead.next_action_date),
            "meeting.date": self._format_meeting_date,
            "meeting.time": self._format_meeting_time,
            "meeting.location": lambda letter: letter.meeting.location,
        }

    def _get_meeting_time(self, letter):
        """Return when the meeting is, on the clocks of the reader."""
        return clock.wall_of(letter.meeting.start, clock.zone(letter.partner.tz, letter.owner.tz))

    def _format_meeting_date(self, letter):
        meeting = letter.meeting
        if meeting.allday or not meeting:
            return self._format_date(meeting.start_date)
        return self._format_date(self._get_meeting_time(letter).date())

    def _format_meeting_time(self, letter):
        day = self._format_meeting_date(letter)
        if letter.meeting.allday or not letter.meeting:
            return day
        return f"{day}, {format_time(self.env, self._get_meeting_time(letter).time(), time_format='short')}"

    def _format_date(self, date):
        return format_date(self.env, date, date_format="long") if date else ""

    def _format_amount(self, amount, currency):
        return format_amount(self.env, amount, currency) if amount else ""

    def _spell_amount(self, amount, currency):
        return currency.amount_to_text(amount) if amount else ""
