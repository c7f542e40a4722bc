from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class OpportunityTemplate(models.Model):
    """From one revision of a template to the next: edit, and publish."""

    _inherit = "opportunity.template"

    def action_edit(self):
        """Open the revision that may be edited: the next one, made if need be, while the current one is in use."""
        self.ensure_one()
        self.check_access("write")
        current = self.current_id
        draft = self.family_id.revision_ids.filtered(lambda revision: revision.state == "draft")
        if not draft and current._filter_in_use():
            draft = current._make_next_revision()
        return (draft or current)._get_form_action()

    def _make_next_revision(self):
        family = self.family_id
        self.flush_model(["revision", "state"])
        # SQL because a write without a change writes nothing: of two people who press “Edit” at once, the second one
        # is to fail on this row, after which Odoo tries again and finds the revision of the first one
        self.env.cr.execute(SQL("UPDATE opportunity_template SET revision = revision WHERE id = %s", family.id))
        last = max(family.revision_ids.mapped("revision"))
        return self.copy({"origin_id": family.id, "revision": last + 1})

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "origin_id" in (default or {}):
            for template, vals in zip(self, vals_list, strict=True):
                vals["name"] = template.name
        return vals_list

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_current(self):
        """Open the revision that new opportunities get."""
        self.ensure_one()
        return self.current_id._get_form_action()

    def action_view_revisions(self):
        """List all revisions of the template."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_template_action_revisions")
        action["display_name"] = self.env._("Revisions of %s", self.name)
        action["domain"] = [("family_id", "=", self.family_id.id)]
        return action

    def action_activate(self):
        """Activate templates; a next revision is published instead, after a look at what changes."""
        if len(self) == 1 and self.is_next_revision:
            return self.action_publish()
        return super().action_activate()

    def action_publish(self):
        """Open the dialog that says what the revision changes, and publishes it."""
        self.ensure_one()
        self._require_changes()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_template_publish_action")
        action["context"] = {"default_template_id": self.id}
        return action

    def _require_changes(self):
        """Return the changes of a next revision, or say why there is nothing to publish."""
        if not self.is_next_revision:
            raise UserError(self.env._("“%s” is published already.", self.name))
        changes = self._get_changes(self.current_id)
        if not changes:
            raise UserError(
                self.env._(
                    "Nothing differs from revision %(revision)s of “%(template)s”. Change something, or delete this"
                    " draft.",
                    revision=self.current_id.revision,
                    template=self.name,
                )
            )
        return changes

    def _publish(self):
        """Let the revision take the place of the current one, for new opportunities and as the default of teams."""
        changes = self._require_changes()
        replaced = self.current_id
        # sudo: a template of all companies is the default of teams whose company the user may not have
        teams = replaced.sudo().default_team_ids
        teams.opportunity_template_id = False
        replaced.state = "archived"
        # the database allows one active revision at any moment
        self.flush_model(["state"])
        self.state = "active"
        teams.filtered(lambda team: not self.team_ids or team in self.team_ids).opportunity_template_id = self
        self.message_post(body=self._prepare_publication(changes))
        replaced._message_log(body=self.env._("Replaced by revision %s.", self.revision))

    def _prepare_publication(self, changes):
        title = self.env._("Revision %s published. What changed:", self.revision)
        return Markup("<p>%s</p>%s") % (title, self._render_changes(changes))

    def _render_changes(self, changes):
        items = Markup().join(Markup("<li>%s</li>") % change.text for change in changes)
        return Markup("<ul>%s</ul>") % items

    def _get_domain_left_behind(self):
        """Return the domain of the open opportunities that have another revision of the template."""
        others = self.family_id.revision_ids - self
        return self.env["crm.lead"]._get_domain_migratable() & Domain("template_id", "in", others.ids)

    def action_migrate_opportunities(self):
        """Open the dialog that brings the open opportunities of other revisions to this one."""
        self.ensure_one()
        leads = self.env["crm.lead"].search(self._get_domain_left_behind())
        wizard = self.env["opportunity.template.migration"].create(
            {"lead_ids": [fields.Command.set(leads.ids)], "template_id": self.id}
        )
        return wizard._get_form_action()
