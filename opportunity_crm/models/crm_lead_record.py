from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What is recorded on an opportunity: its next action."""

    _inherit = "crm.lead"

    next_action_id = fields.Many2one(
        "mail.activity", compute="_compute_next_action", groups="base.group_user", string="Next Activity"
    )
    next_action_date = fields.Date(
        string="Next Action",
        compute="_compute_next_action",
        inverse="_inverse_next_action",
        search="_search_next_action_date",
        groups="base.group_user",
        help="Date of the earliest open activity. Set it to plan an activity, change it to reschedule that activity.",
    )
    next_action_note = fields.Char(
        string="Next Action Note",
        compute="_compute_next_action",
        inverse="_inverse_next_action",
        groups="base.group_user",
        help="What is to be done next: the summary of the earliest open activity.",
    )
    is_next_action_missing = fields.Boolean(
        string="No Next Action",
        compute="_compute_is_next_action_missing",
        search="_search_is_next_action_missing",
        groups="base.group_user",
        help="The opportunity is open and nothing is planned for it.",
    )

    @api.depends(
        "activity_ids.date_deadline", "activity_ids.summary", "activity_ids.active", "activity_ids.activity_type_id"
    )
    def _compute_next_action(self):
        for lead in self:
            activity = lead._get_next_activity()
            lead.next_action_id = activity
            lead.next_action_date = activity.date_deadline
            lead.next_action_note = activity.display_name

    @api.depends("activity_ids.active", "won_status", "active", "type")
    def _compute_is_next_action_missing(self):
        for lead in self:
            is_open = lead.active and lead.won_status == "pending" and lead.type == "opportunity"
            lead.is_next_action_missing = is_open and not lead._get_next_activity()

    def _get_next_activity(self):
        """Return the earliest open activity: the one truth behind the next action."""
        return self.activity_ids.filtered("active").sorted(lambda activity: (activity.date_deadline, activity.id))[:1]

    def _inverse_next_action(self):
        """Plan an activity where there is none, otherwise reschedule and rename the earliest one."""
        wanted = [(lead, lead.next_action_date, lead.next_action_note) for lead in self]
        to_plan = []
        for lead, date, note in wanted:
            activity = lead._get_next_activity()
            lead._check_next_action(activity, date, note)
            if activity:
                lead._update_next_activity(activity, date, note)
            elif date:
                to_plan.append(lead._prepare_next_activity_values(date, note))
        self.env["mail.activity"].create(to_plan)

    def _check_next_action(self, activity, date, note):
        if date and date != activity.date_deadline and date < fields.Date.context_today(self):
            raise ValidationError(
                self.env._(
                    "The next action of “%s” cannot be in the past. Choose today or a later day; to record what has"
                    " been done already, mark the activity done or log a note.",
                    self.name,
                )
            )
        if activity and not date:
            raise UserError(
                self.env._(
                    "The next action of “%s” is a planned activity. Mark it done or cancel it instead of clearing its"
                    " date.",
                    self.name,
                )
            )
        if note and not date:
            raise UserError(self.env._("When is the next action of “%s” due? Please set a date.", self.name))

    def _update_next_activity(self, activity, date, note):
        values = {}
        if date != activity.date_deadline:
            values["date_deadline"] = date
        if note and note != activity.display_name:
            values["summary"] = note
        if values:
            activity.write(values)

    def _prepare_next_activity_values(self, date, note):
        activity_type = self.env["mail.activity"]._default_activity_type_for_model(self._name)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": activity_type.id,
            "date_deadline": date,
            "summary": note,
            "user_id": (self.user_id or self.env.user).id,
        }

    def _search_next_action_date(self, operator, value):
        if operator not in ("<", "<=", ">", ">=", "in"):
            return NotImplemented

        def to_sql(model, alias, query):
            date = model._field_to_sql(alias, "next_action_date", query)
            if operator != "in":
                return SQL("%s %s %s", date, SQL(operator), value)
            days = tuple(day for day in value if day)
            within = SQL("%s IN %s", date, days) if days else SQL("FALSE")
            return SQL("(%s OR %s IS NULL)", within, date) if False in value else within

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists sort and group by the next action, which is not stored: it is read from the activities."""
        if field_expr != "next_action_date":
            return super()._field_to_sql(alias, field_expr, query)
        self.env["mail.activity"].flush_model(["active", "date_deadline", "res_id", "res_model"])
        return SQL(
            """(SELECT MIN(activity.date_deadline) FROM mail_activity AS activity
                 WHERE activity.res_id = %s AND activity.res_model = %s AND activity.active)""",
            SQL.identifier(alias, "id"),
            self._name,
        )

    def _search_is_next_action_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = Domain(
            [
                ("type", "=", "opportunity"),
                ("active", "=", True),
                ("won_status", "=", "pending"),
                ("next_action_date", "=", False),
            ]
        )
        return missing if True in value else ~missing

    def action_next_action(self):
        """Open the dialog that finishes the current next action and asks for the next one."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("opportunity_crm.opportunity_next_action_action")
        action["context"] = {"default_lead_id": self.id}
        return action

    @api.model
    def get_empty_list_help(self, help_message):
        """Add to Odoo's empty pipeline what opportunities are for, and what they are not for."""
        message = super().get_empty_list_help(help_message)
        if self.env.context.get("default_type") == "lead":
            return message
        return message + self.env["ir.qweb"]._render("opportunity_crm.crm_lead_best_practice", raise_if_not_found=False)
