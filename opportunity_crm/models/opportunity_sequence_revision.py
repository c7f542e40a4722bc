from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .followup_planner import Planner
from .opportunity_sequence_start import Cursor

RUNNING = ("active", "paused")
# What makes a step run at another time.
TIMING = (
    *("timing", "delay_count", "delay_unit", "date", "date_field_id", "past", "hours", "hour_from", "hour_to"),
    *("on_monday", "on_tuesday", "on_wednesday", "on_thursday", "on_friday", "on_saturday", "on_sunday"),
    *("working_days_only", "tz_of"),
)
CORRECTABLE = frozenset({"name", "note"})
PUBLISHING = object()  # in the context of the publication; no client can send it


class OpportunitySequence(models.Model):
    """Revisions: the steps of a live sequence are edited in a copy, and publishing it says first what happens to those
    that are in the sequence."""

    _inherit = "opportunity.sequence"

    publication_text = fields.Text(compute="_compute_publication_text")

    @api.depends("step_ids", "origin_id")
    def _compute_publication_text(self):
        for sequence in self:
            sequence.publication_text = sequence.origin_id and "\n".join(sequence._describe_publication())

    def action_edit(self):
        """Open the next revision of a live sequence, in which its steps are edited."""
        self.ensure_one()
        if self.state != "live":
            raise UserError(self.env._("“%s” is not live: edit it as it is.", self.name))
        edition = self.edition_ids or self.copy(
            {"name": self.name, "origin_id": self.id, "state": "edit", "revision": self.revision + 1}
        )
        return edition._open()

    def action_discard(self):
        """Drop the next revision."""
        origin = self.origin_id
        self.filtered("origin_id").unlink()
        return origin._open()

    def action_publish(self):
        """Ask, in a dialog that says what happens to those in the sequence, whether to publish the next revision."""
        self.ensure_one()
        self._check_complete()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_sequence_publish_action")
        action["context"] = {"default_edition_id": self.id, "dialog_size": "medium"}
        return action

    def _open(self):
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_sequence_action")
        return {**action, "res_id": self.id, "views": [(False, "form")], "view_mode": "form"}

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [dict(vals, name=self.env._("%s (copy)", one.name)) for one, vals in zip(self, vals_list, strict=True)]

    def _publish(self):
        """Put the steps of the next revision into the live sequence, and bring those that run in line with it."""
        origin = self.origin_id
        if not origin:
            raise UserError(self.env._("“%s” is not the next revision of a live sequence.", self.name))
        self._check_complete()
        changed = self._find_retimed_steps()
        live = origin.with_context(opportunity_sequence_publishing=PUBLISHING)
        self._publish_steps(live)
        live.write({"revision": origin.revision + 1})
        self.unlink()
        # sudo: those in the sequence may belong to anybody
        origin.sudo()._get_running()._realign(changed)
        return origin._open()

    def _publish_steps(self, live):
        known = {step.key: step for step in live.with_context(active_test=False).step_ids}
        for step in self.step_ids:
            values = step.copy_data()[0]
            values.update(sequence_id=live.id, key=step.key, active=True)
            if step.key in known:
                known[step.key].write({**values, "tag_ids": [Command.set(step.tag_ids.ids)]})
            else:
                live.step_ids.create(values)
        kept = set(self.step_ids.mapped("key"))
        live.step_ids.filtered(lambda step: step.key not in kept).write({"active": False})

    def _find_retimed_steps(self):
        """Return the steps of the live sequence that run at another time from now on."""
        edited = {step.key: step for step in self.step_ids}
        return self.origin_id.step_ids.filtered(
            lambda step: step.key in edited and any(step[name] != edited[step.key][name] for name in TIMING)
        )

    def _get_running(self):
        return self.env["opportunity.enrollment"].search([("sequence_id", "in", self.ids), ("state", "in", RUNNING)])

    def _describe_publication(self):
        """Return, line by line, what publishing this revision does to the opportunities in the live sequence."""
        running = self.origin_id.sudo()._get_running()  # sudo: they are counted, whoever's they are
        if not running:
            return [self.env._("No opportunity is in the sequence.")]
        lines = [self.env._("%s opportunities are in the sequence.", len(running))]
        path = [step.key for step in self.step_ids.sorted(lambda step: (step.sequence, step.id))]
        stands = [enrollment._stand_in(self, path) for enrollment in running]
        known = {step.key: step for step in self.origin_id.step_ids}
        for step in self.step_ids.filtered(lambda step: step.key not in known):
            lines.append(self._describe_new(step, path, stands))
        for key, step in known.items():
            if key not in path:
                waiting = sum(current == key for _next, current in stands)
                lines.append(
                    self.env._("“%(step)s” goes: %(count)s that wait for it go on.", step=step.name, count=waiting)
                )
        for step in self._find_retimed_steps():
            waiting = sum(step.key in (current, following) for following, current in stands)
            lines.append(
                self.env._(
                    "“%(step)s” gets another time: %(count)s that wait for it are planned again.",
                    step=step.name,
                    count=waiting,
                )
            )
        return lines

    def _describe_new(self, step, path, stands):
        place = path.index(step.key)
        ahead = [path.index(following) if following in path else len(path) for following, _current in stands]
        return self.env._(
            "“%(step)s” is new: %(now)s get it next, %(later)s later, %(past)s are past it.",
            step=step.name,
            now=sum(position == place for position in ahead),
            later=sum(position < place for position in ahead),
            past=sum(position > place for position in ahead),
        )


