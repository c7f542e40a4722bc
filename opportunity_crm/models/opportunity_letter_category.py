from odoo import fields, models


class OpportunityLetterCategory(models.Model):
    """What a letter is for: a shelf of the library."""

    _name = "opportunity.letter.category"
    _description = "Letter Category"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    template_ids = fields.One2many("opportunity.letter.template", "category_id", string="Letter Templates")
    template_count = fields.Integer(string="Letters", compute="_compute_template_count")

    def _compute_template_count(self):
        groups = self.env["opportunity.letter.template"]._read_group(
            [("category_id", "in", self.ids)], ["category_id"], ["__count"]
        )
        counts = {category.id: count for category, count in groups}
        for category in self:
            category.template_count = counts.get(category.id, 0)
