from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import letter_page

EDITABLE = {"subject", "body", "address", "enclosures"}
WAITING = ("draft", "to_print")


class OpportunityLetter(models.Model):
    """A letter to somebody, kept as it was printed: text, address, layout, and the PDF in the file box of the contact.

    It is made by drawing up (``_draw_up``), by nobody's form or import. As long as it waits, its text may be changed;
    what was printed or sent stays as it is. Who sees the opportunity sees its letters, who edits it prints and cancels
    them; a letter without an opportunity is seen by those who see the contact.
    """

    _name = "opportunity.letter"
    _description = "Letter"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True, readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None, help="Its place in the batch.")
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_from_lead = fields.Boolean(
        string="From an Opportunity", readonly=True, help="Stays true when the opportunity is deleted."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", readonly=True, index="btree_not_null", ondelete="set null"
    )
    household_ids = fields.Many2many(
        "res.partner",
        "opportunity_letter_household_rel",
        "letter_id",
        "partner_id",
        string="Also To",
        readonly=True,
        help="Others at the same address to whom this letter is written as well.",
    )
    template_id = fields.Many2one(
        "opportunity.letter.template", string="Letter Template", readonly=True, index=True, ondelete="set null"
    )
    revision = fields.Integer(readonly=True, aggregator=None)
    subject = fields.Char()
    body = fields.Html(sanitize_attributes=False)
    address = fields.Text(help="One line each, as it is printed.")
    sender = fields.Char(string="Return Address", readonly=True)
    enclosures = fields.Char()
    lang = fields.Char(string="Language", readonly=True)
    paper = fields.Selection(
        [("a4", "A4"), ("letter", "US Letter")], required=True, default="a4", readonly=True, string="Paper Size"
    )
    window = fields.Selection(
        [
            ("none", "No Window"),
            ("din5008a", "DIN 5008, Form A"),
            ("din5008b", "DIN 5008, Form B"),
            ("us10", "US #10"),
            ("uk_dl", "UK DL"),
        ],
        required=True,
        default="none",
        readonly=True,
        string="Address Window",
    )
    letterhead = fields.Selection(
        [("company", "Company Letterhead"), ("preprinted", "Pre-printed Paper")],
        required=True,
        default="company",
        readonly=True,
    )
    margin_top = fields.Float(string="Top Margin (mm)", readonly=True)
    with_signature = fields.Boolean(string="Signature", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, help="In whose name it is written.")
    printed_by_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Datetime(readonly=True, help="When it was printed first, or sent.")
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_print", "To Print"),
            ("printed", "Printed"),
            ("sent", "Sent by E-mail"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    failure = fields.Char(string="Problem", readonly=True, help="Why it could not be printed.")
    batch_id = fields.Many2one("opportunity.letter.batch", readonly=True, index="btree_not_null", ondelete="set null")
    failed_batch_id = fields.Many2one(
        "opportunity.letter.batch", string="Left out of", readonly=True, index="btree_not_null", ondelete="set null"
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="PDF",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The letter as it was printed, in the file box of the contact.",
    )

    @api.depends("subject", "template_id")
    def _compute_name(self):
        for letter in self:
            letter.name = letter.subject or letter.template_id.name or self.env._("Letter")

    def write(self, vals):
        """Let people change what is not printed yet, and nothing of what is.

        :raise UserError: for any other field, or a letter that was printed, sent or cancelled
        """
        if not self.env.su:
            self._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        if not vals.keys() <= EDITABLE:
            raise UserError(
                self.env._(
                    "Of a letter, only the text, the address and the enclosures can be changed. Use its buttons."
                )
            )
        done = self.filtered(lambda letter: letter.state not in WAITING)
        if done:
            raise UserError(
                self.env._("“%s” stays as it was printed or sent. Print a new letter instead.", done[0].name)
            )

    def _get_page(self):
        """Return where things are on the first page."""
        return letter_page.get_page(self.paper, self.window, self.margin_top if self.letterhead == "preprinted" else 0)

    def _get_file_name(self):
        recipient = (self.address or "").partition("\n")[0]
        return letter_page.clean_name(" - ".join(filter(None, [self.name, recipient]))) + ".pdf"

    def _get_target(self):
        """Return the record in whose chatter and file box the letter is told and kept."""
        return self.lead_id or self.partner_id

    def action_cancel(self):
        """Cancel letters that wait to be printed; those that were printed stay."""
        self.check_access("write")
        waiting = self.filtered(lambda letter: letter.state in WAITING)
        if not waiting:
            raise UserError(self.env._("Only letters that are not printed yet can be cancelled."))
        # sudo: the state is written by the server only; who may change the letters was checked
        waiting.sudo().write({"state": "cancelled", "batch_id": False})

    @api.model
    def _get_list_action(self, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
        }
