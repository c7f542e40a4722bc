from collections import defaultdict
from typing import NamedTuple

from odoo import api, models, tools

from .opportunity_sequence import GOALS

STARTS = {"template": "start_template_ids", "stage": "start_stage_ids", "tag": "start_tag_ids"}


class Watch(NamedTuple):
    """What sequences wait for: most writes concern none of them and must cost nothing."""

    goals: frozenset  # that end any sequence
    starts: dict  # {cause: {id of the template, stage or tag: ids of sequences}}
    dates: frozenset  # fields of an opportunity from which steps count
    contact_dates: frozenset  # fields of a contact

    def watches(self, vals):
        """Tell whether values to write may end, start or move a sequence beside by moving an opportunity."""
        return (
            "user_id" in vals
            and "owner" in self.goals
            or "tag_ids" in vals
            and "tag" in self.starts
            or bool(self.dates & vals.keys())
            or bool("partner_id" in vals and self.contact_dates)
        )


class OpportunitySequence(models.Model):
    """What the sequences of the database wait for."""

    _inherit = "opportunity.sequence"

    @api.model
    @tools.ormcache()
    def _get_watch(self):
        """Return the :class:`Watch` over all sequences; it is forgotten when a sequence or step is written."""
        # sudo: sequences of every company
        inhabited = [("state", "not in", ("draft", "edit"))]
        every = self.sudo().with_context(active_test=False).search(inhabited)
        goals = frozenset(goal for goal, name in GOALS.items() if any(sequence[name] for sequence in every))
        starts = {}
        for cause, name in STARTS.items():
            by_value = self._group_starts(cause, name, every)
            if by_value:
                starts[cause] = by_value
        fields = every.step_ids.date_field_id
        dates = {
            model: frozenset(fields.filtered_domain([("model", "=", model)]).mapped("name"))
            for model in ("crm.lead", "res.partner")
        }
        return Watch(goals, starts, dates["crm.lead"], dates["res.partner"])

    def _group_starts(self, cause, name, sequences):
        by_value = defaultdict(tuple)
        for sequence in sequences:
            if sequence.active and sequence.state == "live" and sequence.start_on == cause:
                for value in sequence[name]:
                    by_value[value.id] += (sequence.id,)
        return dict(by_value)
