from odoo import fields, models


class OpportunityDocumentCategory(models.Model):
    """What a document of a file box is: a contract, an estimate, a questionnaire …"""

    _name = "opportunity.document.category"
    _description = "Document Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    document_count = fields.Integer(string="Documents", compute="_compute_document_count")

    def _compute_document_count(self):
        groups = self.env["ir.attachment"]._read_group(
            [("box_category_id", "in", self.ids), ("box_current_id", "=", False), ("res_field", "=", False)],
            ["box_category_id"],
            ["__count"],
        )
        counts = {category.id: count for category, count in groups}
        for category in self:
            category.document_count = counts.get(category.id, 0)
