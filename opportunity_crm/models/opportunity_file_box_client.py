from odoo import models
from odoo.fields import Domain

PAGE = 60


class OpportunityFileBox(models.AbstractModel):
    """What the web client shows of a file box, and what it asks for."""

    _inherit = "opportunity.file.box"

    def get_file_box(self, search="", category_id=False, limit=PAGE):
        """Return the file box as the client shows it, newest documents first.

        :param str search: part of the name, or of the content where Odoo indexes it
        :param int category_id: only documents of this ``opportunity.document.category``
        :return: ``{"can_add", "count", "categories", "tags", "documents": […]}``, see :meth:`_prepare_entries`
        """
        self.ensure_one()
        self.check_access("read")
        domain = self._get_file_box_domain() & self._get_term_domain(search, category_id)
        attachments = self.env["ir.attachment"]
        documents = attachments.search(domain, limit=limit, order="id desc")
        count = len(documents) if len(documents) < limit else attachments.search_count(domain)
        return {
            "can_add": self.has_access("write"),
            "count": count,
            "categories": self._read_categories(documents),
            "tags": self.env["opportunity.document.tag"].search_read(fields=["name", "color"]),
            "documents": self._prepare_entries(documents),
        }

    def _read_categories(self, documents):
        """Return the categories to choose from, and those that the documents have."""
        categories = self.env["opportunity.document.category"].with_context(active_test=False)
        used = Domain("id", "in", documents.box_category_id.ids)
        return categories.search_read(used | Domain("active", "=", True), ["name", "color", "active"])

    def _get_term_domain(self, search, category_id):
        domain = Domain("box_category_id", "=", category_id) if category_id else Domain.TRUE
        for word in (search or "").split():
            domain &= Domain("name", "ilike", word) | Domain("index_content", "ilike", word)
        return domain

    def _prepare_entries(self, documents):
        """Return each document as a dictionary, in a number of queries that does not depend on how many there are."""
        former = documents._get_former_versions().grouped("box_current_id")
        editable = documents._filtered_access("write")
        visible = documents._filter_by_opportunity("read")
        told = documents._filter_told()
        return [
            {
                **self._prepare_version(document),
                "mimetype": document.mimetype,
                "checksum": document.checksum,
                "category_id": document.box_category_id.id,
                "tag_ids": document.box_tag_ids.ids,
                "can_edit": document in editable,
                "is_told": document in told,
                "versions": [self._prepare_version(version) for version in former.get(document, ())],
                "kept_with": self._describe_place(document),
                **self._describe_origin(document, visible),
            }
            for document in documents
        ]

    def _prepare_version(self, document):
        return {
            "id": document.id,
            "name": document.name,
            "size": document.file_size,
            "version": document.box_version or 1,
            "date": document.create_date.isoformat(sep=" ", timespec="seconds"),
            "user": document.create_uid.name,
            "user_id": document.create_uid.id,
        }

    def _describe_origin(self, document, visible):
        # sudo: who sees the opportunity may know which one it is
        lead = document.sudo().box_lead_id if document in visible else self.env["crm.lead"]
        here = lead._name == self._name and lead.id == self.id
        return {"lead_id": lead.id, "origin": document.box_origin or "", "is_from_here": here}

    def _describe_place(self, document):
        """Return with whom the document is kept, where that is not the record or its contact itself."""
        place = self._get_file_box_place()
        if (document.res_model, document.res_id) in {(place._name, place.id), (self._name, self.id)}:
            return ""
        # sudo: who may open the document may know whose it is
        return self.env[document.res_model].sudo().browse(document.res_id).display_name
