from odoo import fields, models


class ResUsers(models.Model):
    """The signature under letters."""

    _inherit = "res.users"

    letter_signature = fields.Image(
        max_width=1200,
        max_height=400,
        groups="base.group_erp_manager",
        help="A picture of your signature, printed under letters that are written in your name.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "letter_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "letter_signature"]
