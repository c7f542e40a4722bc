from odoo import api, models

from ..tools.tab_arch import SHOW


class CrmLead(models.Model):
    """The custom tabs in the views of the opportunity: put in where Odoo assembles a view, which it then keeps until a
    tab changes."""

    _inherit = "crm.lead"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in SHOW and (tabs := self.env["opportunity.tab"]._get_parts()):
            SHOW[view_type](arch, tabs)
        return arch, view
