from typing import NamedTuple

from odoo import models
from odoo.tools import format_amount, format_date, format_datetime, formatLang

from ..tools import postal


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
        groups = {key.split(".")[0] for key in keys} & readers.keys()
        return [
            {key: value for group in groups for key, value in readers[group](letter).items()}
            for letter in self._prepare_letters(groups, template, pairs)
        ]

    def _get_readers(self):
        """Return what reads the values of a group: the first part of the name of a field."""
        return {
            "contact": self._read_contact,
            "opportunity": self._read_opportunity,
            "lines": self._read_lines,
            "quotation": self._read_quotation,
            "order": self._read_order,
            "owner": self._read_owner,
            "company": self._read_company,
            "today": self._read_dates,
            "next_action": self._read_dates,
            "meeting": self._read_meeting,
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

    def _read_contact(self, letter):
        partner, lead = letter.partner, letter.lead
        person = partner.name or partner.parent_id.name or lead.contact_name
        company = partner.commercial_company_name or lead.partner_name
        return {
            "contact.greeting": self._greet(partner, person),
            "contact.name": person or company,
            "contact.company": company,
            "contact.job": partner.function or (not partner and lead.function),
            "contact.address": "\n".join(self._get_address(partner or lead)),
            "contact.city": partner.city or (not partner and lead.city),
            "contact.country": partner.country_id.name or (not partner and lead.country_id.name),
            "contact.phone": partner.phone or (not partner and lead.phone),
            "contact.email": partner.email or (not partner and lead.email_from),
            "contact.reference": partner.ref,
            "contact.vat": partner.vat,
        }

    def _greet(self, partner, person):
        if not person or partner.is_company:
            return self.env._("Dear Sir or Madam,")
        return self.env._("Dear %s,", person)

    def _get_address(self, record):
        return postal.address_lines(record._get_postal_address()) if record else []

    def _read_opportunity(self, letter):
        lead = letter.lead
        currency = lead.company_currency
        return {
            "opportunity.name": lead.name,
            "opportunity.revenue": self._format_amount(lead.expected_revenue, currency),
            "opportunity.revenue_words": self._spell_amount(lead.expected_revenue, currency),
            "opportunity.deadline": self._format_date(lead.date_deadline),
            "opportunity.created": self._format_date(lead.create_date),
            "opportunity.team": lead.team_id.name,
            **{key: self._read_custom(lead, key.partition(".")[2]) for key in self._get_custom_fields()},
        }

    def _read_custom(self, lead, name):
        field, value = lead._fields[name], lead[name]
        if field.type == "date":
            return self._format_date(value)
        if field.type == "datetime":
            return format_datetime(self.env, value, dt_format="short") if value else ""
        if field.type == "monetary":
            return self._format_amount(value, lead[field.get_currency_field(lead)])
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "float":
            return formatLang(self.env, value, digits=(field.get_digits(self.env) or (16, 2))[1]) if value else ""
        return str(value) if value else ""

    def _read_lines(self, letter):
        lead = letter.lead
        return {
            "lines.table": self._format_lines(lead),
            "lines.once": self._format_amount(lead.offer_once, lead.offer_currency_id),
            "lines.once_words": self._spell_amount(lead.offer_once, lead.offer_currency_id),
            "lines.recurring": lead.offer_recurring,
        }

    def _format_lines(self, lead):
        if not lead.line_ids:
            return ""
        return self.env["ir.qweb"]._render("opportunity_crm.opportunity_letter_lines", {"lead": lead})

    def _read_quotation(self, letter):
        order = letter.quotation
        return {
            "quotation.name": order.name,
            "quotation.date": self._format_date(order.date_order),
            "quotation.expiry": self._format_date(order.validity_date),
            "quotation.total": self._format_amount(order.amount_total, order.currency_id),
            "quotation.total_words": self._spell_amount(order.amount_total, order.currency_id),
        }

    def _read_order(self, letter):
        order = letter.order
        return {
            "order.name": order.name,
            "order.date": self._format_date(order.date_order),
            "order.total": self._format_amount(order.amount_total, order.currency_id),
            "order.total_words": self._spell_amount(order.amount_total, order.currency_id),
        }

    def _read_owner(self, letter):
        owner = letter.owner
        return {
            "owner.name": owner.name,
            "owner.job": owner.partner_id.function,
            "owner.phone": owner.phone or letter.company.phone,
            "owner.email": owner.email or letter.company.email,
        }

    def _read_company(self, letter):
        company = letter.company
        address = self._get_address(company.partner_id)
        return {
            "company.name": company.name,
            "company.address": "\n".join(address),
            "company.city": company.city,
            "company.phone": company.phone,
            "company.email": company.email,
            "company.website": company.website,
            "company.vat": company.vat,
        }

    def _read_dates(self, letter):
        return {
            "today": self._format_date(self._today()),
            "next_action.date": self._format_date(letter.lead.next_action_date),
        }

    def _today(self):
        return self.env["crm.lead"]._fields["date_deadline"].context_today(self)

    def _read_meeting(self, letter):
        meeting = letter.meeting
        return {
            "meeting.date": self._format_date(meeting.start_date if meeting.allday else meeting.start),
            "meeting.time": self._format_time(meeting, letter.partner.tz or letter.owner.tz),
            "meeting.location": meeting.location,
        }

    def _format_time(self, meeting, tz):
        if meeting.allday:
            return self._format_date(meeting.start_date)
        return format_datetime(self.env, meeting.start, tz=tz, dt_format="short") if meeting else ""

    def _format_date(self, date):
        return format_date(self.env, date, date_format="long") if date else ""

    def _format_amount(self, amount, currency):
        return format_amount(self.env, amount, currency) if amount else ""

    def _spell_amount(self, amount, currency):
        return currency.amount_to_text(amount) if amount else ""
