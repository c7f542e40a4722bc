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
        anchors = anchors or dict.fromkeys(self.ids, planner.now)
        running = self._set_anchors(anchors)
        rows, enders = [], defaultdict(list)
        passed = self._get_passed_steps(cursors)
        for id_ in running:
            cursor = cursors[id_]
            outline = self.env["opportunity.sequence"]._get_outline(cursor.sequence_id)
            steps = [step for step in outline.after(cursor.step_id) if step.id not in passed.get(id_, ())]
            planned, end = planner.next_steps(steps, cursor.lead_id, anchors[id_])
            rows += [(id_, one) for one in planned]
            if end:
                enders[end].append(id_)
        self._insert_rows(rows, planner.now)
        for reason, ids in enders.items():
            self.browse(ids)._end(reason)

    def _get_passed_steps(self, cursors):
        """Return ``{id: {step ids}}`` that were executed, where a later revision may have moved them behind."""
        outlines = self.env["opportunity.sequence"]
        revised = [id_ for id_, cursor in cursors.items() if outlines._get_outline(cursor.sequence_id).revision > 1]
        if not revised:
            return {}
        groups = self.env["opportunity.enrollment.step"]._read_group(
            [("enrollment_id", "in", revised)], ["enrollment_id"], ["step_id:array_agg"]
        )
        return {enrollment.id: set(steps) for enrollment, steps in groups}

    def _insert_rows(self, rows, now):
        """Insert rows of steps.

        :param list rows: pairs of an enrolment's id and a :class:`PlannedStep`
        """
        if not rows:
            return
        columns = {
            "enrollments": [id_ for id_, _step in rows],
            "steps": [step.step_id for _id, step in rows],
            "states": [step.state for _id, step in rows],
            "dates": [step.moment for _id, step in rows],
            "errors": [step.error for _id, step in rows],
        }
        self.env["opportunity.enrollment.step"].flush_model()
        # SQL: thousands of rows when many opportunities start together
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO opportunity_enrollment_step
                       (enrollment_id, step_id, occurrence, state, date_planned, date_due, date_done, error, attempts,
                        create_uid, write_uid, create_date, write_date)
                SELECT enrollment_id, step_id, 1, state, date_due, date_due,
                       CASE WHEN state = 'skipped' THEN %(now)s END, error, 0, %(user)s, %(user)s, %(now)s, %(now)s
                  FROM unnest(%(enrollments)s::integer[], %(steps)s::integer[], %(states)s::varchar[],
                              %(dates)s::timestamp[], %(errors)s::varchar[])
                    AS planned (enrollment_id, step_id, state, date_due, error)
                """,
                user=self.env.uid,
                now=now,
                **columns,
            )
        )
        self.env["opportunity.enrollment.step"].invalidate_model()
        self.invalidate_model(["step_ids", "current_id", "date_next"])

    def _set_anchors(self, anchors):
        """Remember from which moments delays count; return the ids of those that run, as a step may have ended its own
        sequence.

        :param dict anchors: ``{id: moment}``
        """
        self.flush_model(["state"])
        # SQL: one statement for values that may differ; the cache may not know what the steps have just done
        self.env.cr.execute(
            SQL(
                """
                UPDATE opportunity_enrollment AS enrollment SET date_anchor = anchor.moment
                  FROM unnest(%s::integer[], %s::timestamp[]) AS anchor (id, moment)
                 WHERE enrollment.id = anchor.id AND enrollment.state IN ('active', 'paused')
             RETURNING enrollment.id
                """,
                list(anchors),
                list(anchors.values()),
            )
        )
        self.invalidate_model(["date_anchor"])
        return sorted(id_ for (id_,) in self.env.cr.fetchall())

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
