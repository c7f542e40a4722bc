import logging
from collections import defaultdict
from typing import NamedTuple

import psycopg2.errors

from odoo import api, models
from odoo.tools import SQL

from .followup_planner import Planner
from .opportunity_enrollment_outcome import DONE

_logger = logging.getLogger(__name__)
BATCH = 500
MAILS = 100  # of a batch at most: what others wait for is to be over within a second
TRIES = 5  # of a batch that others got in the way of
CONFLICTS = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)


class Claim(NamedTuple):
    """A row that this transaction holds, and that nobody else can run, pause or end meanwhile."""

    id: int
    enrollment_id: int
    step_id: int
    lead_id: int
    sequence_id: int
    attempts: int


class OpportunityEnrollmentStep(models.Model):
    """The engine: claims what is due, does it, and writes what became of it, all in one transaction.

    PostgreSQL coordinates. A claim locks rows and enrolments with ``SKIP LOCKED``, so that any number of servers share
    the work, and whoever pauses an enrolment either comes first, and nothing runs, or waits until the step is done.
    A crash rolls back the claim with everything that was done under it; the next run claims the rows again.
    """

    _inherit = "opportunity.enrollment.step"

    @api.model
    def _cron_run(self):
        """Run what is due, batch by batch, until nothing is or the time is up."""
        hold = self._get_hold_reason()
        if hold:
            _logger.info("Follow-up sequences: %s", hold)
            return
        self._settle()
        self._retry_deliveries()
        while True:
            claimed = self._run_batch_again()
            left = self.env["ir.cron"]._commit_progress(claimed, remaining=claimed)
            if not claimed or not left:
                break

    @api.model
    def _run_batch_again(self):
        """Run a batch, once more where somebody wrote at the same time, and return how many rows were claimed.

        At REPEATABLE READ even ``SKIP LOCKED`` may meet a row that was changed since the transaction began.
        """
        for _attempt in range(TRIES):
            try:
                claimed = self._run_batch()
                self.env.flush_all()
                return claimed
            except CONFLICTS:
                self.env.cr.rollback()
        return 0

    @api.model
    def _run_batch(self, enrollments=None):
        """Claim rows that are due and run them, without a commit; return how many.

        :param enrollments: run these now, whether or not their next step is due and its hour has come
        """
        planner = Planner(self.env)
        claims = self._cut(self._claim(enrollments), planner)
        if not claims:
            return 0
        planner.read_places([claim.lead_id for claim in claims])
        results = {}
        for claim in claims:
            results[claim] = self._judge(claim, planner, is_forced=enrollments is not None)
        running = [claim for claim in claims if results[claim] is None]
        results.update(self._run_claims(running, planner))
        self._record(results, planner)
        self._advance(results, planner)
        return len(claims)

    @api.model
    def _claim(self, enrollments=None):
        """Lock rows that are due, or the next ones of some enrolments, and return them as :class:`Claim`."""
        self.flush_model()
        self.env["opportunity.enrollment"].flush_model()
        which = SQL("row.state = 'due' AND row.date_due <= %s", self.env.cr.now())
        if enrollments is not None:
            which = SQL("row.state IN ('due', 'failed') AND row.enrollment_id = ANY(%s)", enrollments.ids)
        # SQL: the ORM has no locks over two tables; both are needed, see the class
        self.env.cr.execute(
            SQL(
                """
                SELECT row.id, row.enrollment_id, row.step_id, enrollment.lead_id, enrollment.sequence_id, row.attempts
                  FROM opportunity_enrollment_step AS row
                  JOIN opportunity_enrollment AS enrollment ON enrollment.id = row.enrollment_id
                 WHERE %s AND enrollment.state = 'active'
              ORDER BY row.date_due, row.id
                 LIMIT %s
                   FOR NO KEY UPDATE OF row, enrollment SKIP LOCKED
                """,
                which,
                BATCH,
            )
        )
        return [Claim(*found) for found in self.env.cr.fetchall()]

    @api.model
    def _cut(self, claims, planner):
        """Return those of the claims that this batch runs: not more e-mails than are queued in a short time."""
        mails = 0
        for place, claim in enumerate(claims):
            step = planner.get_outline(claim.sequence_id).by_id.get(claim.step_id)
            mails += bool(step and step.kind == "email")
            if mails > MAILS:
                return claims[:place]
        return claims

    @api.model
    def _judge(self, claim, planner, is_forced):
        """Return None for a row that may run, otherwise what becomes of it."""
        outline = planner.get_outline(claim.sequence_id)
        place = planner.places[claim.lead_id]
        if place.outcome in outline.goals:
            return {"end": place.outcome}
        if not place.is_open and not place.outcome:
            return {"end": "closed"}
        step = outline.by_id.get(claim.step_id)
        if not step:
            return {"state": "skipped", "error": self.env._("The step was removed from the sequence.")}
        if is_forced:
            return None
        planned = planner.check_now(step, claim.lead_id)
        if planned is None:
            return None
        if planned.state == "skipped" and step.past == "end":
            return {"end": "past"}
        return {"state": planned.state, "date_due": planned.moment, "error": planned.error}

    @api.model
    def _run_claims(self, claims, planner):
        """Do the steps, those of a kind together; return ``{Claim: values}``."""
        by_kind = defaultdict(list)
        for claim in claims:
            by_kind[planner.get_outline(claim.sequence_id).by_id[claim.step_id].kind].append(claim)
        results = {}
        for kind, some in by_kind.items():
            results.update(self._run_kind(kind, some, planner))
        return results

    @api.model
    def _run_kind(self, kind, claims, planner):
        """Do steps of one kind in a savepoint; where that fails, each half by itself, down to the row that fails."""
        rows = self.browse(claim.id for claim in claims)
        try:
            with self.env.cr.savepoint():
                found = getattr(rows, f"_run_{kind}")(planner) or {}
            return {claim: {**DONE, **found[claim.id]} if claim.id in found else DONE for claim in claims}
        except CONFLICTS:
            raise
        except Exception as error:
            if len(claims) == 1:
                return {claims[0]: self._prepare_failure(claims[0], error, planner)}
            _logger.debug("%s follow-up steps run in halves, as one fails", len(claims), exc_info=error)
        middle = len(claims) // 2
        return {**self._run_kind(kind, claims[:middle], planner), **self._run_kind(kind, claims[middle:], planner)}
