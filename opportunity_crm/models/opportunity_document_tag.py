from odoo import fields, models


class OpportunityDocumentTag(models.Model):
    """A word by which people find documents of file boxes again; everybody who sells may add one."""

    _name = "opportunity.document.tag"
    _description = "Document Tag"
    _order = "name"

    name = fields.Char(required=True)
    color = fields.Integer()

    _name_unique = models.UniqueIndex("(name)", "There is a document tag of this name already. Choose that one.")
