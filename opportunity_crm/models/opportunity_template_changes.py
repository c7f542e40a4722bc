from itertools import zip_longest
from typing import NamedTuple

from odoo import models

# what says of a record which one it is, or of which it is a part, is no change; neither is its place in a list
UNTOLD_FIELDS = frozenset(models.MAGIC_COLUMNS) | {
    "color",
    "key",
    "sequence",
    "stage_id",
    "template_id",
    "template_stage_id",
}


class Change(NamedTuple):
    """One difference between two revisions of a template."""

    kind: str  # added, removed, moved, ordered or changed
    subject: str  # template, stage, step or condition
    name: str
    text: str  # the sentence for people
    field: str | None = None


def _compared(records):
    """Yield the fields that make up a record: those that a copy of it takes along, without its lines."""
    for name, field in records._fields.items():
        if field.store and field.copy and field.type != "one2many" and name not in UNTOLD_FIELDS:
            yield field


def _show(record, field):
    """Return a value in words; None when it is too long for a sentence."""
    value = record[field.name]
    if field.type in ("html", "text") or field.name == "domain":
        return None
    if field.type == "boolean":
        return record.env._("yes") if value else record.env._("no")
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value, "")
    if field.relational:
        names = value.mapped("field_description" if field.comodel_name == "ir.model.fields" else "display_name")
        return ", ".join(names) or record.env._("none")
    return f"{value:g}" if field.type == "float" else str(value or 0 if field.type == "integer" else value or "–")


def _diff(new, old, title=None):
    """Yield ``(field name, what changed in words)`` for each value that differs."""
    for field in _compared(new):
        if new[field.name] != old[field.name]:
            yield field.name, _tell_difference(new, old, field, title)


def _tell_difference(new, old, field, title):
    label, after = field._description_string(new.env), _show(new, field)
    if after is None:
        text = new.env._("%s changed", label)
        return f"{title}: {text}" if title else text
    return f"{title}: {label} {_show(old, field)} → {after}" if title else f"{label}: {_show(old, field)} → {after}"


class OpportunityTemplate(models.Model):
    """What differs between two revisions of a template."""

    _inherit = "opportunity.template"

    def _get_changes(self, other):
        """Return what differs from another revision.

        :return: a list of :class:`Change`: of the template itself, its stages, their steps and exit conditions
        """
        own = [
            Change("changed", "template", self.name, text, name) for name, text in _diff(self, other) if name != "name"
        ]
        pairs = self._pair_stages(other)
        return (
            own
            + self._get_stage_changes(other, pairs)
            + self._get_step_changes(other)
            + self._get_condition_changes(pairs)
        )

    def _pair_stages(self, other):
        """Return the lines of both revisions that have the same stage, as pairs of the new and the old one."""
        old = {line.stage_id: line for line in other.stage_ids}
        return [(line, old[line.stage_id]) for line in self.stage_ids.sorted() if line.stage_id in old]

    def _get_stage_changes(self, other, pairs):
        new_stages, old_stages = self._get_stages(), other._get_stages()
        changes = [
            Change("added", "stage", stage.name, self.env._("Stage “%s” added", stage.name))
            for stage in new_stages - old_stages
        ]
        changes += [
            Change("removed", "stage", stage.name, self.env._("Stage “%s” removed", stage.name))
            for stage in old_stages - new_stages
        ]
        if (new_stages & old_stages).ids != (old_stages & new_stages).ids:
            order = " → ".join(new_stages.mapped("name"))
            changes.append(Change("ordered", "stage", self.name, self.env._("Stages in another order: %s", order)))
        for new, old in pairs:
            title = self.env._("Stage “%s”", new.stage_id.name)
            changes += [
                Change("changed", "stage", new.stage_id.name, text, name) for name, text in _diff(new, old, title)
            ]
        return changes

    def _get_step_changes(self, other):
        new_steps = {step.key: step for step in self.stage_ids.sorted().step_ids}
        old_steps = {step.key: step for step in other.stage_ids.sorted().step_ids}
        changes = [step._tell_added() for key, step in new_steps.items() if key not in old_steps]
        changes += [step._tell_removed() for key, step in old_steps.items() if key not in new_steps]
        for key in new_steps.keys() & old_steps.keys():
            changes += new_steps[key]._get_changes(old_steps[key])
        return changes + self._get_step_order_changes(other)

    def _get_step_order_changes(self, other):
        changes = []
        for new, old in self._pair_stages(other):
            before, after = old.step_ids.sorted().mapped("key"), new.step_ids.sorted().mapped("key")
            if [key for key in before if key in after] != [key for key in after if key in before]:
                text = self.env._(
                    "Steps of “%(stage)s” in another order: %(steps)s",
                    stage=new.stage_id.name,
                    steps=", ".join(new.step_ids.sorted().mapped("name")),
                )
                changes.append(Change("ordered", "step", new.stage_id.name, text))
        return changes

    def _get_condition_changes(self, pairs):
        paired = {line for pair in pairs for line in pair}
        changes = []
        for new, old in pairs:
            changes += new._get_condition_changes(old)
        for line in self.stage_ids.sorted().filtered(lambda line: line not in paired):
            changes += [condition._tell("added") for condition in line.condition_ids]
        return changes


