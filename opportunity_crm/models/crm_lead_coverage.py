from collections import defaultdict

from odoo import api, models
from odoo.fields import Command


class CrmLead(models.Model):
    """Coverage groups of many opportunities at once, and those that a customer hands on."""

    _inherit = "crm.lead"

    def _filter_coverage_editable(self):
        """Return the opportunities whose coverage groups the user may change."""
        return self._filtered_access("write")

    @api.model
    def _fit_coverage(self, customers):
        """Yield opportunities and the groups that they have from their customers.

        :param dict customers: ``{opportunity: contact}``
        """
        inherited = self.env["res.partner"].union(*customers.values())._get_coverage_to_inherit()
        fitting = {}
        for lead, customer in customers.items():
            groups = inherited.get(customer, self.env["opportunity.coverage.group"])
            # without groups the company is not looked at: of a new opportunity it may not be computed yet
            key = (groups, lead.company_id) if groups else None
            if key not in fitting:
                fitting[key] = groups and groups._filter_usable(lead.company_id)._filter_fitting()
            yield lead, fitting[key]

    @api.model
    def _set_coverage(self, wanted):
        """Give opportunities their groups, those together whose groups change in the same way.

        :param dict wanted: ``{opportunity: groups}``; opportunities that have theirs already are left alone
        :return: the opportunities that were changed
        """
        together = defaultdict(self.browse)
        for lead, groups in wanted.items():
            present = lead.coverage_group_ids
            if present != groups:
                together[groups - present, present - groups] |= self.browse(lead.id)
        for (added, removed), leads in together.items():
            # one by one and not as a set, which would take away archived groups that nobody has seen
            commands = [*map(Command.link, added.ids), *map(Command.unlink, removed.ids)]
            leads.write({"coverage_group_ids": commands})
        return self.browse().union(*together.values())

    def action_coverage(self):
        """Open the dialog that adds coverage groups to the opportunities and removes others."""
        wizard = self.env["opportunity.coverage.apply"].create({"lead_ids": [Command.set(self.ids)]})
        return wizard._get_form_action()
