from datetime import timedelta

from odoo import Command, models
from odoo.exceptions import UserError

from ..tools.clock import wall_of
from .opportunity_stage_move import MoveCause


class OpportunityEnrollmentStep(models.Model):
    """What steps do, one method a kind.

    ``_run_<kind>(planner)`` does the step for many rows at once, in the engine's savepoint, and returns ``{id:
    values}`` for rows that are more than done: what the row keeps (``activity_id``, ``message_id``), another ``state``
    (``skipped`` with an ``error``; ``due`` with a ``date_due``), or ``finish`` with the reason for which the
    sequence ends with this step.
    A ``UserError`` says what people can mend and parks the row; other errors are tried again. It never commits.
    """

    _inherit = "opportunity.enrollment.step"

    def _get_leads(self):
        # sudo: the engine acts for whoever enrolled the opportunity and had the right to edit it
        return self.sudo().enrollment_id.lead_id

    def _run_activity(self, planner):
        """Plan activities. Salespersons are not told by mail of each: they see them in the opportunity and in their own
        activities, as those of a template's steps. Others are, as always."""
        rows = self.sudo()
        responsible = rows._get_responsible()
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        planned = activities.create([row._prepare_activity_values(responsible[row], planner) for row in rows])
        owners = {activity: row.lead_id.user_id for row, activity in zip(rows, planned, strict=True)}
        planned.filtered(lambda activity: activity.user_id not in (self.env.user, owners[activity])).action_notify()
        return {row.id: {"activity_id": activity.id} for row, activity in zip(rows, planned, strict=True)}

    def _prepare_activity_values(self, user, planner):
        step, lead = self.step_id, self.lead_id
        tz = planner.read_places([lead.id])[lead.id].zone_of("owner")
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "activity_type_id": step.activity_type_id.id,
            "summary": step.name,
            "note": step.note,
            "user_id": user.id,
            "date_deadline": wall_of(planner.now, tz).date() + timedelta(days=step.activity_days),
        }

    def _get_responsible(self):
        """Return ``{row: user}`` of those who do the activities.

        :raise UserError: when there is nobody, or the user of the step is archived
        """
        holders = self.lead_id._get_role_users(self.step_id.role_id)
        return {row: row._choose_responsible(holders) for row in self}

    def _choose_responsible(self, holders):
        step, lead = self.step_id, self.lead_id
        if step.responsible == "user":
            chosen = step.user_id.filtered("active")
        elif step.responsible == "role":
            chosen = holders.get((lead.id, step.role_id.id), self.env["res.users"])
        else:
            chosen = lead.user_id.filtered("active") or lead.team_id.user_id.filtered("active")
        if not chosen:
            raise UserError(self._describe_nobody())
        return chosen

    def _describe_nobody(self):
        step = self.step_id
        if step.responsible == "user":
            return self.env._("“%s” is archived. Choose somebody else in the sequence.", step.user_id.name)
        if step.responsible == "role":
            return self.env._(
                "Nobody has the role “%s” on the opportunity. Add somebody to a coverage group.", step.role_id.name
            )
        return self.env._("The opportunity has no salesperson. Assign one, then try again.")

    def _run_note(self, _planner):
        """Log internal notes."""
        for step, rows in self.sudo().grouped("step_id").items():
            leads = rows._get_leads()
            leads._message_log_batch(dict.fromkeys(leads.ids, step.note or step.name))

    def _run_stage(self, _planner):
        """Move opportunities through the gate, which may refuse; closed ones stay where they are."""
        for step, rows in self.sudo().grouped("step_id").items():
            moving = rows._get_leads().with_context(opportunity_move_cause=MoveCause.AUTOMATION)
            moving.filtered(lambda lead, step=step: lead.stage_id != step.stage_id).write(
                {"stage_id": step.stage_id.id}
            )

    def _run_tag_add(self, _planner):
        """Add tags."""
        for step, rows in self.sudo().grouped("step_id").items():
            rows._get_leads().write({"tag_ids": [Command.link(tag.id) for tag in step.tag_ids]})

    def _run_tag_remove(self, _planner):
        """Remove tags."""
        for step, rows in self.sudo().grouped("step_id").items():
            rows._get_leads().write({"tag_ids": [Command.unlink(tag.id) for tag in step.tag_ids]})

    def _run_end(self, _planner):
        """End the sequence."""
        return {row.id: {"finish": "end"} for row in self}
