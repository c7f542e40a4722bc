import ast
import logging
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .followup_planner import Planner

_logger = logging.getLogger(__name__)
CHUNK = 500  # opportunities that the scheduled action starts in one transaction


class Cursor(NamedTuple):
    """Where an enrolment stands, see :meth:`opportunity.enrollment._plan_next`."""

    lead_id: int
    sequence_id: int
    step_id: int | None = None


class OpportunitySequence(models.Model):
    """Starting a sequence: by hand for one opportunity or thousands, or by itself."""

    _inherit = "opportunity.sequence"

    def enroll(self, leads):
        """Start the sequence for opportunities that the user may edit.

        :param leads: the opportunities, as records or ids
        :return: ``{"enrolled": [enrolment ids], "refused": {lead id: [texts]}}``: who cannot start does not keep the
            others from starting
        """
        self.ensure_one()
        leads = self.env["crm.lead"].browse(getattr(leads, "ids", leads))
        leads.check_access("write")
        self.check_access("read")
        self._check_startable()
        problems = self._find_missing(leads)
        blocked = {lead: found for lead, found in problems.items() if any(one["is_blocking"] for one in found)}
        enrolled = self._start(leads.filtered(lambda lead: lead not in blocked), "hand")
        refused = {lead.id: [one["text"] for one in found if one["is_blocking"]] for lead, found in blocked.items()}
        return {"enrolled": enrolled.ids, "refused": refused}

    def _check_startable(self):
        if self.state != "live" or not self.active:
            raise UserError(
                self.env._("The sequence “%s” is not live. Activate it first, or choose another one.", self.name)
            )

    def _start(self, leads, cause):
        """Enrol opportunities that are not in the sequence, and plan their first steps; return the enrolments.

        Who is in it stays so, who has been in it starts again only where the sequence says so. Archived opportunities,
        and those of another company, do not start.
        """
        # sudo: nobody may write enrolments directly; who may edit the opportunity has been checked, or a manager
        # has said that the sequence starts by itself
        enrollments = self.sudo().env["opportunity.enrollment"]
        mine = leads.sudo().filtered(lambda lead: self._accepts(lead))
        if not mine:
            return enrollments
        rows = self._insert_enrollments(mine, cause)
        planner = Planner(enrollments.env)
        planner.read_places([lead_id for _id, lead_id in rows])
        started = enrollments.browse(id_ for id_, _lead_id in rows)
        started._plan_next({id_: Cursor(lead_id, self.id) for id_, lead_id in rows}, planner)
        self._wake_engine()
        mine.invalidate_recordset(["enrollment_ids", "enrollment_count"])
        return started.with_env(self.env)

    def _accepts(self, lead):
        return not self.company_id or lead.company_id in (self.company_id, self.company_id.browse())

    def _insert_enrollments(self, leads, cause):
        """Insert enrolments and return pairs of their id and that of their opportunity."""
        self.env["opportunity.enrollment"].flush_model()
        now = self.env.cr.now().replace(microsecond=0)
        # SQL: who is enrolled at the same time by somebody else is left to them, for thousands at once
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO opportunity_enrollment
                       (lead_id, sequence_id, occurrence, state, cause, started_by_id, date_start,
                        create_uid, write_uid, create_date, write_date)
                SELECT lead.id, %(sequence)s, COALESCE(MAX(known.occurrence), 0) + 1, 'active', %(cause)s, %(user)s,
                       %(now)s, %(user)s, %(user)s, %(now)s, %(now)s
                  FROM unnest(%(leads)s::integer[]) AS lead (id)
             LEFT JOIN opportunity_enrollment AS known ON known.lead_id = lead.id AND known.sequence_id = %(sequence)s
              GROUP BY lead.id
                HAVING COUNT(known.id) = 0
                    OR %(repeat)s AND NOT BOOL_OR(known.state IN ('active', 'paused'))
              ORDER BY lead.id
                    ON CONFLICT DO NOTHING
             RETURNING id, lead_id
                """,
                sequence=self.id,
                cause=cause,
                user=self.env.uid,
                now=now,
                leads=leads.ids,
                repeat=self.allow_repeat,
            )
        )
        return self.env.cr.fetchall()

    def _wake_engine(self):
        """Let the engine run soon, for steps that are due at once."""
        # sudo: whoever starts a sequence
        self.env.ref("opportunity_crm.ir_cron_run_followups").sudo()._trigger()

    @api.model
    def _cron_start_by_domain(self):
        """Start the sequences that begin for opportunities that match a filter."""
        if self.env["opportunity.enrollment.step"]._get_hold_reason():
            return
        for sequence in self.search([("state", "=", "live"), ("start_on", "=", "domain")]):
            left = sequence._start_matching()
            if not left:
                break

    def _start_matching(self):
        """Start the sequence for those that match, chunk by chunk; return whether there is time left."""
        while True:
            try:
                leads = self._find_matching()
            except Exception as error:  # a filter may name fields that are gone; the others must start all the same
                _logger.warning("The filter of the follow-up sequence %s fails: %s", self.id, error)
                return True
            started = self._start(leads, "domain")
            more = len(leads) == CHUNK and bool(started)
            left = self.env["ir.cron"]._commit_progress(len(started), remaining=len(leads) if more else 0)
            if not more or not left:
                return left

    def _find_matching(self):
        """Return opportunities that match and have never been in it: one that goes on matching would start it again
        every hour."""
        known = Domain("enrollment_ids.sequence_id", "in", self.ids)
        candidates = Domain(ast.literal_eval(self.start_domain or "[]")) & Domain("type", "=", "opportunity")
        company = Domain("company_id", "in", (self.company_id.id, False)) if self.company_id else Domain.TRUE
        return self.env["crm.lead"].search(candidates & company & ~known, limit=CHUNK)
