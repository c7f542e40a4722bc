from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_timeline_kinds import TimelineScope

PAGE = 30
MAX_PAGE = 100


class CrmLead(models.Model):
    """The timeline of the Tasks tab: what is to be done for an opportunity and what has been, in pages.

    What lies ahead comes first, the next first; then what has happened, the latest first. The database orders, counts
    and cuts the pages; the entries of a page are read with the rights of the person who looks, and what these do not
    show is not counted either.
    """

    _inherit = "crm.lead"

    def get_timeline(self, of_customer=False, kinds=None, person_id=None, after=None, limit=PAGE):
        """Return a page of the timeline.

        :param bool of_customer: whether to tell as well of the contact, of its company with all its people, and of
            their other opportunities
        :param list kinds: the kinds to tell of, of :meth:`_get_timeline_kinds`; all without
        :param int person_id: the contact (``res.partner``) who did it or is to do it; everybody without
        :param list after: the ``next`` of the page before; the first page without
        :param int limit: how many entries to return, 100 at most
        :return: ``{"entries": [{"kind", "id", "model", "is_upcoming", "date" (UTC), "is_day", "who", "who_id",
            "title", "text", "document": {"model", "id", "name"} or False, …}], "next": list or False, "store": what
            Odoo's client needs to know of the planned activities}``; with the first page also ``"kinds": {kind:
            count}`` for the person, ``"people": [{"id", "name", "count"}]`` for the kinds, ``"total"`` and
            ``"can_add"``
        """
        self.ensure_one()
        self.check_access("read")
        known = self._get_timeline_kinds()
        readable = {name: kind for name, kind in known.items() if self.env[kind.model].has_access("read")}
        asked = [name for name in readable if not kinds or name in kinds]
        union = self._select_timeline(readable, self._get_timeline_scope(of_customer))
        page = self._read_timeline(union, readable, asked, person_id, after, min(max(limit, 1), MAX_PAGE))
        if not after:
            page |= self._count_timeline(union, asked, person_id) | {"can_add": self.has_access("write")}
        return page

    def _get_timeline_scope(self, of_customer):
        partners = self.env["res.partner"]
        customer = self.partner_id.commercial_partner_id
        if not of_customer or not customer:
            return TimelineScope(self, partners)
        everybody = Domain("active", "in", (True, False))
        partners = partners.search(Domain("id", "child_of", customer.ids) & everybody)
        leads = self.search(Domain("partner_id", "in", partners.ids) & everybody)
        return TimelineScope(self | leads, partners)

    def _select_timeline(self, kinds, scope):
        """Return the query of all entries: kind, id, date, whether it lies ahead, person, and what orders it."""
        selects = [self._select_timeline_kind(name, kind, scope) for name, kind in kinds.items()]
        # SQL: the ORM cannot order and cut records of several models together
        return SQL(
            """
            SELECT entry.*, CASE WHEN upcoming THEN -1 ELSE 1 END * (EXTRACT(EPOCH FROM date) * 1000000)::bigint AS rank
              FROM (%s) AS entry
            """,
            SQL(" UNION ALL ").join(selects),
        )

    def _select_timeline_kind(self, name, kind, scope):
        domain = getattr(self, f"_get_domain_timeline_{name}")(scope)
        date = SQL(kind.date)
        if kind.is_day:  # noon of the day where the user is
            date = SQL("(%s + TIME '12:00') AT TIME ZONE %s AT TIME ZONE 'UTC'", date, str(self.env.tz))
        return SQL(
            "SELECT %s AS kind, record.id, %s AS date, %s AS upcoming, %s AS person_id FROM %s AS record"
            " WHERE record.id IN %s",
            name,
            date,
            SQL(kind.upcoming, now=self.env.cr.now()),
            SQL(kind.person),
            SQL.identifier(self.env[kind.model]._table),
            self._search_timeline(kind.model, domain).subselect(),
        )

    def _read_timeline(self, union, kinds, asked, person_id, after, limit):
        conditions = [SQL("kind = ANY(%s)", asked)]
        if person_id:
            conditions.append(SQL("person_id = %s", person_id))
        if after:
            conditions.append(SQL("(upcoming, rank, kind, id) < (%s, %s, %s, %s)", *self._check_timeline_key(after)))
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) AS entry WHERE %s ORDER BY upcoming DESC, rank DESC, kind DESC, id DESC LIMIT %s",
                union,
                SQL(" AND ").join(conditions),
                limit + 1,
            )
        )
        page = rows[:limit]
        entries = self._prepare_timeline(page, kinds)
        return {
            "entries": entries,
            "next": len(rows) > limit and [page[-1][name] for name in ("upcoming", "rank", "kind", "id")],
            "store": self._store_timeline_activities(entries),
        }

    def _store_timeline_activities(self, entries):
        """Return what the client shows as Odoo's own activities: those to be done, of meetings as well."""
        planned = [
            entry["id"] if entry["kind"] == "activity" else entry.get("activity_id")
            for entry in entries
            if entry["kind"] == "meeting" or entry["is_upcoming"]
        ]
        return self.env["mail.activity"].browse(filter(None, planned)).activity_format()

    def _check_timeline_key(self, after):
        try:
            upcoming, rank, kind, id_ = after
            return bool(upcoming), int(rank), str(kind), int(id_)
        except (TypeError, ValueError):
            raise UserError(self.env._("The timeline has no such page. Please load it again.")) from None

    def _count_timeline(self, union, asked, person_id):
        rows = self.env.execute_query(
            SQL("SELECT kind, person_id, COUNT(*) FROM (%s) AS entry GROUP BY kind, person_id", union)
        )
        by_kind, by_person = {}, {}
        for kind, person, count in rows:
            if person_id in (None, False, person):
                by_kind[kind] = by_kind.get(kind, 0) + count
            if kind in asked and person:
                by_person[person] = by_person.get(person, 0) + count
        # sudo: the names of those who write and act are told with what they wrote and did
        people = self.env["res.partner"].sudo().browse(by_person)
        return {
            "kinds": by_kind,
            "people": [
                {"id": person.id, "name": person.name or "", "count": by_person[person.id]}
                for person in people.sorted(lambda person: (-by_person[person.id], person.name or ""))
            ],
            "total": sum(count for kind, count in by_kind.items() if kind in asked),
        }

    def _merge_done_activities(self, opportunities):
        """Keep what was done for opportunities that are merged away: Odoo hands over only what is still to be done."""
        # sudo: as Odoo merges; the activities of colleagues are handed over as well
        activities = self.env["mail.activity"].sudo()
        place = Domain("res_model", "=", self._name) & Domain("res_id", "in", opportunities.ids)
        activities.search(place & Domain("active", "=", False)).write({"res_id": self.id})
