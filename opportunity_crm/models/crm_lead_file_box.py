from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """The file box of an opportunity: the documents of its contact and of the company of that contact.

    Documents are kept with the opportunity as long as it has no contact, and move to the contact when there is one.
    They stay there when the opportunity gets another contact, with whom they have nothing to do, and are still reached
    from the opportunity from which they come.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead", "opportunity.file.box"]

    @api.depends("partner_id")
    def _compute_file_box_ids(self):
        return super()._compute_file_box_ids()

    @api.model
    def _get_file_box_models(self):
        return ["crm.lead", "res.partner"]

    def _get_file_box_domain(self):
        leads, partners = self._origin, self._get_file_box_partners()
        # sudo: which documents come from the opportunities; whether the user may see them is asked by the search
        uploaded = (
            self.env["ir.attachment"].sudo()._search([("box_lead_id", "in", leads.ids), ("res_field", "=", False)])
        )
        place = (
            Domain([("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)])
            | Domain([("res_model", "=", "res.partner"), ("res_id", "in", partners.ids)])
            | Domain("id", "in", uploaded)
        )
        return self._get_document_domain() & Domain("res_model", "in", self._get_file_box_models()) & place

    def _get_file_box_partners(self):
        # sudo: who sees the opportunity may have its documents; whether they may see them is asked by the search
        partners = self.sudo().partner_id
        return (partners | partners.commercial_partner_id)._origin.sudo(self.env.su)

    def _get_file_box_keys(self):
        partners = [("res.partner", partner.id) for partner in self._get_file_box_partners()]
        return {("crm.lead", self._origin.id), ("origin", self._origin.id), *partners}

    @api.model
    def _get_file_box_matches(self, documents):
        kept = documents.select(SQL.identifier(documents.table, "res_model"), SQL.identifier(documents.table, "res_id"))
        # SQL: an attachment names its record in two columns, and its origin in one that no domain may contain
        partners = SQL("(SELECT kept.res_id FROM (%s) AS kept WHERE kept.res_model = 'res.partner')", kept)
        leads = SQL("(SELECT kept.res_id FROM (%s) AS kept WHERE kept.res_model = 'crm.lead')", kept)
        origins = SQL("(%s)", documents.select(SQL.identifier(documents.table, "box_lead_id")))
        return (
            Domain("id", "in", leads)
            | Domain("id", "in", origins)
            | Domain("partner_id", "in", partners)
            | Domain("partner_id.commercial_partner_id", "in", partners)
        )

    def _get_file_box_place(self):
        # sudo: as above
        return self.sudo().partner_id.sudo(self.env.su) or self

    def _get_file_box_origin(self):
        return self

    def _find_with_documents(self):
        """Return the ids of those opportunities, or of what they are to become, in whose file box something is."""
        # sudo: a document of a colleague counts as well; only whether there is one is told
        documents = self.env["ir.attachment"].sudo()
        rows = documents._read_group(self._get_file_box_domain(), ["res_model", "res_id", "box_lead_id"])
        keys = {(model, id_) for model, id_, _lead in rows} | {("origin", lead.id) for *_place, lead in rows if lead}
        return {lead._origin.id for lead in self if lead._get_file_box_keys() & keys}

    def _get_filed(self):
        """Return the documents, all versions, that were put into the file box and are kept with the opportunities."""
        # sudo: what is done with documents when an opportunity changes does not depend on who changes it
        documents = self.env["ir.attachment"].sudo()
        return documents.search(
            [("res_model", "=", "crm.lead"), ("res_id", "in", self.ids), ("box_version", ">", 0)], order="id"
        )

    def _hand_over_documents(self, vals):
        """Give the documents that opportunities have kept to their contacts, now that there are some.

        :param dict vals: the values that were written
        """
        if not vals.get("partner_id"):
            return
        for lead_id, documents in self._get_filed().grouped("res_id").items():
            # sudo: the contact is only read, to write where documents are kept
            partner = self.browse(lead_id).sudo().partner_id
            if partner:
                documents.write({"res_model": "res.partner", "res_id": partner.id})

    def _merge_file_boxes(self, merged):
        """Let documents of merged opportunities be those of the one that remains."""
        place = self._get_file_box_place()
        merged._get_filed().write({"res_model": place._name, "res_id": place.id})
        # sudo: as above
        documents = self.env["ir.attachment"].sudo()
        documents.search([("box_lead_id", "in", merged.ids)]).write({"box_lead_id": self.id})

    def _leave_file_boxes(self):
        """Keep the documents of opportunities that are about to be deleted, and what these were called."""
        self.check_access("unlink")
        # sudo: the contact is only read, to write where documents are kept
        self._hand_over_documents({"partner_id": self.sudo().partner_id.ids})
        left = self._get_filed()
        if left:
            raise UserError(
                self.env._(
                    "“%(opportunity)s” has documents in its file box, and no contact to keep them. Choose its contact,"
                    " delete the documents, or archive the opportunity instead.",
                    opportunity=self.browse(left[0].res_id).name,
                )
            )
        uploaded = left.search([("box_lead_id", "in", self.ids)]).grouped("box_lead_id")
        for lead, documents in uploaded.items():
            documents.write({"box_lead_name": lead.name, "box_lead_id": False})

    def action_move_document(self, document_id):
        """Give a document that came from this opportunity to its contact, when it is kept with a former contact.

        :param int document_id: the ``ir.attachment``
        """
        self.ensure_one()
        self.check_access("write")
        document = self.env["ir.attachment"].browse(document_id)
        document.check_access("write")
        # sudo: the origin is told to nobody; whoever edits the opportunity says with whom its documents are kept
        document = document.sudo()
        if document.box_lead_id.id != self.id or not self.partner_id:
            raise UserError(self.env._("Only documents from this opportunity can be moved to its contact."))
        versions = document | document._get_former_versions()
        return versions.write({"res_model": "res.partner", "res_id": self.partner_id.id})
