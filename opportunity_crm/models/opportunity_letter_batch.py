from odoo import api, fields, models
from odoo.exceptions import UserError

AT_ONCE = 100  # letters that are printed while somebody waits


class OpportunityLetterBatch(models.Model):
    """Letters that are printed together: what follow-up sequences collect, or a selection.

    A batch without a user collects letters of several salespersons and is for those who see all opportunities; the
    batch of a user is for that user, and the letters in it are printed with that user's rights.
    """

    _name = "opportunity.letter.batch"
    _description = "Batch of Letters"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    template_id = fields.Many2one(
        "opportunity.letter.template", string="Letter Template", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", string="Printed By", readonly=True, index="btree_not_null")
    delivery = fields.Selection(
        [("print", "Print"), ("email", "Send by E-mail")], required=True, default="print", readonly=True
    )
    duplex = fields.Boolean(string="Print on Both Sides", help="Each letter begins on the front of a sheet.")
    state = fields.Selection(
        [("open", "Collecting"), ("waiting", "In Progress"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    letter_ids = fields.One2many("opportunity.letter", "batch_id", string="Letters", readonly=True)
    letter_count = fields.Integer(string="All Letters", compute="_compute_counts", compute_sudo=True)
    done_count = fields.Integer(string="Finished", compute="_compute_counts", compute_sudo=True)
    progress = fields.Float(compute="_compute_counts", compute_sudo=True)
    failed_ids = fields.One2many(
        "opportunity.letter", "failed_batch_id", string="Left Out", readonly=True, help="They could not be printed."
    )
    attachment_id = fields.Many2one("ir.attachment", string="PDF", readonly=True, ondelete="set null")
    part_ids = fields.Many2many(
        "ir.attachment", "opportunity_letter_batch_part_rel", "batch_id", "attachment_id", readonly=True
    )

    def write(self, vals):
        """Let people say on how many sides a batch that is still open is printed, and nothing else.

        :raise UserError: for any other field
        """
        if not self.env.su and (vals.keys() - {"duplex"} or set(self.mapped("state")) - {"open"}):
            raise UserError(self.env._("A batch is printed or cancelled with its buttons."))
        return super().write(vals)

    @api.depends("template_id", "create_date")
    def _compute_name(self):
        for batch in self:
            day = fields.Date.to_string(batch.create_date or fields.Datetime.now())
            batch.name = f"{batch.template_id.name or self.env._('Letters')} {day}"

    @api.depends("letter_ids.state")
    def _compute_counts(self):
        groups = self.env["opportunity.letter"]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "state"], ["__count"]
        )
        totals, waiting = {}, {}
        for batch, state, count in groups:
            totals[batch.id] = totals.get(batch.id, 0) + count
            if state in ("draft", "to_print"):
                waiting[batch.id] = waiting.get(batch.id, 0) + count
        for batch in self:
            batch.letter_count = totals.get(batch.id, 0)
            batch.done_count = batch.letter_count - waiting.get(batch.id, 0)
            batch.progress = 100 * batch.done_count / (batch.letter_count or 1)

    @api.model
    def _gather(self, letters, duplex=False, delivery="print"):
        """Return a batch of the user's own with the letters, which wait to be printed, in their order. Those that
        another batch collects leave it."""
        letters.check_access("write")
        # sudo: batches are made here only, for letters that the user may print, as was just checked
        batch = self.sudo().create({**self._prepare_own(letters), "duplex": duplex, "delivery": delivery})
        batch._take(letters)
        return batch.sudo(self.env.su)

    @api.model
    def _prepare_own(self, letters):
        return {
            "template_id": letters.template_id.id if len(letters.template_id) == 1 else False,
            "company_id": letters[0].company_id.id,
            "user_id": self.env.uid,
        }

    @api.model
    def _keep_pdf(self, letters, pdf):
        """Return a batch of the user's own that only keeps a PDF with letters, some of which were printed before."""
        # sudo: as in _gather; the PDF is what the user has just printed
        batch = self.sudo().create({**self._prepare_own(letters), "state": "done"})
        batch.attachment_id = batch.attachment_id.create(batch._prepare_pdf(f"{batch.name}.pdf", pdf))
        return batch.sudo(self.env.su)

    def _take(self, letters):
        """Put letters that wait at the end of the batch."""
        # sudo: where a letter waits is written by the server only
        for number, letter in enumerate(letters.sudo(), self.letter_count + 1):
            letter.write({"batch_id": self.id, "sequence": number, "failure": False})

    def action_print(self):
        """Print what was collected: at once when there are few letters, otherwise by the scheduled action.

        :raise AccessError: when some of the letters may not be printed by the user
        """
        self.ensure_one()
        if self.state == "done":
            return self.action_download()
        if self.state != "open" or not self.letter_ids:
            raise UserError(self.env._("There is nothing to print in this batch."))
        self.letter_ids.check_access("write")
        # sudo: as in _gather
        self.sudo().write({"user_id": self.env.uid})
        return self._print_now_or_later()

    def _print_now_or_later(self):
        # sudo: the state is written by the server only; whose letters they are was checked
        batch = self.sudo()
        batch.state = "waiting"
        if batch.letter_count <= AT_ONCE:
            while batch._run_chunk():
                pass
            batch._finish()
            if batch.attachment_id and not batch.failed_ids:
                return self.action_download()
        else:
            # sudo: only to wake the job
            self.env.ref("opportunity_crm.ir_cron_print_letters").sudo()._trigger()
        return self.action_open()

    def action_open(self):
        """Open the batch."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_download(self):
        """Download the PDF with all letters."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("This batch has no PDF yet, or none any more."))
        return self.env["opportunity.letter"]._get_download_action(self.attachment_id)

    def action_cancel(self):
        """Stop: letters that are printed stay, with their PDF so far; the others are cancelled."""
        self.ensure_one()
        self.check_access("read")
        if self.state not in ("open", "waiting"):
            raise UserError(self.env._("This batch is finished already."))
        # sudo: whoever sees the batch may stop it
        batch = self.sudo()
        batch.write({"state": "cancelled"})
        batch._get_waiting().write({"state": "cancelled"})
        batch._assemble()

    def action_labels(self):
        """Print address labels for the letters, in their order."""
        self.ensure_one()
        self.check_access("read")
        letters = self._get_letters()
        # a contact may get several letters, of several opportunities
        one_each = len(letters.partner_id) == len(letters) or not letters.lead_id
        return self.env["opportunity.label.wizard"]._open(letters.partner_id if one_each else letters.lead_id)

    def action_open_letters(self):
        """Open the letters of the batch."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": "opportunity.letter",
            "views": [(False, "list"), (False, "form")],
            "domain": [("batch_id", "=", self.id)],
        }

    def _get_letters(self):
        return self.env["opportunity.letter"].search([("batch_id", "=", self.id)], order="sequence, id")
