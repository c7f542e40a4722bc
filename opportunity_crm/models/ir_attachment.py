from odoo import api, fields, models
from odoo.exceptions import UserError

# What only the server writes: where a document comes from and which version it is.
KEPT_BY_SERVER = {"box_lead_id", "box_lead_name", "box_current_id", "box_version"}
PLACE = {"res_model", "res_id", "res_field", "type", "url", "public"}
CONTENT = {"raw", "datas", "db_datas", "mimetype"}
BOXES = ("crm.lead", "res.partner")


class IrAttachment(models.Model):
    """A document of a file box is an attachment of the contact, or of the opportunity as long as that has none.

    What a file box adds are fields here and not a model of its own: whoever downloads, previews, searches, exports or
    sends a document does so by its attachment, and one record has one access check. What was attached to a contact
    before, or came with a message, is in its box without further ado. (Where the idea of versions comes from: Odoo's
    ``product.document`` and every document store.)
    """

    _inherit = "ir.attachment"

    box_category_id = fields.Many2one(
        "opportunity.document.category",
        string="Document Category",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    box_tag_ids = fields.Many2many(
        "opportunity.document.tag",
        "ir_attachment_document_tag_rel",
        "attachment_id",
        "tag_id",
        string="Document Tags",
        groups="base.group_user",
    )
    box_version = fields.Integer(
        string="Version",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Counted from 1. Empty for attachments that nobody put into the file box, as those of messages.",
    )
    box_current_id = fields.Many2one(
        "ir.attachment",
        string="Replaced By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The current version of the document; empty for the current version itself.",
    )
    box_lead_id = fields.Many2one(
        "crm.lead",
        string="Uploaded from Opportunity",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="For the server only: who sees the contact is not told which opportunities it has.",
    )
    box_lead_name = fields.Char(
        string="Deleted Opportunity",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Name of the opportunity, kept when that is deleted, and so is what it was to those who did not see it.",
    )
    box_origin = fields.Char(
        string="From Opportunity",
        compute="_compute_box_origin",
        groups="base.group_user",
        help="The opportunity from which the document was uploaded, for those who see it.",
    )

    @api.depends_context("uid")
    def _compute_box_origin(self):
        visible = self._filter_by_opportunity("read")
        for document in self:
            # sudo: who sees the opportunity may know its name
            origin = document.sudo()
            name = origin.box_lead_id.name or origin.box_lead_name
            document.box_origin = document in visible and name

    @api.model
    def default_get(self, fields):
        if not self.env.su:
            fields = [name for name in fields if name not in KEPT_BY_SERVER]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{k: v for k, v in vals.items() if k not in KEPT_BY_SERVER} for vals in vals_list]
        created = super().create(vals_list)
        self._forget_file_boxes()
        return created

    def write(self, vals):
        if not self.env.su and vals.keys() & (KEPT_BY_SERVER | PLACE | CONTENT):
            self.check_access("write")
            self._check_boxed_write(vals)
        res = super().write(vals)
        self._forget_file_boxes()
        return res

    def unlink(self):
        self.check_access("unlink")
        heirs = self._get_heirs()
        res = super().unlink()
        for versions in heirs:
            versions._promote_latest()
        self._forget_file_boxes()
        return res

    @api.model
    def _forget_file_boxes(self):
        for name in BOXES:
            self.env[name].invalidate_model(["file_box_ids"], flush=False)

    def _check_boxed_write(self, vals):
        """Refuse what would take a document out of its box, show it to others, or change it without a trace."""
        if KEPT_BY_SERVER & vals.keys():
            raise UserError(
                self.env._("Where a document comes from and its versions are kept by the file box. Leave them out.")
            )
        # sudo: whoever may write the attachments may know that they are in a file box
        boxed = self.sudo().filtered("box_version")
        if any(name in vals and boxed.filtered(lambda doc, name=name: doc[name] != vals[name]) for name in PLACE):
            raise UserError(
                self.env._(
                    "“%s” is in a file box: it stays with its contact and is opened by those who see it there. Download"
                    " it and attach it where you need it.",
                    boxed[0].name,
                )
            )
        if boxed and CONTENT & vals.keys():
            raise UserError(
                self.env._(
                    "“%s” is in a file box, where each version is kept. Use Replace instead of changing it.",
                    boxed[0].name,
                )
            )

    def _filter_told(self):
        """Return the attachments that came with a message."""
        # sudo: whether there is a message is told, and nothing about it
        messages = self.env["mail.message"].sudo()
        groups = messages._read_group([("attachment_ids", "in", self.ids)], ["attachment_ids"])
        return self.browse([attachment.id for (attachment,) in groups if attachment.id in self._ids])
