from odoo import api, fields, models

# Values whose change may reach a goal, start a sequence or move a date, beside those that move an opportunity.
FOLLOWED_FIELDS = frozenset({"user_id", "tag_ids"})


class CrmLead(models.Model):
    """The follow-up sequences of an opportunity: what starts them and what ends them."""

    _inherit = "crm.lead"

    enrollment_ids = fields.One2many(
        "opportunity.enrollment", "lead_id", string="Follow-up", readonly=True, groups="sales_team.group_sale_salesman"
    )
    enrollment_count = fields.Integer(
        string="Sequences in Progress",
        compute="_compute_enrollment_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("enrollment_ids.state")
    def _compute_enrollment_count(self):
        for lead in self:
            lead.enrollment_count = sum(one.state in ("active", "paused") for one in lead.enrollment_ids)

    def _get_followed(self, vals):
        """Return ``{lead: (owner, tags)}`` before a write that may end, start or move sequences, empty otherwise."""
        followed = self.env["opportunity.sequence"]._get_watch()
        if not followed.watches(vals):
            return {}
        # sudo: after the write the opportunity may be somebody else's
        return {lead: (lead.user_id, lead.tag_ids) for lead in self.sudo()}

    def _follow_up_on(self, before, vals):
        """End and start the sequences that a write concerns.

        :param dict before: the :meth:`_get_followed` from before
        """
        if not before:
            return
        leads = self.sudo().browse().concat(*before)  # sudo: as in _get_followed
        leads.filtered(lambda lead: lead.user_id != before[lead][0])._reach_goal("owner")
        for lead in leads:
            added = lead.tag_ids - before[lead][1]
            if added:
                lead._start_sequences("tag", added)
        leads._replan_sequences(vals)

    def _follow_up_on_creation(self):
        """Start the sequences of new opportunities."""
        watch = self.env["opportunity.sequence"]._get_watch()
        if not watch.starts or self.env["opportunity.stage.move"]._is_loading_data():
            return
        for cause, name in (("template", "template_id"), ("stage", "stage_id"), ("tag", "tag_ids")):
            if cause in watch.starts:
                for values, leads in self.grouped(name).items():
                    leads._start_sequences(cause, values)

    def _follow_up_on_standing(self, closing=True):
        """End and start the sequences of opportunities that stand elsewhere than before.

        :param bool closing: whether they may have been closed; otherwise asking would make Odoo score them
        """
        watch = self.env["opportunity.sequence"]._get_watch()
        for outcome in {"won", "lost"} & watch.goals:
            self.filtered(lambda lead, outcome=outcome: lead.won_status == outcome)._reach_goal(outcome)
        if closing:
            self._leave_sequences_archived()
        if "stage" in watch.goals:
            self._reach_goal("stage")
        if "stage" in watch.starts:
            for stage, leads in self.grouped("stage_id").items():
                leads._start_sequences("stage", stage)

    def _leave_sequences_archived(self):
        archived = self.filtered(lambda lead: lead._get_outcome() == "archived")
        if archived:
            # sudo: as in _reach_goal
            archived.sudo()._get_running()._end("closed")

    def _reach_goal(self, goal):
        """End the running sequences for which this is a goal."""
        if not self or goal not in self.env["opportunity.sequence"]._get_watch().goals:
            return
        # sudo: what happens to an opportunity ends its sequences, whoever did it
        self.sudo()._get_running()._reach(goal)

    def _get_running(self):
        running = [("lead_id", "in", self.ids), ("state", "in", ("active", "paused"))]
        return self.env["opportunity.enrollment"].search(running)

    def _start_sequences(self, cause, values):
        """Start the live sequences that begin with one of these templates, stages or tags."""
        starts = self.env["opportunity.sequence"]._get_watch().starts.get(cause, {})
        for sequence_id in {id_ for value in values for id_ in starts.get(value.id, ())}:
            # sudo: a manager has said that it starts by itself, whoever caused it
            self.sudo().env["opportunity.sequence"].browse(sequence_id)._start(self, cause)

    def _replan_sequences(self, vals):
        """Plan again what counts from a date that has changed."""
        names = vals.keys() & self.env["opportunity.sequence"]._get_watch().dates
        if names:
            # sudo: as in _reach_goal
            self.sudo()._get_running()._replan()

    def _merge_enrollments(self, merged):
        """Take over the sequences of opportunities that are merged into this one; where both are in one, once."""
        # sudo: nobody may write enrolments directly
        mine, theirs = self.sudo().enrollment_ids, merged.sudo().enrollment_ids
        running = set(mine.filtered(lambda one: one.state in ("active", "paused")).sequence_id)
        for enrollment in theirs.sorted("date_start"):
            if enrollment.state in ("active", "paused") and enrollment.sequence_id in running:
                enrollment._end("merged")
            running |= set(enrollment.sequence_id) if enrollment.state in ("active", "paused") else set()
            enrollment._move_to(self)

    def _leave_sequences(self):
        """Delete the enrolments of opportunities that are about to be deleted, before the messages that they sent."""
        # sudo: nobody may write enrolments directly; whether these may be deleted was asked before
        self.sudo().enrollment_ids.unlink()

    def _message_receive_bounce(self, email, partner):
        res = super()._message_receive_bounce(email, partner)
        # sudo: the mail gateway says that the address does not work
        rows = self.env["opportunity.enrollment.step"].sudo()
        rows.search([("lead_id", "in", self.ids), ("email", "=", email), ("delivery", "=", "sent")]).write(
            {"delivery": "bounced"}
        )
        self._reach_goal("bounced")
        return res
