from typing import NamedTuple

from odoo import api, models, tools

from ..tools.timer import ANY_TIME, EVERY_DAY, Timer, Window
from .opportunity_sequence import GOALS
from .opportunity_sequence_step import WEEKDAYS


class StepOutline(NamedTuple):
    """What the engine needs to know of a step to say when it runs."""

    id: int
    kind: str
    timer: Timer
    past: str
    tz_of: str
    moment: object  # of a step at a fixed date
    date_model: str | None  # where the reference of a step before or after a date is found, and in which field
    date_field: str | None


class SequenceOutline(NamedTuple):
    """A sequence as the engine sees it: its steps in order."""

    id: int
    revision: int
    steps: tuple
    positions: dict  # {id: where the step is among the active ones, or would be}
    by_id: dict  # {id: step} of the active ones
    goals: frozenset

    def after(self, step_id):
        """Return the steps that follow a step, all for None."""
        return self.steps[self.positions[step_id] :] if step_id else self.steps


class OpportunitySequence(models.Model):
    """Sequences as the engine sees them: from memory, for thousands of steps a second."""

    _inherit = "opportunity.sequence"

    @api.model
    @tools.ormcache("sequence_id")
    def _get_outline(self, sequence_id):
        """Return the :class:`SequenceOutline`; it is forgotten when a sequence or step is written."""
        # sudo: the engine runs the same steps for everybody
        sequence = self.sudo().browse(sequence_id)
        every = sequence.with_context(active_test=False).step_ids.sorted(lambda step: (step.sequence, step.id))
        active = every.filtered("active")
        keys = [(step.sequence, step.id) for step in active]
        positions = {step.id: sum(key <= (step.sequence, step.id) for key in keys) for step in every}
        steps = tuple(step._get_outline() for step in active)
        by_id = {step.id: step for step in steps}
        goals = frozenset(goal for goal, name in GOALS.items() if sequence[name])
        return SequenceOutline(sequence.id, sequence.revision, steps, positions, by_id, goals)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class OpportunitySequenceStep(models.Model):
    """Steps as the engine sees them."""

    _inherit = "opportunity.sequence.step"

    def _get_outline(self):
        field = self.date_field_id
        by_field = self.timing in ("before", "after")
        return StepOutline(
            id=self.id,
            kind=self.kind,
            timer=self._get_timer(),
            past=self.past,
            tz_of=self.tz_of,
            moment=self.date if self.timing == "date" else None,
            date_model=field.model if by_field else None,
            date_field=field.name if by_field else None,
        )

    def _get_timer(self):
        return Timer(self.timing, self.delay_count, self.delay_unit, self._get_window())

    def _get_window(self):
        weekdays = frozenset(number for number, name in enumerate(WEEKDAYS) if self[name])
        opens, closes = ANY_TIME.opens, ANY_TIME.closes
        if self.hours != "any":
            opens = closes = round(self.hour_from * 60)
        if self.hours == "between":
            closes = round(self.hour_to * 60)
        return Window(weekdays or EVERY_DAY, opens, closes, self.working_days_only)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
