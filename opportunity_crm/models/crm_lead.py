from odoo import api, models

from .crm_lead_history import CLOSING_FIELDS, MOVING_FIELDS
from .opportunity_stage_move import MoveCause


class CrmLead(models.Model):
    """The life of an opportunity, on one page: the only place where creating, writing, winning, losing, merging and
    importing are extended. Each step calls a concern by name; the concerns are in the files beside this one."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list, next_actions = self._split_next_actions(self._assign_by_turn(vals_list))
        vals_list = self._prepare_template_values(vals_list)
        leads = super().create(vals_list)
        leads._check_template_offered()
        leads._apply_template_defaults()
        leads._begin_tabs(vals_list)
        leads._plan_next_actions(next_actions)
        leads._check_entry_stage()
        leads._log_movements(None)
        leads._start_steps()
        leads._settle_credits()
        leads._follow_up_on_creation()
        return leads

    def write(self, vals):
        self._check_governed(vals)
        followed = self._get_followed(vals)
        if self._is_history_held() or not MOVING_FIELDS & vals.keys():
            res = super().write(vals)
            self._check_tabs(vals)
            self._hand_over_documents(vals)
            self._follow_up_on(followed, vals)
            return res
        passages = self._pass_gate(vals)
        closing, stage_given = bool(CLOSING_FIELDS & vals.keys()), "stage_id" in vals
        before, owners = self._get_standings(closing), self._get_step_owners(vals)
        taking = self._get_leads_taking_template(vals)
        res = super().write(vals)
        self._check_tabs(vals)
        self._hand_over_documents(vals)
        self._hand_over_steps(owners)
        self._settle_changed_coverage(vals)
        if not stage_given:
            self._stamp_stage_update(before)
        if "template_id" in vals:
            taking._check_template_offered()
            self._carry_steps_over()
        self._log_movements(before, closing=closing, passages=passages)._enter_standing(before, closing)
        self._follow_up_on(followed, vals)
        return res

    def unlink(self):
        self._leave_file_boxes()
        self._leave_sequences()
        return super().unlink()

    def _enter_standing(self, before, closing=True):
        """What follows when opportunities stand elsewhere than before, closed and reopened ones included.

        :param dict before: the :meth:`_get_standings` from before
        :param bool closing: whether they may have been closed or reopened
        """
        self._forget_win_reasons()
        if closing:
            self._filter_outcome_changed(before)._settle_credits()
        templated = self.filtered("template_id")
        templated._check_loss_reasons()
        templated._sync_steps()
        self._follow_up_on_standing(closing)

    @api.model
    def load(self, fields, data):
        return super(CrmLead, self.with_context(opportunity_move_cause=MoveCause.IMPORTED)).load(fields, data)

    @api.model
    def _load_records_create(self, vals_list):
        return super()._load_records_create([self._fit_imported_values(vals) for vals in vals_list])

    def _load_records_write(self, values):
        return super()._load_records_write(self._fit_imported_values(values))

    def action_set_won(self):
        passages = self._pass_gate_to_won()
        before = self._get_standings()
        held = self._hold_history()
        templated = held.filtered("template_id")
        templated._set_won_in_template()
        if held - templated:
            super(CrmLead, held - templated).action_set_won()
        self._log_movements(before, passages=passages)._enter_standing(before)
        return True

    def action_set_lost(self, **additional_values):
        moving = {name: additional_values.pop(name) for name in MOVING_FIELDS & additional_values.keys()}
        if moving:  # anybody may call this with any value: those that move pass the gate
            self.write(moving)
        before = self._get_standings()
        res = super(CrmLead, self._hold_history()).action_set_lost(**additional_values)
        self._log_movements(before)._enter_standing(before)
        return res

    def action_restore(self):
        before = self._get_standings()
        res = super(CrmLead, self._hold_history()).action_restore()
        self._log_movements(before)._enter_standing(before)
        return res

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        self._check_mergeable()
        before = self._get_standings()
        head = super(CrmLead, self._hold_history())._merge_opportunity(
            user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
        )
        head = head.with_env(self.env)
        head._log_movements(before, MoveCause.MERGED)
        head._sync_steps()
        return head

    def _merge_dependences(self, opportunities):
        self._merge_steps(opportunities)
        self._merge_shares(opportunities)
        opportunities.line_ids._move_to(self)
        self._merge_enrollments(opportunities)
        self._merge_estate(opportunities)
        res = super()._merge_dependences(opportunities)
        self.env["opportunity.stage.move"]._merge_into(self, opportunities)
        return res
