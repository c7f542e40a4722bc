from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.due import due_moment


class OpportunityStep(models.Model):
    """A step of a template on one opportunity: what is to be done, or was done or skipped, by whom and when.

    While its stage is the current one and the opportunity is open, a step to be done has an activity, unless it waits
    for the step before it or somebody cancelled that activity. People finish it on either side.
    """

    _name = "opportunity.step"
    _description = "Opportunity Step"
    _order = "lead_id, stage_sequence, sequence, id"
    _rec_name = "name"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, readonly=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "opportunity.template.step", string="Definition", required=True, readonly=True, index=True, ondelete="restrict"
    )
    template_stage_id = fields.Many2one(
        "opportunity.template.stage", string="Stage", required=True, readonly=True, index=True, ondelete="restrict"
    )
    stage_sequence = fields.Integer(string="Order of the Stage", readonly=True)
    sequence = fields.Integer(string="Order", readonly=True)
    name = fields.Char(related="step_id.name")
    note = fields.Html(related="step_id.note")
    activity_type_id = fields.Many2one(related="step_id.activity_type_id")
    required = fields.Boolean(readonly=True)
    is_skippable = fields.Boolean(compute="_compute_is_skippable")
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("skipped", "Skipped")],
        default="todo",
        required=True,
        readonly=True,
        index=True,
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, index="btree_not_null", ondelete="set null")
    date_deadline = fields.Date(related="activity_id.date_deadline", string="Due")
    user_id = fields.Many2one("res.users", compute="_compute_user_id", string="Assigned to")
    date_done = fields.Datetime(string="Done On", readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    skip_reason = fields.Char(string="Reason", readonly=True)

    is_waiting = fields.Boolean(
        compute="_compute_is_waiting", help="The step is planned when the one before it is done or skipped."
    )

    _step_unique = models.Constraint("UNIQUE(lead_id, step_id)", "The opportunity has this step already.")

    @api.depends("required", "step_id.skippable")
    def _compute_is_skippable(self):
        for step in self:
            step.is_skippable = not step.required or step.step_id.skippable

    @api.depends("state", "activity_id", "step_id.delay_from", "lead_id.step_ids.state")
    def _compute_is_waiting(self):
        for step in self:
            waits = step.state == "todo" and not step.activity_id and step.step_id.delay_from == "previous"
            step.is_waiting = waits and step._get_previous().state == "todo"

    @api.depends("state", "activity_id.user_id", "done_by_id")
    def _compute_user_id(self):
        for step in self:
            step.user_id = step.done_by_id if step.state != "todo" else step.activity_id.user_id

    @api.model
    def _insert(self, pairs):
        """Create the steps of opportunities from their definitions; the caller invalidates ``step_ids``.

        :param list pairs: opportunity and ``opportunity.template.step``
        """
        self.env["opportunity.template.stage"].flush_model(["sequence"])
        self.env["opportunity.template.step"].flush_model(["required", "sequence", "template_stage_id"])
        # SQL: a stage of five steps means thousands of rows when many opportunities enter it; what somebody else has
        # created at the same time stays
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO opportunity_step
                       (lead_id, step_id, template_stage_id, stage_sequence, sequence, required, state,
                        create_uid, write_uid, create_date, write_date)
                SELECT pair.lead_id, step.id, stage.id, stage.sequence, step.sequence, step.required, 'todo',
                       %(user)s, %(user)s, %(now)s, %(now)s
                  FROM unnest(%(leads)s::integer[], %(steps)s::integer[]) AS pair (lead_id, step_id)
                  JOIN opportunity_template_step AS step ON step.id = pair.step_id
                  JOIN opportunity_template_stage AS stage ON stage.id = step.template_stage_id
                    ON CONFLICT DO NOTHING
                """,
                user=self.env.uid,
                now=self.env.cr.now(),
                leads=[lead.id for lead, _step in pairs],
                steps=[step.id for _lead, step in pairs],
            )
        )

    def action_done(self):
        """Finish steps that are to be done, and their activities with them."""
        todo = self._require_todo()
        activities = todo.activity_id
        if activities:
            # finishing the activity finishes its step
            activities.sudo(False)._action_done()
        todo.filtered(lambda step: step.state == "todo")._close("done")

    def action_skip(self):
        """Ask for the reason, in a dialog, for which the steps are skipped."""
        self._require_todo()._check_skippable()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_step_skip_action")
        action["context"] = {"default_step_ids": self.ids, "dialog_size": "medium"}
        return action

    def skip(self, reason):
        """Skip steps whose definition allows it.

        :param str reason: why, kept with the step and told in the chatter of the opportunity
        """
        todo = self._require_todo()
        todo._check_skippable()
        if not (reason or "").strip():
            raise UserError(self.env._("Why is the step skipped? Please give a reason."))
        todo._close("skipped", reason.strip())
        for step in todo:
            step.lead_id.message_post(
                body=self.env._("Step “%(step)s” skipped: %(reason)s", step=step.name, reason=reason.strip())
            )

    def action_plan(self):
        """Plan the activities of steps to be done that have none, because somebody cancelled them."""
        self._require_todo().filtered(lambda step: not step.activity_id)._plan()

    def action_reopen(self):
        """Take back what was marked done or skipped, and plan it again where its stage is still the current one."""
        self.lead_id.check_access("write")
        # sudo: nobody may write steps directly; who may edit the opportunity works on its steps
        closed = self.sudo().filtered(lambda step: step.state != "todo")
        closed.write({"state": "todo", "date_done": False, "done_by_id": False, "skip_reason": False})
        closed.lead_id._sync_steps()

    def _require_todo(self):
        """Return the steps to be done, for somebody who may edit their opportunities."""
        self.lead_id.check_access("write")
        # sudo: nobody may write steps directly; who may edit the opportunity works on its steps
        return self.sudo().filtered(lambda step: step.state == "todo")

    def _check_skippable(self):
        fixed = self.filtered(lambda step: not step.is_skippable)
        if fixed:
            raise UserError(
                self.env._(
                    "These steps cannot be skipped: %s. Do them, or ask a manager to override the exit condition.",
                    ", ".join(fixed.mapped("name")),
                )
            )

    def _close(self, state, reason=False):
        """Mark steps done or skipped, drop what is still planned for them and plan the steps that waited for them."""
        values = {"state": state, "date_done": self.env.cr.now(), "done_by_id": self.env.uid, "skip_reason": reason}
        self.write({**values, "activity_id": False} if state == "skipped" else values)
        self._get_waiting()._plan()

    def write(self, vals):
        dropped = self.env["mail.activity"]
        if "activity_id" in vals and not vals["activity_id"]:
            dropped = self.activity_id.filtered("active")
        res = super().write(vals)
        dropped.unlink()
        return res

    def _get_waiting(self):
        """Return the steps to be done that waited for these to be completed."""
        waiting = self.lead_id._get_ready_steps().filtered(lambda step: step.step_id.delay_from == "previous")
        return waiting.filtered(lambda step: step._get_previous() in self)

    def _close_like(self, other):
        """Take over what was done in the same step of an opportunity that is merged into this one."""
        names = ("state", "date_done", "done_by_id", "skip_reason")
        values = {name: other[name] for name in names}
        self.write({**values, "done_by_id": other.done_by_id.id, "activity_id": False})

    def _prepare_summary(self):
        """Return what the client shows of a step in its dialogs."""
        return {
            "id": self.id,
            "name": self.name,
            "note": self.note or "",
            "is_skippable": self.is_skippable,
            "date": fields.Date.to_string(self.date_deadline) or "",
            "required": self.required,
            "is_waiting": self.is_waiting,
            "user_id": self.user_id.id,
            "user": self.user_id.name or "",
        }

    def _get_previous(self):
        """Return the step before this one in its stage; empty for the first."""
        siblings = self.lead_id.step_ids.filtered(lambda step: step.template_stage_id == self.template_stage_id)
        return siblings.filtered(lambda step: (step.sequence, step.id) < (self.sequence, self.id)).sorted()[-1:]

    def _plan(self):
        """Create the activities of steps, in one batch.

        Their salespersons are not told by mail of each: a stage that begins is one event, and they see it in the
        opportunity and in their activities. Others are, as always.
        """
        if not self:
            return
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        responsible, due_dates = self._get_responsible(), {}
        planned = activities.create([step._prepare_activity_values(responsible[step], due_dates) for step in self])
        for step, activity in zip(self, planned, strict=True):
            step.activity_id = activity
        owners = {activity: step.lead_id.user_id for step, activity in zip(self, planned, strict=True)}
        told = planned.filtered(lambda activity: activity.user_id not in (self.env.user, owners[activity]))
        told.action_notify()

    def _prepare_activity_values(self, user, due_dates):
        definition = self.step_id
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            "activity_type_id": definition.activity_type_id.id,
            "summary": definition.name,
            "note": definition.note,
            "user_id": user.id,
            "date_deadline": self._get_due_date(user.tz or self.env.user.tz, due_dates),
        }

    def _get_responsible(self):
        """Return ``{step: user}`` of those who do the steps.

        A fixed user while active, whoever has the role on the opportunity, else the salesperson, else the leader of
        the team or, where there is none, who is at work.
        """
        holders = self.lead_id._get_role_users(self.step_id.role_id)
        return {step: step._choose_responsible(holders) for step in self}

    def _choose_responsible(self, holders):
        lead, definition, chosen = self.lead_id, self.step_id, self.env["res.users"]
        if definition.responsible == "user":
            chosen = definition.user_id.filtered("active")
        elif definition.responsible == "role":
            chosen = holders.get((lead.id, definition.role_id.id), chosen)
        return chosen or lead.user_id or lead.team_id.user_id or self.env.user

    def _get_due_date(self, tz, due_dates):
        """Return the day on which the step is due in a time zone: at the earliest today.

        :param dict due_dates: the days found so far; the calendar is asked once for steps that are alike
        """
        company = self.lead_id.company_id or self.env.company
        alike = (self.step_id, self._get_start(), company, tz)
        if alike not in due_dates:
            due_dates[alike] = self._find_due_date(*alike)
        return due_dates[alike]

    @api.model
    def _find_due_date(self, definition, start, company, tz):
        moment = due_moment(
            start,
            definition.delay_count,
            definition.delay_unit,
            lambda count, day: company.resource_calendar_id.plan_days(count, day, compute_leaves=True),
        )
        local = self.with_context(tz=tz)
        day = fields.Datetime.context_timestamp(local, moment).date()
        return max(day, fields.Date.context_today(local))

    def _get_start(self):
        if self.step_id.delay_from == "previous":
            return self._get_previous().date_done or self.env.cr.now()
        return self.lead_id.date_last_stage_update or self.env.cr.now()
