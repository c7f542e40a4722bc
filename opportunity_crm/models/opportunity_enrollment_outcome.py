import logging
from collections import defaultdict
from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
TRIES = 5  # of a step before it is parked
BACK_OFF = timedelta(minutes=5)  # doubled with every try
DONE = {"state": "done"}  # what becomes of most rows
RECORDED = (
    *("state", "error", "attempts", "date_due", "activity_id"),
    *("mail_id", "message_id", "email", "delivery"),
)


class OpportunityEnrollmentStep(models.Model):
    """What the engine writes about the rows that it has claimed: done, skipped, to be tried again, or parked; and what
    follows them."""

    _inherit = "opportunity.enrollment.step"

    @api.model
    def _prepare_failure(self, claim, error, planner):
        """Return what becomes of a row that failed: what people can mend is parked at once, the rest tried again."""
        attempts = claim.attempts + 1
        failure = {"attempts": attempts, "error": self._describe_error(error)}
        if isinstance(error, UserError) or attempts >= TRIES:
            return {**failure, "state": "failed"}
        _logger.warning("Follow-up step %s failed, it is tried again", claim.id, exc_info=error)
        return {**failure, "state": "due", "date_due": planner.now + BACK_OFF * 2 ** (attempts - 1)}

    @api.model
    def _describe_error(self, error):
        """Return an error as people read it: Odoo puts the whole traceback into that of a template."""
        text = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        if "Traceback" in text:
            lines = [line.strip() for line in text.splitlines()]
            text = " ".join([lines[0], *(line for line in lines[1:] if "Error: " in line)])
        return text[:500]

    @api.model
    def _record(self, results, planner):
        """Write what became of the rows: in one statement those that are just done, in one more the others."""
        plain = [claim.id for claim, result in results.items() if result is DONE]
        others = [(claim, result) for claim, result in results.items() if result is not DONE and "end" not in result]
        now, user = planner.now, None if self.env.uid == SUPERUSER_ID else self.env.uid
        if plain:
            # SQL: the engine has locked the rows, and knows all that is to be known of them
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE opportunity_enrollment_step
                       SET state = 'done', error = NULL, date_done = %s, done_by_id = %s
                     WHERE id = ANY(%s)
                    """,
                    *(now, user, plain),
                )
            )
        if others:
            self._record_others(others, now, user)
        self.invalidate_model()
        self._log_failures(results)

    @api.model
    def _record_others(self, rows, now, user):
        # SQL: the values differ from row to row
        self.env.cr.execute(
            SQL(
                """
                UPDATE opportunity_enrollment_step AS row
                   SET state = result.state, error = result.error, attempts = COALESCE(result.attempts, row.attempts),
                       date_due = COALESCE(result.date_due, row.date_due),
                       date_done = CASE WHEN result.state IN ('done', 'skipped') THEN %(now)s END,
                       done_by_id = %(user)s, activity_id = result.activity_id, mail_id = result.mail_id,
                       message_id = result.message_id, email = result.email, delivery = result.delivery
                  FROM unnest(%(id)s::integer[], %(state)s::varchar[], %(error)s::varchar[], %(attempts)s::integer[],
                              %(date_due)s::timestamp[], %(activity_id)s::integer[], %(mail_id)s::integer[],
                              %(message_id)s::integer[], %(email)s::varchar[], %(delivery)s::varchar[])
                    AS result (id, state, error, attempts, date_due, activity_id, mail_id, message_id, email, delivery)
                 WHERE row.id = result.id
                """,
                now=now,
                user=user,
                id=[claim.id for claim, _result in rows],
                **{name: [result.get(name) or None for _claim, result in rows] for name in RECORDED},
            )
        )

    @api.model
    def _log_failures(self, results):
        parked = [claim.id for claim, result in results.items() if result.get("state") == "failed"]
        if parked:
            _logger.info("Follow-up steps parked, see their errors: %s", parked)

    @api.model
    def _advance(self, results, planner):
        """Plan what follows the rows that are done or skipped, and end the sequences that are at their end."""
        enrollments = self.env["opportunity.enrollment"]
        enders = defaultdict(list)
        going = []
        for claim, result in results.items():
            reason = result.get("end") or result.get("finish")
            if reason:
                enders[reason].append(claim.enrollment_id)
            elif result["state"] in ("done", "skipped"):
                going.append(claim)
        for reason, ids in enders.items():
            enrollments.browse(ids)._end(reason)
        if going:
            cursors = {claim.enrollment_id: claim for claim in going}
            enrollments.browse(cursors)._plan_next(cursors, planner)
