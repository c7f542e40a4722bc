import ast

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .opportunity_sequence_watch import STARTS


class OpportunitySequence(models.Model):
    """What is wrong with a sequence is told where it is defined, and at the latest when it goes live."""

    _inherit = "opportunity.sequence"

    def action_activate(self):
        """Let draft sequences go live: from now on opportunities can start in them."""
        drafts = self.filtered(lambda sequence: sequence.state == "draft")
        drafts._check_complete()
        drafts.state = "live"
        self.env["opportunity.enrollment.step"]._settle()

    def action_draft(self):
        """Take live sequences back to draft, while no opportunity has been in them."""
        used = self.filtered("enrollment_ids")
        if used:
            raise UserError(
                self.env._(
                    "Opportunities have been in “%s”. Press Edit to change it, or archive it.", used[0].display_name
                )
            )
        self.filtered(lambda sequence: sequence.state == "live").state = "draft"

    def _check_complete(self):
        for sequence in self:
            if not sequence.step_ids:
                raise UserError(
                    self.env._("The sequence “%s” has no steps. Add at least one before it goes live.", sequence.name)
                )
            sequence.step_ids._check_email()
            sequence.step_ids._check_timing()
            sequence._check_start()
        self._check_loops()

    @api.constrains("start_on", "start_template_ids", "start_stage_ids", "start_tag_ids", "start_domain")
    def _check_start(self):
        for sequence in self:
            name = STARTS.get(sequence.start_on)
            if name and not sequence[name]:
                raise ValidationError(
                    self.env._("For what does the sequence “%s” start by itself? Choose at least one.", sequence.name)
                )
            if sequence.start_on == "domain":
                sequence._check_domain()

    def _check_domain(self):
        try:
            self.env["crm.lead"].search(Domain(ast.literal_eval(self.start_domain or "[]")), limit=1)
        except Exception as error:  # whatever somebody wrote there: they read what is wrong with it
            raise ValidationError(
                self.env._(
                    "The filter of the sequence “%(sequence)s” is wrong: %(error)s", sequence=self.name, error=error
                )
            ) from error

    @api.constrains("ends_on_stage", "goal_stage_ids")
    def _check_goal_stages(self):
        for sequence in self.filtered("ends_on_stage"):
            if not sequence.goal_stage_ids:
                raise ValidationError(
                    self.env._("Which stage ends the sequence “%s”? Choose at least one.", sequence.name)
                )

    @api.constrains("start_on", "start_stage_ids", "start_tag_ids", "allow_repeat", "step_ids", "state")
    def _check_loops(self):
        """Refuse sequences that start each other for ever, by the stages to which they move and the tags they add."""
        # sudo: sequences of other companies may run on the same opportunities
        live = self.sudo().search([("start_on", "in", ("stage", "tag")), ("state", "=", "live")]) | self.filtered(
            lambda sequence: sequence.start_on in ("stage", "tag")
        )
        for sequence in self.filtered(lambda sequence: sequence in live):
            loop = sequence._find_loop(live)
            if loop:
                raise ValidationError(
                    self.env._(
                        "The sequence would start itself again and again, as a step moves opportunities to the stage"
                        " that starts it, or adds the tag: %s. Change that step, or do not let it be repeated.",
                        " → ".join(one.name for one in loop),
                    )
                )

    def _find_loop(self, live):
        """Return the sequences through which this one starts itself, an empty list when it does not.

        A sequence that moves to its own starting stage is always one; through others only those count that may be
        repeated, as the rest comes to an end.
        """
        paths = [[self]]
        seen = set()
        while paths:
            path = paths.pop()
            for following in path[-1]._get_started_by_steps(live):
                is_own_stage = len(path) == 1 and self.start_on == "stage"
                if following == self and (is_own_stage or all(one.allow_repeat for one in path)):
                    return [*path, self]
                if following not in seen:
                    seen.add(following)
                    paths.append([*path, following])
        return []

    def _get_started_by_steps(self, live):
        stages = self.step_ids.filtered(lambda step: step.kind == "stage").stage_id
        tags = self.step_ids.filtered(lambda step: step.kind == "tag_add").tag_ids
        return live.filtered(
            lambda one: (
                one.start_on == "stage"
                and one.start_stage_ids & stages
                or one.start_on == "tag"
                and one.start_tag_ids & tags
            )
        )
