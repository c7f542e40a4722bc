from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """The file box of a contact: its documents, and those of its company."""

    _name = "res.partner"
    _inherit = ["res.partner", "opportunity.file.box"]

    @api.depends("commercial_partner_id")
    def _compute_file_box_ids(self):
        return super()._compute_file_box_ids()

    def _get_file_box_domain(self):
        partners = (self | self.commercial_partner_id)._origin
        place = Domain([("res_model", "=", "res.partner"), ("res_id", "in", partners.ids)])
        return self._get_document_domain() & place

    def _get_file_box_keys(self):
        return {("res.partner", partner.id) for partner in (self | self.commercial_partner_id)._origin}

    @api.model
    def _get_file_box_matches(self, documents):
        partners = SQL("(%s)", documents.select(SQL.identifier(documents.table, "res_id")))
        return Domain("id", "in", partners) | Domain("commercial_partner_id", "in", partners)

    def unlink(self):
        self._leave_file_boxes()
        return super().unlink()

    def _leave_file_boxes(self):
        """Keep the documents of contacts that are about to be deleted: they go back to the opportunity from which they
        come, or to the company of the contact."""
        self.check_access("unlink")
        # sudo: what becomes of documents does not depend on who deletes their contact
        documents = self.env["ir.attachment"].sudo()
        filed = documents.search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.ids), ("box_version", ">", 0)], order="id"
        )
        for (place, id_), left in filed.grouped(self._get_next_place).items():
            if not id_:
                self._refuse_to_lose(left)
            left.write({"res_model": place, "res_id": id_})

    def _get_next_place(self, document):
        if document.box_lead_id:
            return "crm.lead", document.box_lead_id.id
        # sudo: the company is only read, to write where documents are kept
        company = self.browse(document.res_id).sudo().commercial_partner_id
        return "res.partner", (company - self).id

    def _refuse_to_lose(self, documents):
        raise UserError(
            self.env._(
                "“%(contact)s” keeps documents in its file box, such as “%(document)s”. Archive the contact, merge it"
                " with another one, or delete the documents first.",
                contact=self.browse(documents[0].res_id).display_name,
                document=documents[0].name,
            )
        )
