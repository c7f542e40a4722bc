from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import household

MERGED_AT_ONCE = 100  # for more, the text is merged when they are printed


class OpportunityLetterWizard(models.TransientModel):
    """Print a letter of the library, or send it by e-mail: for one opportunity or contact, or for thousands."""

    _name = "opportunity.letter.wizard"
    _description = "Print a Letter"

    res_model = fields.Selection(
        [("res.partner", "Contacts"), ("crm.lead", "Opportunities")], string="Letters to", required=True, readonly=True
    )
    res_ids = fields.Json(required=True, readonly=True, export_string_translation=False)
    record_count = fields.Integer(compute="_compute_record_count")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    category_id = fields.Many2one("opportunity.letter.category")
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), string="Language")
    template_id = fields.Many2one("opportunity.letter.template", string="Letter", ondelete="cascade")
    address_kind = fields.Selection(
        [("contact", "Contact"), ("invoice", "Invoice Address"), ("delivery", "Delivery Address")],
        string="Write to",
        required=True,
        default="contact",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", compute="_compute_partner_id", store=True, readonly=False, compute_sudo=False
    )
    commercial_partner_id = fields.Many2one("res.partner", compute="_compute_company_id")
    subject = fields.Char(compute="_compute_text", store=True, readonly=False, compute_sudo=False)
    body = fields.Html(
        compute="_compute_text", store=True, readonly=False, compute_sudo=False, sanitize_attributes=False
    )
    enclosures = fields.Char(compute="_compute_text", store=True, readonly=False, compute_sudo=False)
    address = fields.Text(compute="_compute_address", store=True, readonly=False, compute_sudo=False)
    duplex = fields.Boolean(string="Print on Both Sides", help="Each letter begins on the front of a sheet.")
    merge_households = fields.Boolean(
        string="One Letter per Household", help="Who has the same address gets one letter, with all names."
    )
    skip_missing = fields.Boolean(string="Leave Them Out", default=True)
    missing_count = fields.Integer(compute="_compute_missing", store=True, compute_sudo=False)
    missing_list = fields.Html(compute="_compute_missing", store=True, compute_sudo=False, sanitize=False)
    skip_printed = fields.Boolean(string="Leave Out", default=True)
    printed_count = fields.Integer(compute="_compute_printed_count", store=True, compute_sudo=False)
    letter_total = fields.Integer(string="Letters", compute="_compute_letter_total", store=True, compute_sudo=False)
    preview_number = fields.Integer(default=1)
    preview = fields.Json(compute="_compute_preview", export_string_translation=False)

    @api.depends("res_ids")
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = len(wizard.res_ids or [])

    @api.depends("res_ids", "res_model")
    def _compute_company_id(self):
        for wizard in self:
            lead, partner = wizard._get_first()
            wizard.company_id = lead.company_id or self.env.company
            wizard.commercial_partner_id = partner.commercial_partner_id

    def _get_first(self):
        return self._get_pair(self._get_records()[:1])

    @api.depends("res_ids", "res_model", "address_kind")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard._get_first()[1] if wizard.record_count == 1 else False

    @api.depends("template_id", "partner_id")
    def _compute_text(self):
        for wizard in self:
            if wizard.template_id and wizard.record_count == 1:
                lead = wizard._get_first()[0]
                (text,) = wizard.template_id._merge([(lead, wizard.partner_id)])
                wizard.update({name: text[name] for name in ("subject", "body", "enclosures")})
            else:
                wizard.update({"subject": False, "body": False, "enclosures": False})

    @api.depends("template_id", "partner_id")
    def _compute_address(self):
        for wizard in self:
            lead, __ = wizard._get_first()
            found = wizard.record_count == 1 and (wizard.partner_id or lead)
            wizard.address = found and self.env["opportunity.letter"]._read_address(
                lead, wizard.partner_id, self.env["res.partner"], wizard.company_id
            )

    @api.depends("template_id", "merge_households", "skip_missing", "skip_printed", "address_kind", "missing_count")
    def _compute_letter_total(self):
        for wizard in self:
            wizard.letter_total = len(wizard._get_entries()) if wizard.template_id else 0

    @api.depends(
        "template_id", "partner_id", "subject", "body", "enclosures", "address", "preview_number", "letter_total"
    )
    @api.depends_context("uid")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = bool(wizard.template_id) and wizard._draw_preview()

    def _draw_preview(self):
        """Return the pages of the letter that is looked at, see ``opportunity.letter._get_preview``."""
        entries = self._get_entries()
        if not entries:
            return False
        number = min(max(self.preview_number, 1), len(entries))
        lead, partner, also = entries[number - 1]
        letters = self.env["opportunity.letter"]
        values = letters._prepare_letter(self.template_id, lead, partner, also)
        letter = letters.new({**values, **self._get_own_text()})
        letter._merge_preview()
        return {**letter._get_preview(), "number": number, "total": len(entries)}

    @api.constrains("res_model", "res_ids")
    def _check_records(self):
        """Refuse those that the user may not read as soon as they are named."""
        for wizard in self:
            wizard._get_records()

    @api.model
    def _open(self, records):
        """Return the action that prints letters for the records (opportunities or contacts), in their order."""
        if not records:
            raise UserError(self.env._("Select those to whom you want to write."))
        records.check_access("read")
        wizard = self.create({"res_model": records._name, "res_ids": records.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print a Letter"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_print(self):
        """Draw up the letters and print them into one PDF, in the order of the list."""
        self.ensure_one()
        letters = self._draw_up(self._get_entries())
        self.env["ir.default"].set(self._name, "duplex", self.duplex, user_id=True, company_id=True)
        return letters._print_together(self.duplex)

    def action_queue(self):
        """Draw up the letters, to be printed later."""
        self.ensure_one()
        letters = self._draw_up(self._get_entries())
        if len(letters) > 1:
            self.env["opportunity.letter.batch"]._gather(letters, duplex=self.duplex)
        return self._notify(self.env._("%s letters wait in “Letters to Print”.", len(letters)))

    def action_send(self):
        """Draw up the letters and send each by e-mail, as an attachment. Whoever has no e-mail address is left out."""
        self.ensure_one()
        entries = self._get_entries(by_email=True)
        letters = self._draw_up(entries)
        if len(letters) > 1:
            return self.env["opportunity.letter.batch"]._gather(letters, delivery="email")._print_now_or_later()
        letters._send()
        return self._notify(self.env._("The letter is on its way."))

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": {"type": "ir.actions.act_window_close"}},
        }

    def _draw_up(self, entries):
        if not self.template_id:
            raise UserError(self.env._("Choose a letter."))
        if not entries:
            raise UserError(self.env._("Nobody is left to write to. See who is left out, and why."))
        pairs = [(lead, partner) for lead, partner, _also in entries]
        households = [also for _lead, _partner, also in entries]
        return self.env["opportunity.letter"]._draw_up(
            self.template_id, pairs, len(pairs) <= MERGED_AT_ONCE, households, **self._get_own_text()
        )

    def _get_own_text(self):
        """Return what was changed for this one letter."""
        if self.record_count != 1:
            return {}
        return {name: self[name] for name in ("subject", "body", "enclosures", "address")}

    def _get_records(self):
        """Return those for whom letters are printed, in their order; what was deleted meanwhile is left out.

        They are read with the rights of the user, even where Odoo computes and checks as superuser.
        """
        self.ensure_one()
        ids = [id_ for id_ in self.res_ids or [] if isinstance(id_, int)]
        records = self.sudo(False).env[self.res_model].browse(ids).exists()
        records.check_access("read")
        return records

    def _get_pair(self, record):
        """Return the opportunity, or none, and the recipient of the letter for a record."""
        lead = record if record._name == "crm.lead" else self.env["crm.lead"]
        partner = lead.partner_id if record._name == "crm.lead" else record
        if partner and self.address_kind != "contact":
            partner = partner.browse(partner.address_get([self.address_kind])[self.address_kind])
        return lead, partner

    def _get_pairs(self):
        """Return ``{record: (lead, recipient)}``."""
        records = self._get_records()
        if len(records) == 1:
            return {records: (self._get_pair(records)[0], self.partner_id)}
        return {record: self._get_pair(record) for record in records}

    def _get_entries(self, by_email=False):
        """Return the letters to print as a list of ``(lead, recipient, others of the household)``.

        :param bool by_email: for those who have an e-mail address, whatever their postal address says
        """
        pairs = self._get_pairs()
        left_out = set() if len(pairs) == 1 else self._get_left_out(by_email)
        entries = [(lead, partner) for record, (lead, partner) in pairs.items() if record not in left_out]
        nobody = self.env["res.partner"]
        if not self.merge_households or by_email:
            return [(lead, partner, nobody) for lead, partner in entries]
        return self._group_households(entries)

    def _group_households(self, entries):
        groups = {}
        for lead, partner in entries:
            key = household.key_of((partner or lead)._get_postal_address()) or (partner or lead)
            groups.setdefault(key, []).append((lead, partner))
        nobody = self.env["res.partner"]
        return [
            (*members[0], nobody.union(*(partner for _lead, partner in members[1:])) - members[0][1])
            for members in groups.values()
        ]
