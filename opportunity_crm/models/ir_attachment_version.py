from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """The versions of a document: all of them are attachments, and the former ones point at the current one."""

    _inherit = "ir.attachment"

    def _replace_in_file_box(self, values):
        """Put a new version in the place of a document; the former ones stay, as they were.

        :param dict values: ``name`` and ``raw`` (or ``datas``) of the new version
        :return: the new version, with the category, the tags and the origin of the former one
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: who may edit the opportunity may replace a document that is kept with a contact they may not edit
        current = self.box_current_id.sudo() or self.sudo()
        current._check_replaceable()
        new = current.create({**current._prepare_version_values(), **values})
        former = current | current._get_former_versions()
        former.write({"box_current_id": new.id})
        if not current.box_version:  # it came with a message, say, and is the first version from now on
            current.write({"box_version": 1, "box_lead_id": new.box_lead_id.id})
        return new.sudo(self.env.su)

    def _check_replaceable(self):
        if self.res_model not in ("crm.lead", "res.partner") or self.res_field or self.type != "binary":
            raise UserError(self.env._("“%s” is not in a file box and has no versions.", self.name))

    def _prepare_version_values(self):
        record = self.env[self.res_model].browse(self.res_id)
        place = record._get_file_box_place()
        return {
            "res_model": place._name,
            "res_id": place.id,
            "description": self.description,
            "company_id": self.company_id.id,
            "box_category_id": self.box_category_id.id,
            "box_tag_ids": self.box_tag_ids.ids,
            "box_lead_id": (self.box_lead_id or record._get_file_box_origin()).id,
            "box_lead_name": self.box_lead_name,
            "box_version": (self.box_version or 1) + 1,
        }

    @api.model
    def _get_version_order(self):
        return "box_version desc, id desc"

    def _get_former_versions(self):
        domain = [("box_current_id", "in", self.ids), ("res_field", "=", False)]
        return self.search(domain, order=self._get_version_order())

    def _get_heirs(self):
        """Return a list of the versions, latest first, that each deleted current version leaves behind."""
        # sudo: the versions of one document have one access check
        replacing = self.sudo().filtered(lambda document: document.box_version > 1 and not document.box_current_id)
        former = replacing._get_former_versions() - self.sudo() if replacing else replacing
        return list(former.grouped("box_current_id").values())

    def _promote_latest(self):
        """Make the latest of several versions the current one."""
        latest, others = self[:1], self[1:]
        latest.write({"box_current_id": False})
        others.write({"box_current_id": latest.id})
