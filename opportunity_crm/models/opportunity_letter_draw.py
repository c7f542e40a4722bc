from odoo import api, models
from odoo.exceptions import UserError

from ..tools import household, postal

LAYOUT = ("paper", "window", "letterhead", "margin_top", "with_signature")


class OpportunityLetter(models.Model):
    """Drawing up letters: to whom, where to, with which text."""

    _inherit = "opportunity.letter"

    @api.model
    def _draw_up(self, template, pairs, merge=True, households=(), **values):
        """Draw up letters that wait to be printed.

        :param template: ``opportunity.letter.template``
        :param list pairs: ``(lead, recipient)`` as for the template's ``_merge``; without a recipient the opportunity
            says itself who and where that is
        :param bool merge: whether the text is merged now, or when the letter is printed
        :param households: for each pair, those to whom the letter is written as well (``res.partner``), or empty
        :param values: what is other than in the template, such as the ``subject`` and ``body`` of one letter
        :return: the letters, in that order
        :raise AccessError: who draws up a letter may edit the opportunity or, without one, the contact
        """
        self._check_may_write_to(pairs)
        self._check_company_of(template, pairs)
        others = households or [self.env["res.partner"]] * len(pairs)
        vals_list = [
            {**self._prepare_letter(template, lead, partner, also), **values}
            for (lead, partner), also in zip(pairs, others, strict=True)
        ]
        # sudo: letters are made here only, for records that the user may edit, as was just checked
        letters = self.sudo().create(vals_list).sudo(self.env.su)
        if merge and "body" not in values:
            letters._merge_texts()
        return letters

    @api.model
    def _check_may_write_to(self, pairs):
        leads = self.env["crm.lead"].browse(lead.id for lead, _partner in pairs if lead)
        partners = self.env["res.partner"].browse(partner.id for lead, partner in pairs if partner and not lead)
        leads.check_access("write")
        partners.check_access("write")
        recipients = self.env["res.partner"].browse(partner.id for _lead, partner in pairs if partner)
        recipients.check_access("read")

    @api.model
    def _check_company_of(self, template, pairs):
        template.check_access("read")
        company = template.company_id
        if company and any(lead.company_id and lead.company_id != company for lead, _partner in pairs):
            raise UserError(self.env._("The letter “%s” is for opportunities of another company.", template.name))

    @api.model
    def _prepare_letter(self, template, lead, partner, also):
        company = lead.company_id or template.company_id or self.env.company
        return {
            "template_id": template.id,
            "revision": template.revision,
            **{name: template[name] for name in LAYOUT},
            "lang": template.lang or partner.lang or self.env.lang,
            "lead_id": lead.id,
            "is_from_lead": bool(lead),
            "partner_id": partner.id,
            "household_ids": also.ids,
            "address": self._read_address(lead, partner, also, company),
            "sender": self._read_sender(company),
            "user_id": (lead.user_id or self.env.user).id,
            "company_id": company.id,
            "state": "to_print",
        }

    @api.model
    def _read_address(self, lead, partner, also, company):
        """Return the address as it is printed, the country only abroad, in the language of the sender."""
        record = partner or lead
        if not record:
            raise UserError(self.env._("A letter is written to a contact or for an opportunity."))
        address = record._get_postal_address()
        if also:
            address["name"] = household.join_names([address["name"], *also.mapped("name")])
        country = record.country_id.with_context(lang=company.partner_id.lang or self.env.lang)
        abroad = country and country != company.country_id
        return "\n".join(postal.address_lines(address, country=country.name.upper() if abroad else ""))

    @api.model
    def _read_sender(self, company):
        return " · ".join(postal.address_lines(company.partner_id._get_postal_address(), name=False))

    def _merge_texts(self):
        """Put the text of the template into letters that have none yet; the template may have changed meanwhile."""
        empty = self.filtered(lambda letter: not letter.body)
        for template, letters in empty.grouped("template_id").items():
            if not template:
                raise UserError(self.env._("The letter template was deleted. Cancel the letter and draw up a new one."))
            pairs = [(letter.lead_id, letter.partner_id) for letter in letters]
            names = {letter.partner_id.id: letter._get_household_name() for letter in letters if letter.household_ids}
            merged = template.with_context(letter_household_names=names)._merge(pairs)
            for letter, text in zip(letters, merged, strict=True):
                # sudo: the text of the library; who draws up and prints was checked
                letter.sudo().write({**letter._prepare_text(text), "revision": template.revision})

    @api.model
    def _prepare_text(self, text):
        return {name: text[name] for name in ("subject", "body", "enclosures", "lang")}

    def _get_household_name(self):
        return household.join_names([self.partner_id.name, *self.household_ids.mapped("name")])
