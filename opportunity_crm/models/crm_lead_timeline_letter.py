from odoo import models
from odoo.fields import Domain

from .crm_lead_timeline_kinds import PERSON_OF_USER, TimelineKind

DONE = ("printed", "sent")


class CrmLead(models.Model):
    """The letters in the timeline of an opportunity: those that were printed or sent."""

    _inherit = "crm.lead"

    def _get_timeline_kinds(self):
        letter = TimelineKind("opportunity.letter", "record.date", PERSON_OF_USER % "printed_by_id")
        return {**super()._get_timeline_kinds(), "letter": letter}

    def _get_domain_timeline_letter(self, scope):
        to_partners = Domain("partner_id", "in", scope.partners.ids) & Domain("lead_id", "=", False)
        return (Domain("lead_id", "in", scope.leads.ids) | to_partners) & Domain("state", "in", DONE)

    def _prepare_timeline_letter(self, letters):
        states = dict(letters._fields["state"]._description_selection(self.env))
        return [
            {
                "title": letter.name,
                "text": (letter.address or "").partition("\n")[0],
                "label": states[letter.state],
                "document": letter._get_target(),
            }
            for letter in letters
        ]