class OpportunityTemplateStep(models.Model):
    """What differs between a step in two revisions: it is the same one by its key."""

    _inherit = "opportunity.template.step"

    def _get_stage_name(self):
        return self.template_stage_id.stage_id.name

    def _tell_added(self):
        text = self.env._("Step “%(step)s” added to “%(stage)s”", step=self.name, stage=self._get_stage_name())
        return Change("added", "step", self.name, text)

    def _tell_removed(self):
        text = self.env._("Step “%(step)s” removed from “%(stage)s”", step=self.name, stage=self._get_stage_name())
        return Change("removed", "step", self.name, text)

    def _get_changes(self, old):
        changes = []
        if self._get_stage_name() != old._get_stage_name():
            text = self.env._(
                "Step “%(step)s” moved from “%(old)s” to “%(new)s”",
                step=self.name,
                old=old._get_stage_name(),
                new=self._get_stage_name(),
            )
            changes.append(Change("moved", "step", self.name, text))
        title = self.env._("Step “%s”", self.name)
        return changes + [Change("changed", "step", self.name, text, name) for name, text in _diff(self, old, title)]


class OpportunityTemplateStage(models.Model):
    """What differs between the exit conditions of a stage in two revisions."""

    _inherit = "opportunity.template.stage"

    def _get_condition_changes(self, old):
        """Pair conditions that are the same, then those of the same kind in their order; others come or go."""
        new_left, old_left = self.condition_ids.sorted(), old.condition_ids.sorted()
        for condition in self.condition_ids.sorted():
            same = old_left.filtered(lambda other, condition=condition: not list(_diff(condition, other)))[:1]
            if same:
                new_left, old_left = new_left - condition, old_left - same
        changes = []
        for kind in dict.fromkeys((new_left | old_left).mapped("kind")):
            ours = new_left.filtered(lambda condition, kind=kind: condition.kind == kind)
            theirs = old_left.filtered(lambda condition, kind=kind: condition.kind == kind)
            for condition, other in zip_longest(ours, theirs):
                changes += (
                    condition._get_changes(other)
                    if condition and other
                    else [condition._tell("added") if condition else other._tell("removed")]
                )
        return changes


class OpportunityTemplateCondition(models.Model):
    """What differs between an exit condition in two revisions."""

    _inherit = "opportunity.template.condition"

    def _tell(self, kind):
        values = {"condition": self.summary, "stage": self._get_stage_name()}
        if kind == "added":
            text = self.env._("Condition “%(condition)s” added to “%(stage)s”", **values)
        else:
            text = self.env._("Condition “%(condition)s” removed from “%(stage)s”", **values)
        return Change(kind, "condition", self.summary, text)

    def _get_changes(self, old):
        title = self.env._(
            "Condition “%(condition)s” of “%(stage)s”", condition=self.summary, stage=self._get_stage_name()
        )
        return [Change("changed", "condition", self.summary, text, name) for name, text in _diff(self, old, title)]
