from collections import defaultdict

from odoo import models
from odoo.tools import SQL

# What ends an enrolment because it has run its course; everything else stops it.
COMPLETED = frozenset({"done", "end", "past"})


class OpportunityEnrollment(models.Model):
    """How an enrolment proceeds from step to step, and ends. Internal: whoever calls has made sure of the rights."""

    _inherit = "opportunity.enrollment"

    def _plan_next(self, cursors, planner, anchors=None):
        """Create the rows of what comes next for enrolments that still run, and end those without.

        :param dict cursors: ``{id: object}`` with ``step_id`` (the step that was executed, None at the start),
            ``lead_id`` and ``sequence_id``
        :param dict anchors: ``{id: moment}`` from which delays count, where it is not now
        """
        anchors = anchors or {}
        rows, enders = [], defaultdict(list)
        passed = self._get_passed_steps(cursors, planner)
        for id_, cursor in cursors.items():
            steps = planner.get_outline(cursor.sequence_id).after(cursor.step_id)
            if id_ in passed:
                steps = [step for step in steps if step.id not in passed[id_]]
            planned, end = planner.next_steps(steps, cursor.lead_id, anchors.get(id_, planner.now))
            rows += [(id_, one) for one in planned]
            if end:
                enders[end].append(id_)
        self._insert_rows(rows, planner.now)
        for reason, ids in enders.items():
            self.browse(ids)._end(reason)

    def _get_passed_steps(self, cursors, planner):
        """Return ``{id: {step ids}}`` that were executed, where a later revision may have moved them behind."""
        revised = [id_ for id_, cursor in cursors.items() if planner.get_outline(cursor.sequence_id).revision > 1]
        if not revised:
            return {}
        groups = self.env["opportunity.enrollment.step"]._read_group(
            [("enrollment_id", "in", revised)], ["enrollment_id"], ["step_id:array_agg"]
        )
        return {enrollment.id: set(steps) for enrollment, steps in groups}

    def _insert_rows(self, rows, now):
        """Insert rows of steps, for enrolments that run: a step may have ended its own sequence.

        :param list rows: pairs of an enrolment's id and a :class:`PlannedStep`
        """
        if not rows:
            return
        ids, planned = zip(*rows, strict=True)
        steps, states, moments, errors = zip(*planned, strict=True)
        self.flush_model(["state"])
        self.env["opportunity.enrollment.step"].flush_model()
        # SQL: thousands of rows when many opportunities start together
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO opportunity_enrollment_step
                       (enrollment_id, step_id, occurrence, state, date_planned, date_due, date_done, error, attempts)
                SELECT enrollment.id, planned.step_id, 1, planned.state, planned.moment, planned.moment,
                       CASE WHEN planned.state = 'skipped' THEN %s END, planned.error, 0
                  FROM unnest(%s::integer[], %s::integer[], %s::varchar[], %s::timestamp[], %s::varchar[])
                       WITH ORDINALITY AS planned (enrollment_id, step_id, state, moment, error, place)
                  JOIN opportunity_enrollment AS enrollment ON enrollment.id = planned.enrollment_id
                 WHERE enrollment.state IN ('active', 'paused')
              ORDER BY planned.place
                """,
                *(now, list(ids), list(steps), list(states), list(moments), list(errors)),
            )
        )
        self.env["opportunity.enrollment.step"].invalidate_model()
        self.invalidate_model(["step_ids", "current_id", "date_next"])

    def _get_anchor(self):
        """Return the moment from which the delay of the next step counts: when the one before was done."""
        dates = [row.date_done for row in self.step_ids if row.state in ("done", "skipped")]
        return max(filter(None, dates), default=self.date_start)

    def _end(self, reason, note=False):
        """End enrolments that run: cancel what is due and take back e-mails that have not left.

        :param str reason: a value of ``end_reason``
        """
        running = self.filtered(lambda enrollment: enrollment.state in ("active", "paused"))
        if not running:
            return
        state = "completed" if reason in COMPLETED else "stopped"
        now = self.env.cr.now()
        running.write({"state": state, "end_reason": reason, "end_note": note, "date_end": now, "date_paused": False})
        open_rows = running.step_ids.filtered(lambda row: row.state in ("due", "failed"))
        open_rows.write({"state": "canceled", "error": False})
        if state == "stopped":
            running.step_ids._withdraw_mails()
            running._log_end()

    def _log_end(self):
        """Tell in the chatter of the opportunities that a sequence stopped, and why."""
        bodies = defaultdict(list)
        for enrollment in self:
            bodies[enrollment.lead_id.id].append(enrollment._describe_end())
        # sudo: the goal may be reached by somebody who does not see the opportunity, such as a customer
        leads = self.env["crm.lead"].sudo().browse(bodies)
        leads._message_log_batch({id_: " ".join(texts) for id_, texts in bodies.items()})

    def _describe_end(self):
        reasons = dict(self._fields["end_reason"]._description_selection(self.env))
        text = self.env._(
            "Sequence “%(sequence)s” stopped: %(reason)s.",
            sequence=self.sequence_id.name,
            reason=reasons[self.end_reason],
        )
        return f"{text} {self.end_note}" if self.end_note else text
