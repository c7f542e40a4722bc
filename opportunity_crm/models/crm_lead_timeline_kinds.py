from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

PERSON_OF_USER = "(SELECT partner_id FROM res_users WHERE id = record.%s)"
# A message is sent or received by who wrote it: people of ours who answer from their mail program send as well.
OURS = Domain("author_id", "any!", [("partner_share", "=", False)])
INTERNAL = Domain("subtype_id.internal", "=", True)


class TimelineKind(NamedTuple):
    """One kind of entries in the timeline of the Tasks tab. Its texts are SQL on the table ``record``."""

    model: str
    date: str  # the moment, in UTC
    person: str  # id of the contact who did it, or is to do it
    upcoming: str = "FALSE"  # whether it lies ahead
    is_day: bool = False  # the moment is a day


class TimelineScope(NamedTuple):
    """The records of which the timeline tells; the user may read all of them."""

    leads: models.BaseModel
    partners: models.BaseModel

    def by_model(self, model="model", id_="res_id"):
        """Return the domain of records that name their document by model and id."""
        return Domain.OR(
            Domain(model, "=", documents._name) & Domain(id_, "in", documents.ids) for documents in self if documents
        )


class CrmLead(models.Model):
    """What the timeline of an opportunity tells of.

    A module adds a kind in three steps: an entry in :meth:`_get_timeline_kinds`, a method
    ``_get_domain_timeline_<kind>(scope)`` that returns the domain of its records, and a method
    ``_prepare_timeline_<kind>(records)`` that returns for each record what is shown, see
    :meth:`_prepare_timeline_note`. Its label and icon are registered in the client under
    ``opportunity_crm.timeline_kinds``.
    """

    _inherit = "crm.lead"

    def _get_timeline_kinds(self):
        """Return ``{name: TimelineKind}``, in the order of the filters."""
        author, user = "record.author_id", PERSON_OF_USER % "user_id"
        return {
            "activity": TimelineKind(
                "mail.activity",
                "CASE WHEN record.active THEN record.date_deadline ELSE record.date_done END",
                user,
                "record.active",
                is_day=True,
            ),
            "meeting": TimelineKind("calendar.event", "record.start", user, "record.stop >= %(now)s"),
            "note": TimelineKind("mail.message", "record.date", author),
            "sent": TimelineKind("mail.message", "record.date", author),
            "received": TimelineKind("mail.message", "record.date", author),
            "click": TimelineKind(
                "link.tracker.click",
                "record.create_date",
                """(SELECT lead.partner_id FROM opportunity_enrollment_step AS step
                      JOIN opportunity_enrollment AS enrollment ON enrollment.id = step.enrollment_id
                      JOIN crm_lead AS lead ON lead.id = enrollment.lead_id
                     WHERE step.id = record.enrollment_step_id)""",
            ),
            "view": TimelineKind("opportunity.buy.link", "record.date_viewed", "record.partner_id"),
            "move": TimelineKind("opportunity.stage.move", "record.date", PERSON_OF_USER % "moved_by_id"),
        }

    def _search_timeline(self, model, domain):
        """Return the query of those of the records that the user may read."""
        # Odoo's search of messages reads all of them to look at their documents, which the user may read here; what
        # else it holds back, notifications to others, is none of the types in the domains
        bypass = {"bypass_access": True} if model == "mail.message" else {}
        self.env[model].flush_model()
        return self.env[model]._search(domain, **bypass)

    def _get_domain_timeline_activity(self, scope):
        # the activity of a meeting is told by the meeting
        met = self.env["calendar.event"]._search(self._get_domain_timeline_meeting(scope))
        known = Domain("calendar_event_id", "=", False) | Domain("calendar_event_id", "not in", met)
        return scope.by_model("res_model") & Domain("active", "in", (True, False)) & known

    def _get_domain_timeline_meeting(self, scope):
        of_leads = Domain("opportunity_id", "in", scope.leads.ids) | scope.by_model("res_model")
        return of_leads | Domain("partner_ids", "in", scope.partners.ids) if scope.partners else of_leads

    def _get_domain_timeline_note(self, scope):
        return scope.by_model() & Domain("message_type", "in", ("comment", "email")) & INTERNAL

    def _get_domain_timeline_sent(self, scope):
        automatic = Domain("message_type", "in", ("email_outgoing", "auto_comment"))
        by_us = Domain("message_type", "in", ("comment", "email")) & OURS & ~INTERNAL
        return scope.by_model() & (automatic | by_us)

    def _get_domain_timeline_received(self, scope):
        return scope.by_model() & Domain("message_type", "in", ("comment", "email")) & ~OURS & ~INTERNAL

    def _get_domain_timeline_click(self, scope):
        return Domain("enrollment_step_id.enrollment_id.lead_id", "in", scope.leads.ids)

    def _get_domain_timeline_view(self, scope):
        return Domain("lead_id", "in", scope.leads.ids) & Domain("date_viewed", "!=", False)

    def _get_domain_timeline_move(self, scope):
        return Domain("lead_id", "in", scope.leads.ids)