class OpportunityEnrollment(models.Model):
    """Enrolments and the revisions of their sequence."""

    _inherit = "opportunity.enrollment"

    def _stand_in(self, edition, path):
        """Return the keys of the step that comes next in a revision (None at the end), and of the one now due.

        :param list path: the keys of the steps of the revision, in order
        """
        executed = self.step_ids.filtered(lambda row: row.state in ("done", "skipped"))
        passed = set(executed.step_id.mapped("key"))
        current = self.current_id.step_id.key
        start, stop = 0, len(path)
        if current in path:  # it stays where it is, but for new steps between it and the last one that was executed
            stop = path.index(current) + 1
            start = max((place + 1 for place, key in enumerate(path[:stop]) if key in passed), default=0)
        elif executed:
            last = executed.sorted("id")[-1:].step_id
            behind = (step for step in edition.step_ids if step.sequence <= last.sequence)
            start = path.index(last.key) + 1 if last.key in path else len(list(behind))
        return next((key for key in path[start:stop] if key not in passed), None), current

    def _realign(self, retimed):
        """Plan the next step of enrolments again, where a new revision has another one or another time for it.

        :param retimed: steps that run at another time than before
        """
        self.lock_for_update()
        cursors = {}
        for enrollment in self:
            steps = enrollment.sequence_id.step_ids.sorted(lambda step: (step.sequence, step.id))
            path = steps.mapped("key")
            following, current = enrollment._stand_in(enrollment.sequence_id, path)
            if following != current or enrollment.current_id.step_id in retimed:
                place = path.index(following) if following else len(path)
                cursors[enrollment.id] = Cursor(
                    enrollment.lead_id.id, enrollment.sequence_id.id, steps[place - 1].id if place else None
                )
        changed = self.filtered(lambda enrollment: enrollment.id in cursors)
        changed.current_id.unlink()
        planner = Planner(self.env)
        planner.read_places(changed.lead_id.ids)
        changed._plan_next(cursors, planner, {one.id: one._get_anchor() for one in changed})


class OpportunitySequenceStep(models.Model):
    """The steps of a live sequence change by a revision only; texts are corrected in place."""

    _inherit = "opportunity.sequence.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_not_live()
        return steps

    def write(self, vals):
        if vals.keys() - CORRECTABLE:
            self._check_not_live()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_live(self):
        self._check_not_live()

    def _check_not_live(self):
        if self.env.context.get("opportunity_sequence_publishing") is PUBLISHING:
            return
        live = self.sequence_id.filtered(lambda sequence: sequence.state == "live")
        if live:
            raise UserError(
                self.env._(
                    "“%s” is live. Press Edit on it: its steps change with the next revision, which says first what"
                    " happens to those in the sequence.",
                    live[0].name,
                )
            )
