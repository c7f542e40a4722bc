from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityNextAction(models.TransientModel):
    """“Done, and what next?”: finish the next action of an opportunity and plan the one after it."""

    _name = "opportunity.next.action"
    _description = "Next Action"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, readonly=True, ondelete="cascade")
    activity_id = fields.Many2one("mail.activity", compute="_compute_activity_id", string="Current Action")
    activity_date = fields.Date(related="activity_id.date_deadline", string="Due")
    feedback = fields.Text(string="What Came Out of It", help="Kept in the chatter of the opportunity.")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="What Next",
        compute="_compute_activity_type_id",
        store=True,
        readonly=False,
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
    )
    note = fields.Char(string="Next Action")
    date = fields.Date(
        string="On", compute="_compute_date", store=True, readonly=False, help="Day on which the next action is due."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned to",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )

    @api.constrains("lead_id")
    def _check_lead(self):
        """A dialog shows the name of its opportunity, to those only who may read it."""
        self.lead_id.sudo(False).check_access("read")  # Odoo runs constraints as superuser

    @api.depends("lead_id")
    def _compute_activity_id(self):
        for wizard in self:
            wizard.activity_id = wizard.lead_id.next_action_id

    @api.depends("lead_id")
    def _compute_activity_type_id(self):
        for wizard in self:
            current = wizard.activity_id.activity_type_id
            suggested = current.triggered_next_type_id or current.suggested_next_type_ids[:1]
            default = self.env["mail.activity"]._default_activity_type_for_model("crm.lead")
            wizard.activity_type_id = suggested or default

    @api.depends("activity_type_id")
    def _compute_date(self):
        for wizard in self:
            today = fields.Date.context_today(wizard)
            wizard.date = max(wizard.activity_type_id._get_date_deadline(), today) if wizard.activity_type_id else False

    @api.depends("lead_id")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.lead_id.user_id or self.env.user

    def action_done(self):
        """Finish the current action without planning another one."""
        self._finish()
        return {"type": "ir.actions.act_window_close"}

    def action_done_and_plan(self):
        """Finish the current action, if there is one, and plan the next."""
        self._check_next()
        triggered = self._finish()
        values = self._prepare_activity_values()
        if triggered:
            triggered.write(values)
        else:
            self.env["mail.activity"].create(values)
        return {"type": "ir.actions.act_window_close"}

    def _finish(self):
        """Mark the current action done; return the activity that its type plans by itself, if any."""
        self.ensure_one()
        _messages, triggered = self.activity_id._action_done(feedback=self.feedback)
        return triggered[:1]

    def _check_next(self):
        if not self.date or self.date < fields.Date.context_today(self):
            raise ValidationError(self.env._("Choose the day of the next action: today or later."))

    def _prepare_activity_values(self):
        return {
            **self.lead_id._prepare_next_activity_values(self.date, self.note),
            "activity_type_id": self.activity_type_id.id,
            "user_id": self.user_id.id,
        }
