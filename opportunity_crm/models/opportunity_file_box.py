from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

FILED = ("name", "raw", "datas", "mimetype", "description", "box_category_id", "box_tag_ids")


class OpportunityFileBox(models.AbstractModel):
    """A record with a file box: an opportunity, or a contact. Documents are put into it here, whatever the way."""

    _name = "opportunity.file.box"
    _description = "File Box"

    file_box_ids = fields.Many2many(
        "ir.attachment",
        compute="_compute_file_box_ids",
        search="_search_file_box_ids",
        groups="base.group_user",
        help="The documents of the contact and of its company, in their current versions.",
    )

    @api.model
    def _get_document_domain(self):
        """Return the domain of what may be in a file box: files in their current version, not images of records."""
        return Domain([("res_field", "=", False), ("box_current_id", "=", False)])

    def _get_file_box_domain(self):
        """Return the domain of the documents in the file boxes of these records."""
        raise NotImplementedError

    def _get_file_box_keys(self):
        """Return a set of ``(model, id)``: the records whose attachments are in the file box of this one."""
        raise NotImplementedError

    @api.model
    def _get_file_box_matches(self, documents):
        """Return the domain of the records in whose file boxes documents are.

        :param documents: ``Query`` of attachments
        """
        raise NotImplementedError

    def _get_file_box_place(self):
        """Return the record with which documents put into this file box are kept."""
        return self

    def _get_file_box_origin(self):
        """Return the opportunity from which documents put into this file box come, or none."""
        return self.env["crm.lead"]

    @api.depends_context("uid")
    def _compute_file_box_ids(self):
        documents = self.env["ir.attachment"].search(self._get_file_box_domain())
        places = documents.grouped(lambda document: (document.res_model, document.res_id))
        # sudo: from which opportunities documents come is told to nobody; here it only says where they are found
        origins = documents.sudo().grouped(lambda document: ("origin", document.box_lead_id.id))
        for record in self:
            keys = record._get_file_box_keys()
            found = {doc.id for key in keys for doc in places.get(key, origins.get(key, ()))}
            record.file_box_ids = documents.browse(sorted(found, reverse=True))

    @api.model
    def _search_file_box_ids(self, operator, value):
        """Find records by their documents: whether there are some, by name, by content, by category …"""
        if operator not in ("any", "in"):
            return NotImplemented
        matching, has_none = value, False
        if operator == "in":
            has_none = False in value
            chosen = [id_ for id_ in value if id_]
            matching = Domain.TRUE if True in value else Domain("id", "in", chosen)
        documents = self.env["ir.attachment"]
        base = self._get_document_domain() & Domain("res_model", "in", self._get_file_box_models())
        found = self._get_file_box_matches(documents._search(base & Domain(matching)))
        return found | ~self._get_file_box_matches(documents._search(base)) if has_none else found

    @api.model
    def _get_file_box_models(self):
        return ["res.partner"]

    @api.model
    def _add_to_file_boxes(self, filings):
        """Put documents into file boxes, all in one insertion.

        :param list filings: pairs of a record (``crm.lead`` or ``res.partner``) and the values of its document:
            ``name``, ``raw`` (bytes) or ``datas`` (base64), optionally ``mimetype``, ``description``,
            ``box_category_id``, ``box_tag_ids``, and for a contact ``lead_id``, the opportunity from which it comes
        :return: ``ir.attachment`` records, in that order
        :raise AccessError: who puts a document into a file box may edit the contact, or the opportunity from which it
            comes; whoever edits the opportunity need not be able to edit its contact
        """
        self._check_may_file(filings)
        # sudo: may be filed, as was just checked; it stays signed by the user
        documents = self.env["ir.attachment"].sudo()
        return documents.create([record._prepare_document(values) for record, values in filings]).sudo(self.env.su)

    @api.model
    def _check_may_file(self, filings):
        targets, sponsors = defaultdict(set), defaultdict(set)
        for record, values in filings:
            lead_id = record._name == "res.partner" and values.get("lead_id")
            targets[record._name].add(record.id)
            sponsors["crm.lead" if lead_id else record._name].add(lead_id or record.id)
        for operation, records in (("read", targets), ("write", sponsors)):
            for model, ids in records.items():
                self.env[model].browse(ids).check_access(operation)

    def _add_to_file_box(self, values_list):
        """Put documents into the file box of one record, see :meth:`_add_to_file_boxes`."""
        self.ensure_one()
        return self._add_to_file_boxes([(self, values) for values in values_list])

    def _prepare_document(self, values):
        origin = self._get_file_box_origin()
        place = self._get_file_box_place()
        return {
            **{name: values[name] for name in FILED if name in values},
            "res_model": place._name,
            "res_id": place.id,
            "box_lead_id": origin.id or values.get("lead_id"),
            "box_version": 1,
        }
