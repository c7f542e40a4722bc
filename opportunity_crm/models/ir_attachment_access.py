from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_share import SEES_ALL

FIELDS = ["res_model", "res_id", "res_field", "public", "create_uid", "box_version", "box_lead_id", "box_lead_name"]
ORIGIN = ("box_lead_id", "box_lead_name")
SCOPE = "opportunity_crm.file_box_scope"


class IrAttachment(models.Model):
    """Who sees a document that was uploaded from an opportunity.

    Odoo asks the contact. Where the setting says so, the opportunity is asked as well: only who sees it sees its
    documents, and only who may edit it changes them. Neither a token nor ``public`` opens such a document. Who may edit
    the opportunity may always change its documents, whether they may edit the contact or not.
    """

    _inherit = "ir.attachment"

    @api.model
    def _is_box_private(self):
        """Tell whether documents uploaded from opportunities are only for those who see the opportunity."""
        # sudo: the setting decides about everybody
        return self.env["ir.config_parameter"].sudo().get_param(SCOPE) == "opportunity"

    def _filter_from_opportunity(self):
        """Return the documents that were uploaded from opportunities."""
        # sudo: asked before it is known who sees them, and told to nobody
        origins = self.sudo()
        origins.fetch(FIELDS)
        return self.browse([doc.id for doc in origins if doc.box_version and (doc.box_lead_id.id or doc.box_lead_name)])

    def _filter_held(self):
        """Return the documents that are only for those who see their opportunity, however they are opened."""
        documents = self._filter_from_opportunity()
        if self._is_box_private():
            return documents
        # sudo: as above
        return documents.filtered(lambda document: document.sudo().res_model == "crm.lead")

    def _filter_by_opportunity(self, operation):
        """Return the documents on whose opportunity the user may do this.

        What is left of a deleted opportunity is for those who see all opportunities, and for whoever uploaded it.
        """
        documents = self._filter_from_opportunity()
        # sudo: which opportunities they are is told to nobody; access to these is asked as the user
        origins = documents.sudo()
        leads = self.env["crm.lead"].browse(origins.box_lead_id.ids)._filtered_access(operation)
        sees_all = self.env.user.has_group(SEES_ALL)
        return self.browse(
            [
                doc.id
                for doc in origins
                if doc.box_lead_id.id in leads._ids
                or (not doc.box_lead_id and (sees_all or doc.create_uid.id == self.env.uid))
            ]
        )

    def _check_access(self, operation):
        if self.env.su or not any(self._ids):
            return super()._check_access(operation)
        uploaded = self._filter_from_opportunity()  # before Odoo's own check, which then finds its fields in the cache
        result = super()._check_access(operation)
        if not uploaded:
            return result
        forbidden, error = result or (self.browse(), None)
        needed = "read" if operation == "read" else "write"
        allowed = uploaded._filter_by_opportunity(needed)
        remaining = forbidden | (uploaded._filter_held() - allowed)
        if operation != "read":
            remaining -= allowed._filter_ruled(operation)
        if not remaining:
            return None
        remaining.invalidate_recordset(FIELDS)  # what nobody may read is not left in the cache
        return remaining, error or partial(self._make_box_error, remaining)

    def _filter_ruled(self, operation):
        """Return the documents of living opportunities that pass the access rights and rules on attachments as such."""
        # sudo: as above
        documents = self.filtered(lambda document: document.sudo().box_lead_id)
        if not documents:
            return documents
        refused = models.BaseModel._check_access(documents, operation)
        return documents - refused[0] if refused else documents

    def _make_box_error(self, documents):
        return AccessError(
            self.env._(
                "You cannot open or change this document: it is kept for those who see, or edit, the opportunity it was"
                " uploaded from. Ask the salesperson to share the opportunity with you.\n\n(Records: %(documents)s,"
                " user: %(user)s)",
                documents=documents.ids[:6],
                user=self.env.uid,
            )
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not self.env.su and not bypass_access:
            domain = Domain(domain)
            self._check_origin_unasked(domain, order)
            if self._is_box_private():
                domain &= Domain.custom(to_sql=self._sql_not_withheld)
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    @api.model
    def _check_origin_unasked(self, domain, order):
        """Refuse to search by the origin: Odoo searches attachments as superuser before it leaves out what may not be
        read, so that one could find out from which opportunity a document of a contact comes."""
        asked = {condition.field_expr.split(".")[0] for condition in domain.iter_conditions()}
        for name in ORIGIN:
            if name in asked or name in (order or ""):
                self._check_field_access(self._fields[name], "read")

    def _sql_not_withheld(self, _model, alias, _query):
        """Return the condition that a document is not kept for those who see an opportunity, or that one sees it."""
        # SQL: the fields of the origin are readable by nobody, so no domain of a user may contain them
        self.flush_model(["box_lead_id", "box_lead_name", "box_version", "create_uid"])
        origin = SQL.identifier(alias, "box_lead_id")
        return SQL(
            "(%(origin)s IS NULL AND (%(name)s IS NULL OR %(mine)s) OR %(visible)s)",
            origin=origin,
            name=SQL.identifier(alias, "box_lead_name"),
            mine=self._sql_orphan_visible(alias),
            visible=self._sql_opportunity_visible(origin),
        )

    def _sql_orphan_visible(self, alias):
        if self.env.user.has_group(SEES_ALL):
            return SQL("TRUE")
        return SQL("%s = %s", SQL.identifier(alias, "create_uid"), self.env.uid)

    def _sql_opportunity_visible(self, origin):
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not leads.has_access("read"):
            return SQL("FALSE")
        query = leads._search([])
        if not query.where_clause:
            return SQL("%s IS NOT NULL", origin)
        # correlated: a page of documents is held against its few opportunities, not against all that somebody sees
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), origin))
        return SQL("EXISTS (%s)", query.select(SQL("1")))

    def _check_held(self):
        """Raise when one of the documents is held for those who see its opportunity, and the user does not."""
        held = self._filter_held()
        if held:
            held.sudo(False).check_access("read")

    def _can_return_content(self, field_name=None, access_token=None):
        """No token and no ``public`` opens what is held for those who see an opportunity; rights do."""
        if self._filter_held():
            return False
        return super()._can_return_content(field_name, access_token)

    def _has_attachments_ownership(self, attachment_tokens):
        held = self.exists()._filter_held()
        if held and not held.sudo(False).has_access("write"):
            return False
        return super()._has_attachments_ownership(attachment_tokens)
