from markupsafe import Markup

from odoo import api, models

from ..tools import postal

LISTED = 50
MERGED = 500  # for more, nobody waits until all letters are merged


class OpportunityLetterWizard(models.TransientModel):
    """What is missing, before anything is printed."""

    _inherit = "opportunity.letter.wizard"

    @api.depends("res_model", "res_ids", "template_id", "partner_id", "address_kind")
    def _compute_missing(self):
        for wizard in self:
            missing = wizard._get_missing()
            wizard.missing_count = len(missing)
            wizard.missing_list = wizard._list_missing(missing)

    @api.depends("res_model", "res_ids", "template_id")
    def _compute_printed_count(self):
        for wizard in self:
            wizard.printed_count = len(wizard._get_printed())

    def _get_left_out(self, by_email=False):
        """Return a set of the records that get no letter."""
        left_out = set()
        if by_email:
            left_out = {record for record, pair in self._get_pairs().items() if not self._get_email(*pair)}
        elif self.skip_missing:
            left_out = set(self._get_missing(with_texts=False))
        return left_out | (set(self._get_printed()) if self.skip_printed else set())

    @api.model
    def _get_email(self, lead, partner):
        return partner.email if partner else lead.email_from

    def _get_printed(self):
        """Return the records that have this letter already: printed, sent, or about to be."""
        records = self._get_records()
        name = "lead_id" if self.res_model == "crm.lead" else "partner_id"
        domain = [("template_id", "=", self.template_id.id), ("state", "!=", "cancelled"), (name, "in", records.ids)]
        if not self.template_id:
            return records.browse()
        rows = self.env["opportunity.letter"]._read_group(domain, [name])
        return records.browse(record.id for (record,) in rows)

    def _get_missing(self, with_texts=True):
        """Return ``{record: what is missing}``, those to whom a letter can be written left out."""
        pairs = self._get_pairs()
        missing = {record: self._describe_missing(*pair) for record, pair in pairs.items()}
        if with_texts and self.template_id and len(pairs) <= MERGED:
            letters = self.template_id._merge(list(pairs.values()))
            for record, letter in zip(pairs, letters, strict=True):
                missing[record] += letter["missing"]
        return {record: parts for record, parts in missing.items() if parts}

    def _describe_missing(self, lead, partner):
        record = partner or lead
        if not record:
            return [self.env._("contact")]
        address = record._get_postal_address()
        words = {
            "name": self.env._("name"),
            "street": self.env._("street"),
            "city": self.env._("city"),
            "zip": self.env._("ZIP"),
        }
        parts = [words[part] for part in postal.missing_parts(address, zip_required=address["zip_required"])]
        return parts + ([self.env._("archived")] if not record.active else [])

    def _list_missing(self, missing):
        """Return a list of those to whom something is missing, with links, as HTML."""
        pairs = self._get_pairs()
        items = [self._link(record, *pairs[record], parts) for record, parts in list(missing.items())[:LISTED]]
        if len(missing) > LISTED:
            items.append(Markup("<li>%s</li>") % self.env._("and %s more", len(missing) - LISTED))
        return Markup('<ul class="mb-0">%s</ul>') % Markup("").join(items) if items else False

    def _link(self, record, lead, partner, parts):
        """Return a line with a link to where what is missing can be entered."""
        place = partner if partner and self._describe_missing(lead, partner) else record
        item = Markup(
            '<li><a class="text-reset text-decoration-underline" href="/odoo/%s/%s" target="_blank">%s</a>: %s</li>'
        )
        return item % (place._name, place.id, place.display_name, ", ".join(parts))
