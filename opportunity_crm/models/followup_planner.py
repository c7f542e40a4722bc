from datetime import datetime, time, timedelta, timezone
from typing import NamedTuple

from odoo.tools import SQL

from ..tools.clock import moment_of, wall_of, zone
from ..tools.timer import GRACE, due, may_run, next_allowed

CHUNK = timedelta(days=92)  # of a working calendar that is read at once


class Place(NamedTuple):
    """Whose clocks and whose calendar count for an opportunity."""

    company_id: int
    contact_tz: str
    owner_tz: str
    company_tz: str
    is_open: bool
    outcome: str

    def zone_of(self, whom):
        """Return the time zone of the contact, owner or company; where one has none, the next of them counts."""
        names = [self.contact_tz, self.owner_tz, self.company_tz]
        return zone(*names[("contact", "owner", "company").index(whom) :])


class PlannedStep(NamedTuple):
    """A step and when it runs, as a row to be; ``state`` is ``due``, ``skipped`` or ``failed``."""

    step_id: int
    state: str
    moment: datetime
    error: str | None = None


class Planner:
    """Says when the steps of sequences run. It lives for one batch: calendars and dates are found once.

    :param env: whose clock counts; opportunities and calendars are read as superuser, they only give dates
    """

    def __init__(self, env):
        self.env = env
        self.now = env.cr.now().replace(microsecond=0)
        self.places = {}
        self.quiet = env["opportunity.enrollment.step"]._get_quiet_hours()
        self._working_days, self._dues, self._outlines = {}, {}, {}

    def get_outline(self, sequence_id):
        """Return the :class:`SequenceOutline` of a sequence."""
        if sequence_id not in self._outlines:
            self._outlines[sequence_id] = self.env["opportunity.sequence"]._get_outline(sequence_id)
        return self._outlines[sequence_id]

    def read_places(self, lead_ids):
        """Read the :class:`Place` of opportunities, in one query."""
        missing = [id_ for id_ in lead_ids if id_ not in self.places]
        if missing:
            self.env["crm.lead"].flush_model(["company_id", "partner_id", "user_id", "active", "won_status"])
            self.env["res.partner"].flush_model(["tz"])
            self.env["res.users"].flush_model(["company_id", "partner_id"])
            # SQL: of an opportunity the ORM would read a hundred columns, thousands of times a minute
            self.env.cr.execute(self._sql_places(missing))
            self.places.update((id_, Place(*row)) for id_, *row in self.env.cr.fetchall())
        return self.places

    def _sql_places(self, lead_ids):
        return SQL(
            """
            SELECT lead.id, company.id, contact.tz, owner_partner.tz, COALESCE(company_partner.tz, calendar.tz),
                   lead.active, CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status END
              FROM crm_lead AS lead
         LEFT JOIN res_partner AS contact ON contact.id = lead.partner_id
         LEFT JOIN res_users AS owner ON owner.id = lead.user_id
         LEFT JOIN res_partner AS owner_partner ON owner_partner.id = owner.partner_id
              JOIN res_company AS company ON company.id = COALESCE(lead.company_id, owner.company_id, %s)
         LEFT JOIN res_partner AS company_partner ON company_partner.id = company.partner_id
         LEFT JOIN resource_calendar AS calendar ON calendar.id = company.resource_calendar_id
             WHERE lead.id = ANY(%s)
            """,
            self.env.company.id,
            list(lead_ids),
        )

    def next_steps(self, steps, lead_id, start):
        """Return the rows that follow, the last of them due or failed, and why the sequence ends where none is.

        :param steps: the :class:`StepOutline` that come next, in order
        :param datetime start: the moment from which delays count
        :return: list of :class:`PlannedStep`, and None, ``done`` or ``past``
        """
        found = []
        for step in steps:
            planned = self.plan(step, lead_id, start)
            if planned.state == "skipped" and step.past == "end":
                return found, "past"
            found.append(planned)
            if planned.state != "skipped":
                return found, None
        return found, "done"

    def plan(self, step, lead_id, start):
        """Return the :class:`PlannedStep` of a step that counts from a moment."""
        error = self._find_error(step, lead_id)
        if error:
            return PlannedStep(step.id, "failed", start, error)
        moment = self.get_due(step, lead_id, start)
        if moment.moment is None:
            error = self.env._("The days and hours of the step never come. Change them in the sequence.")
            return PlannedStep(step.id, "failed", start, error)
        if moment.is_past and step.past != "run":
            return PlannedStep(step.id, "skipped", start, self.env._("Its date had passed."))
        return PlannedStep(step.id, "due", moment.moment)

    @staticmethod
    def keep(step, moment):
        """Return a step that stays planned for a moment."""
        return PlannedStep(step.id, "due", moment)

    def _find_error(self, step, lead_id):
        if step.timer.timing not in ("before", "after"):
            return None
        if not step.date_field:
            return self.env._("The date field of the step was removed. Choose another one in the sequence.")
        if not self.get_reference(step, lead_id):
            field = self.env["ir.model.fields"]._get(step.date_model, step.date_field)
            return self.env._("“%s” is empty. Fill it, or skip the step.", field.field_description)
        return None

    def get_due(self, step, lead_id, start):
        """Return the :class:`Due` of a step that counts from a moment."""
        place = self.read_places([lead_id])[lead_id]
        reference = self.get_reference(step, lead_id)
        alike = (step.id, place, start, reference)
        if alike not in self._dues:
            tz = place.zone_of(step.tz_of)
            self._dues[alike] = due(self._with_quiet(step), start, tz, self._get_calendar(place.company_id), reference)
        return self._dues[alike]

    def _with_quiet(self, step):
        if step.kind != "email" or not self.quiet:
            return step.timer
        return step.timer._replace(window=step.timer.window._replace(quiet=self.quiet))

    def get_reference(self, step, lead_id):
        """Return the date from which a step counts: a date, a moment or a false value."""
        if step.timer.timing == "date":
            return step.moment
        if not step.date_field:
            return None
        # sudo: the engine reads a date for whoever enrolled the opportunity
        lead = self.env["crm.lead"].sudo().browse(lead_id)
        record = lead if step.date_model == "crm.lead" else lead.partner_id
        return record[step.date_field] if step.date_field in record._fields else None

    def check_now(self, step, lead_id):
        """Tell what to do with a step that is due: None to run it now, otherwise its new :class:`PlannedStep`."""
        place = self.places[lead_id]
        tz, window = place.zone_of(step.tz_of), self._with_quiet(step).window
        is_working_day = self._get_calendar(place.company_id)
        if step.timer.timing in ("date", "before", "after"):
            grace = timedelta(minutes=GRACE if window.opens == window.closes else 0)
            planned = self.plan(step, lead_id, self.now - grace)
            if planned.state != "due" or planned.moment > self.now:
                return planned
        if may_run(self.now, tz, window, is_working_day):
            return None
        return PlannedStep(step.id, "due", next_allowed(self.now, tz, window, is_working_day))

    def tomorrow(self, step, lead_id):
        """Return the first allowed moment for a step on the next day of its time zone."""
        place = self.places[lead_id]
        tz = place.zone_of(step.tz_of)
        day = wall_of(self.now, tz).date() + timedelta(days=1)
        midnight = moment_of(datetime.combine(day, time()), tz)
        return next_allowed(midnight, tz, self._with_quiet(step).window, self._get_calendar(place.company_id))

    def _get_calendar(self, company_id):
        """Return a function that tells whether a company works on a date."""
        return lambda day: self._is_working_day(company_id, day)

    def _is_working_day(self, company_id, day):
        chunk = (day.toordinal() // CHUNK.days) * CHUNK.days
        known = self._working_days
        if (company_id, chunk) not in known:
            known[company_id, chunk] = self._read_working_days(company_id, day.fromordinal(chunk))
        return day in known[company_id, chunk]

    def _read_working_days(self, company_id, first):
        # sudo: whoever enrols an opportunity need not read calendars
        calendar = self.env["res.company"].sudo().browse(company_id).resource_calendar_id
        tz = zone(calendar.tz)
        start = datetime.combine(first, time(), tzinfo=timezone.utc) - timedelta(days=1)
        intervals = calendar._work_intervals_batch(start, start + CHUNK + timedelta(days=2))[False]
        return {begin.astimezone(tz).date() for begin, _end, _meta in intervals}
