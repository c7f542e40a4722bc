import textwrap

from odoo import fields, models
from odoo.tools.mail import html_to_inner_content

LENGTH = 300  # characters of a text


class CrmLead(models.Model):
    """The entries of the timeline as they are shown, read with the rights of the person who looks."""

    _inherit = "crm.lead"

    def _prepare_timeline(self, rows, kinds):
        """Return the entries of rows of the query, in their order."""
        ids = {}
        for row in rows:
            ids.setdefault(row["kind"], []).append(row["id"])
        shown = {}
        for name, found in ids.items():
            records = self.env[kinds[name].model].browse(found)
            prepared = getattr(self, f"_prepare_timeline_{name}")(records)
            shown |= {(name, id_): values for id_, values in zip(found, prepared, strict=True)}
        people = self._name_timeline_people(rows)
        entries = [
            {
                "kind": row["kind"],
                "id": row["id"],
                "model": kinds[row["kind"]].model,
                "is_upcoming": row["upcoming"],
                "date": fields.Datetime.to_string(row["date"]),
                "is_day": kinds[row["kind"]].is_day,
                "who_id": row["person_id"] or False,
                "who": people.get(row["person_id"], ""),
                **shown[row["kind"], row["id"]],
            }
            for row in rows
        ]
        return self._name_timeline_documents(entries)

    def _name_timeline_people(self, rows):
        # sudo: the names of those who write and act are told with what they wrote and did
        people = self.env["res.partner"].sudo().browse({row["person_id"] for row in rows if row["person_id"]})
        return {person.id: person.name or "" for person in people}

    def _name_timeline_documents(self, entries):
        """Tell of the documents other than this opportunity to which entries belong."""
        for entry in entries:
            document = entry.get("document")
            other = document and document != self and document.id
            entry["document"] = bool(other) and {
                "model": document._name,
                "id": document.id,
                "name": document.display_name,
            }
        return entries

    def _get_timeline_documents(self, records, model="model", id_="res_id"):
        """Return the documents that records name by model and id, which are read together."""
        named = [(record[model], record[id_]) for record in records]
        together = {
            name: self.env[name].browse({id_ for other, id_ in named if other == name})
            for name in {n for n, _ in named}
        }
        return [together[name].browse(id_).with_prefetch(together[name]._prefetch_ids) for name, id_ in named]

    def _shorten(self, text):
        return textwrap.shorten(text or "", LENGTH, placeholder="…")

    def _shorten_html(self, html):
        return self._shorten(html_to_inner_content(html or ""))

    def _prepare_timeline_activity(self, activities):
        documents = self._get_timeline_documents(activities, model="res_model")
        return [
            {
                "title": activity.display_name,
                "text": self._shorten(activity.feedback) or self._shorten_html(activity.note),
                "label": activity.activity_type_id.name or "",
                "state": activity.state,
                "document": document,
            }
            for activity, document in zip(activities, documents, strict=True)
        ]

    def _prepare_timeline_meeting(self, meetings):
        planned = meetings.activity_ids.filtered(lambda activity: activity.active and activity.can_write)
        activities = {activity.calendar_event_id.id: activity.id for activity in planned}
        readable = self.browse(meetings.opportunity_id.ids)._filtered_access("read")
        return [
            {
                "title": meeting.name,
                "text": self._shorten_html(meeting.description),
                "is_day": meeting.allday,
                "date_end": fields.Datetime.to_string(meeting.stop),
                "location": meeting.location or "",
                "activity_id": activities.get(meeting.id, False),
                "document": meeting.opportunity_id & readable,
            }
            for meeting in meetings
        ]

    def _prepare_timeline_note(self, messages):
        """Return what is shown of each record: ``title`` and ``text`` (both plain text), ``document`` (the record to
        which it belongs), and what else the client shows of this kind."""
        documents = self._get_timeline_documents(messages)
        return [
            {
                # Odoo's composer proposes the name of the document
                "title": message.subject if message.subject and message.subject != document.display_name else "",
                "text": self._shorten_html(message.body),
                "attachment_count": len(message.attachment_ids),
                "document": document,
                **({} if message.author_id else {"who": message.email_from or ""}),
            }
            for message, document in zip(messages, documents, strict=True)
        ]

    def _prepare_timeline_sent(self, messages):
        return self._prepare_timeline_note(messages)

    def _prepare_timeline_received(self, messages):
        return self._prepare_timeline_note(messages)

    def _prepare_timeline_click(self, clicks):
        return [
            {
                "title": click.link_id.title or click.link_id.url,
                "text": click.enrollment_step_id.name or "",
                "document": click.enrollment_step_id.lead_id,
            }
            for click in clicks
        ]

    def _prepare_timeline_view(self, links):
        return [
            {
                "title": link.display_name,
                "text": self.env._("Viewed %s times", link.view_count) if link.view_count > 1 else "",
                "document": link.lead_id,
            }
            for link in links
        ]

    def _prepare_timeline_move(self, moves):
        causes = dict(moves._fields["cause"]._description_selection(self.env))
        return [
            {
                "title": move.to_stage_id.name or "",
                "text": move.passage or "",
                "from_stage": move.from_stage_id.name or "",
                "label": causes[move.cause] if move.cause != "user" else "",
                "cause": move.cause,
                "document": move.lead_id,
            }
            for move in moves
        ]
