from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What is recorded on an opportunity: its next action."""

    _inherit = "crm.lead"

    next_action_id = fields.Many2one(
        "mail.activity", compute="_compute_next_action_id", groups="base.group_user", string="Next Activity"
    )
    next_action_date = fields.Date(
        string="Next Action",
        compute="_compute_next_action_date",
        inverse="_inverse_next_action",
        search="_search_next_action_date",
        groups="base.group_user",
        help="Date of the earliest open activity. Set it to plan an activity, change it to reschedule that activity.",
    )
    next_action_note = fields.Char(
        compute="_compute_next_action_note",
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

    @api.depends("activity_ids.date_deadline", "activity_ids.active")
    def _compute_next_action_id(self):
        for lead in self:
            lead.next_action_id = lead._get_next_activity()

    # Two methods, one a field: Odoo protects the fields of one method together, and setting the note alone would then
    # hide the date.
    @api.depends("activity_ids.date_deadline", "activity_ids.active")
    def _compute_next_action_date(self):
        for lead in self:
            lead.next_action_date = lead._get_next_activity().date_deadline

    @api.depends("activity_ids.date_deadline", "activity_ids.active", "activity_ids.display_name")
    def _compute_next_action_note(self):
        for lead in self:
            lead.next_action_note = lead._get_next_activity().display_name

    @api.depends("activity_ids.active", "won_status", "active", "type")
    def _compute_is_next_action_missing(self):
        for lead in self:
            is_open = lead.active and lead.won_status == "pending" and lead.type == "opportunity"
            lead.is_next_action_missing = is_open and not lead._get_next_activity()

    def _get_next_activity(self):
        """Return the earliest open activity: the one truth behind the next action."""
        # sudo: who reads an opportunity may read its activities; asking again for each costs queries
        activities = self.sudo().activity_ids
        # a plain loop: filtered() and sorted() would lose the prefetching over the activities of many opportunities
        planned = [activity for activity in activities if activity.active]
        earliest = min(planned, key=lambda activity: (activity.date_deadline, activity.id), default=activities[:0])
        return earliest.with_env(self.env)

    def _inverse_next_action(self):
        self._set_next_actions([(lead.next_action_date, lead.next_action_note) for lead in self])

    def _set_next_actions(self, next_actions):
        """Plan an activity where there is none, otherwise reschedule and rename the earliest one.

        :param list next_actions: a pair of date and note for each record, both empty where nothing is to be done
        """
        to_plan = []
        for lead, (date, note) in zip(self, next_actions, strict=True):
            activity = lead._get_next_activity()
            lead._check_next_action(activity, date, note)
            if activity:
                lead._update_next_activity(activity, date, note)
            elif date:
                to_plan.append(lead._prepare_next_activity_values(date, note))
        self.env["mail.activity"].create(to_plan)

    def _plan_next_actions(self, next_actions):
        """Set the next actions of new opportunities, where there is one; see :meth:`_set_next_actions`."""
        planned = [(lead, pair) for lead, pair in zip(self, next_actions, strict=True) if any(pair)]
        self.browse().concat(*(lead for lead, _pair in planned))._set_next_actions([pair for _lead, pair in planned])

    @api.model
    def _split_next_actions(self, vals_list):
        """Return the creation values without the next actions, and the next actions as pairs of date and note.

        They are set when the opportunity exists: an activity subscribes its person, as the creation does.
        """
        names = ("next_action_date", "next_action_note")
        others = [{name: value for name, value in vals.items() if name not in names} for vals in vals_list]
        dates = [fields.Date.to_date(vals.get(names[0])) for vals in vals_list]
        return others, list(zip(dates, (vals.get(names[1]) for vals in vals_list), strict=True))

    def _check_next_action(self, activity, date, note):
        is_past = date and date != activity.date_deadline and date < fields.Date.context_today(self)
        if is_past and not self._is_importing():  # what was overdue elsewhere is overdue here
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

    def action_ask_next_action(self):
        """Return the dialog that asks for the next action where none is planned, False where there is one.

        For the web client, after somebody finished an activity of the opportunity.
        """
        self.ensure_one()
        asks = self.is_next_action_missing and self.has_access("write")
        return asks and self.action_next_action()

    @api.model
    def get_empty_list_help(self, help_message):
        """Add to Odoo's empty pipeline what opportunities are for, and what they are not for.

        Not where an action selects opportunities by what they lack, as its context says: there empty is good.
        """
        message = super().get_empty_list_help(help_message)
        if self.env.context.get("default_type") == "lead" or self.env.context.get("opportunity_selection"):
            return message
        return Markup("%s%s") % (Markup(message), self._get_purpose_help())

    @api.model
    def _get_purpose_help(self):
        """Return what an empty pipeline says: what opportunities are for, and how to make the first."""
        return Markup('<p>%s</p><p>%s</p><p><a href="/odoo/first-opportunity">%s</a></p>') % (
            self.env._(
                "Use an opportunity to follow a specific product or service that you may sell: a new account, an"
                " upsell, an outbound referral."
            ),
            self.env._(
                "Do not use opportunities for interests, tasks or potential inbound referrals: keep those as tags,"
                " activities or leads."
            ),
            self.env._("Show me how to make my first opportunity"),
        )
