from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import postal

REMEMBERED = ("format_id", "with_name", "with_company", "with_address", "with_sender", "country_policy")
MAX_LABELS = 50_000
LISTED = 50


class OpportunityLabelWizard(models.TransientModel):
    """Print address labels for contacts or opportunities, starting at any label of the sheet."""

    _name = "opportunity.label.wizard"
    _description = "Print Labels"

    res_model = fields.Selection(
        [("res.partner", "Contacts"), ("crm.lead", "Opportunities")], string="Labels for", required=True, readonly=True
    )
    res_ids = fields.Json(required=True, readonly=True, export_string_translation=False)
    format_id = fields.Many2one(
        "opportunity.label.format", required=True, default=lambda self: self._default_format_id(), ondelete="cascade"
    )
    first_label = fields.Integer(
        string="First Free Label", default=1, help="Click it in the picture of the sheet: labels before it are used up."
    )
    copies = fields.Integer(string="Labels Each", default=1)
    with_name = fields.Boolean(string="Name", default=True)
    with_company = fields.Boolean(string="Company", default=True)
    with_address = fields.Boolean(string="Address", default=True)
    with_sender = fields.Boolean(string="Sender Line")
    sender = fields.Char(
        default=lambda self: self._default_sender(), help="A small line above the address: who sends it."
    )
    country_policy = fields.Selection(
        [("abroad", "Only abroad"), ("always", "Always"), ("never", "Never")],
        string="Country",
        required=True,
        default="abroad",
        help="In the language of your company, as the post of your country reads it.",
    )
    merge_same = fields.Boolean(
        string="Same Address Once", help="Who has several opportunities or contacts gets one label each."
    )
    skip_incomplete = fields.Boolean(string="Leave Them Out", default=True)
    # Stored, so that a click on the sheet does not read thousands of contacts again; as the user, whose rights hold.
    incomplete_count = fields.Integer(compute="_compute_incomplete", store=True, compute_sudo=False)
    incomplete_list = fields.Html(compute="_compute_incomplete", store=True, compute_sudo=False, sanitize=False)
    recipient_count = fields.Integer(compute="_compute_recipient_count", store=True, compute_sudo=False)
    label_total = fields.Integer(string="Labels", compute="_compute_totals")
    page_total = fields.Integer(string="Sheets", compute="_compute_totals")
    sheet = fields.Json(related="format_id.sheet", export_string_translation=False)
    is_roll = fields.Boolean(compute="_compute_is_roll")

    @api.model
    def _default_format_id(self):
        """The user's last format is a default of the user; this is for who has none yet: paper of the own country."""
        letter = self.env.company.paperformat_id.format == "Letter" or self.env.company.country_code in ("US", "CA")
        width = 215.9 if letter else 210
        formats = self.env["opportunity.label.format"]
        return formats.search([("kind", "=", "sheet"), ("page_width", "=", width)], limit=1) or formats.search(
            [], limit=1
        )

    @api.model
    def _default_sender(self):
        company = self.env.company.partner_id
        return " · ".join(postal.address_lines(company._get_postal_address(), name=False))

    @api.depends("format_id")
    def _compute_is_roll(self):
        for wizard in self:
            wizard.is_roll = wizard.format_id.kind == "roll"

    @api.depends("res_model", "res_ids", "with_address")
    def _compute_incomplete(self):
        for wizard in self:
            missing = wizard._get_missing() if wizard.with_address else {}
            wizard.incomplete_count = len(missing)
            wizard.incomplete_list = wizard._list_missing(missing)

    @api.depends("res_model", "res_ids", "with_name", "with_company", "with_address", "skip_incomplete", "merge_same")
    def _compute_recipient_count(self):
        for wizard in self:
            found = wizard._get_addresses() if wizard.merge_same else wizard._get_recipients()
            wizard.recipient_count = len(found)

    @api.depends("recipient_count", "copies", "first_label", "format_id")
    def _compute_totals(self):
        for wizard in self:
            wizard.label_total = wizard.recipient_count * max(wizard.copies, 0)
            sheet = wizard.format_id and wizard.format_id._get_sheet()
            wizard.page_total = sheet.page_count(wizard.label_total, max(wizard.first_label, 1)) if sheet else 0

    @api.constrains("res_model", "res_ids")
    def _check_recipients(self):
        """Refuse those that the user may not read as soon as they are named."""
        for wizard in self:
            wizard._get_records()

    @api.onchange("format_id")
    def _onchange_format_id(self):
        """The first free label of another sheet is another one."""
        self.first_label = 1

    @api.model
    def _open(self, records):
        """Return the action that prints labels for the records (opportunities or contacts), in their order."""
        if not records:
            raise UserError(self.env._("Select those for whom you want labels."))
        records.check_access("read")
        values = {"res_model": records._name, "res_ids": records.ids}
        last = self.default_get(["format_id"]).get("format_id")
        if not self.env["opportunity.label.format"].search_count([("id", "=", last)]):
            values["format_id"] = self._default_format_id().id
            if not values["format_id"]:
                raise UserError(
                    self.env._("There is no label format. An administrator of Sales can add or restore one.")
                )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Labels"),
            "res_model": self._name,
            "res_id": self.create(values).id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_print(self):
        """Print; the user's choices are remembered for the next time."""
        self.ensure_one()
        self._check_printable()
        for name in REMEMBERED:
            value = self[name].id if name == "format_id" else self[name]
            self.env["ir.default"].set(self._name, name, value, user_id=True, company_id=True)
        report = self.env.ref("opportunity_crm.opportunity_label_report")
        return {**report.report_action(self, config=False), "close_on_report_download": True}

    def _check_printable(self):
        if not 1 <= self.copies <= 1000:
            raise ValidationError(self.env._("Print between 1 and 1000 labels each."))
        if not 1 <= self.first_label <= self.format_id.label_count:
            raise ValidationError(self.env._("The first free label is between 1 and %s.", self.format_id.label_count))
        if not self.label_total:
            raise UserError(
                self.env._("Nobody is left: all addresses are incomplete. Complete them, or do not leave them out.")
            )
        if self.label_total > MAX_LABELS:
            raise UserError(self.env._("That is more than %s labels. Print them in several parts.", MAX_LABELS))

    def _get_records(self):
        """Return those for whom labels are printed, in their order; what was deleted meanwhile is left out.

        They are read with the rights of the user, even where Odoo computes and checks as superuser: who asks for those
        of others gets an access error.
        """
        self.ensure_one()
        ids = [id_ for id_ in self.res_ids or [] if isinstance(id_, int)]
        records = self.sudo(False).env[self.res_model].browse(ids).exists()
        records.check_access("read")
        return records

    def _get_missing(self):
        """Return ``{record: names of the missing parts of its address}``, those that are complete left out."""
        missing = {}
        for record in self._get_records():
            address = record._get_postal_address()
            parts = postal.missing_parts(address, zip_required=address["zip_required"])
            if parts:
                missing[record] = parts
        return missing

    def _list_missing(self, missing):
        """Return a list of those whose address is incomplete, with links, as HTML."""
        if not missing:
            return False
        words = {
            "name": self.env._("name"),
            "street": self.env._("street"),
            "city": self.env._("city"),
            "zip": self.env._("ZIP"),
        }
        path = "res.partner" if self.res_model == "res.partner" else "crm.lead"
        item = Markup(
            '<li><a class="text-reset text-decoration-underline" href="/odoo/%s/%s" target="_blank">%s</a>: %s</li>'
        )
        items = [
            item % (path, record.id, record.display_name, ", ".join(words[part] for part in parts))
            for record, parts in list(missing.items())[:LISTED]
        ]
        if len(missing) > LISTED:
            items.append(Markup("<li>%s</li>") % self.env._("and %s more", len(missing) - LISTED))
        return Markup('<ul class="mb-0">%s</ul>') % Markup("").join(items)

    def _get_recipients(self):
        """Return the records that get labels."""
        records = self._get_records()
        if self.with_address and self.skip_incomplete:
            missing = self._get_missing()
            records = records.filtered(lambda record: record not in missing)
        return records

    def _get_addresses(self):
        """Return the addresses of the labels, each a tuple of lines, without the copies."""
        home, names = self._get_home(), self._get_country_names()
        options = {"name": self.with_name, "company": self.with_company, "place": self.with_address}
        addresses = []
        for record in self._get_recipients():
            address = record._get_postal_address()
            country = names.get(address["country_code"])
            shown = self.country_policy == "always" or (
                self.country_policy == "abroad" and address["country_code"] != home
            )
            addresses.append(tuple(postal.address_lines(address, country=country if shown else "", **options)))
        return list(dict.fromkeys(addresses)) if self.merge_same else addresses

    @api.model
    def _get_home(self):
        """Return the code of the country from which labels are sent."""
        return self.env.company.country_id.code

    @api.model
    def _get_country_names(self):
        """Return ``{code: name}`` in the language of the sender, in capitals as the post asks for."""
        lang = self.env.company.partner_id.lang or self.env.lang
        countries = self.env["res.country"].with_context(lang=lang).search(Domain.TRUE)
        return {country.code: country.name.upper() for country in countries}
