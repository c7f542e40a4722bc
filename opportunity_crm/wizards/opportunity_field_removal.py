from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityFieldRemoval(models.TransientModel):
    """Says how many values would be lost with a tab or some of its fields, and removes them."""

    _name = "opportunity.field.removal"
    _description = "Remove a Tab or Fields of Opportunities"

    tab_id = fields.Many2one("opportunity.tab", readonly=True, ondelete="cascade", context={"active_test": False})
    field_ids = fields.Many2many("opportunity.field", readonly=True, context={"active_test": False})
    title = fields.Char(compute="_compute_loss")
    loss = fields.Text(string="What Is Lost", compute="_compute_loss")
    is_loss = fields.Boolean(compute="_compute_loss")

    @api.model
    def _open(self, tab=None, fields=None):
        """Open the dialog for a tab with all its fields, or for some fields."""
        chosen = tab.with_context(active_test=False).field_ids if tab else fields
        chosen.check_access("unlink")
        removal = self.create({"tab_id": tab and tab.id, "field_ids": chosen.ids})
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_field_removal_action")
        return {**action, "res_id": removal.id}

    @api.depends("tab_id", "field_ids")
    def _compute_loss(self):
        for removal in self:
            counts = {field: count for field, count in removal.field_ids._count_values().items() if count}
            lines = [
                self.env._("%(field)s (opportunities: %(count)s)", field=field.name, count=count)
                for field, count in counts.items()
            ]
            if searches := removal.field_ids._find_searches():
                lines.append(self.env._("Saved searches of everybody that use it: %s", len(searches)))
            removal.is_loss = bool(lines)
            removal.title = removal._get_title()
            removal.loss = "\n".join(lines)

    def _get_title(self):
        if self.tab_id:
            return self.env._("Remove the tab “%s” with all its fields?", self.tab_id.name)
        return self.env._("Remove “%s”?", "”, “".join(self.field_ids.mapped("name")))

    def action_remove(self):
        """Remove the tab or the fields with all values."""
        self.ensure_one()
        discarding = self.with_context(opportunity_discard_values=True)
        if not (self.tab_id or self.field_ids):
            raise UserError(self.env._("Nothing is left to remove. Close the dialog."))
        opened, tab = bool(self.tab_id), discarding.tab_id
        (tab or discarding.field_ids).unlink()
        if not opened:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_tab_action") | {"target": "main"}

    def action_archive(self):
        """Hide the tab or the fields instead: nothing is lost."""
        self.ensure_one()
        (self.tab_id or self.field_ids).write({"active": False})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
