from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST_DELAY = 3650


class OpportunityTemplateStep(models.Model):
    """What has to be done in a stage of a template, by whom and when.

    The idea is NexJ's opportunity step: a stage is worked by performing its steps. On an opportunity it becomes an
    ``opportunity.step`` with an activity.
    """

    _name = "opportunity.template.step"
    _description = "Opportunity Template Step"
    _inherit = ["opportunity.definition"]
    _order = "template_stage_id, sequence, id"

    _correctable = frozenset({"name", "note"})

    template_stage_id = fields.Many2one(
        "opportunity.template.stage", string="Stage", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(
        default=lambda self: uuid4().hex,
        required=True,
        help="Tells which step of another revision this one was, so that what has been done there counts here.",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Step", required=True, translate=True)
    note = fields.Html(
        string="Instructions", translate=True, help="What is to be done, and how; shown with the activity."
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        ondelete="restrict",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
        default=lambda self: self.env["mail.activity"]._default_activity_type_for_model("crm.lead"),
    )
    required = fields.Boolean(
        default=True,
        help="The exit condition “required steps” waits for this step; it never waits for an optional one.",
    )
    skippable = fields.Boolean(
        string="May Be Skipped", help="People may skip this step, and say why. An optional step may always be skipped."
    )
    responsible = fields.Selection(
        [("owner", "Salesperson"), ("role", "Coverage Role"), ("user", "Fixed User")],
        string="Who",
        default="owner",
        required=True,
        help="The salesperson of the opportunity; whoever has this role on the opportunity, and the salesperson while"
        " nobody has it; or always the same user.",
    )
    role_id = fields.Many2one("opportunity.coverage.role", ondelete="restrict")
    user_id = fields.Many2one("res.users", ondelete="restrict", domain="[('share', '=', False)]")
    delay_count = fields.Integer(string="Due After")
    delay_unit = fields.Selection(
        [("hours", "Hours"), ("days", "Days"), ("working_days", "Working Days")],
        default="working_days",
        required=True,
        help="Working days follow the working hours and holidays of the company.",
    )
    delay_from = fields.Selection(
        [("entry", "Entering the Stage"), ("previous", "Completing the Previous Step")],
        string="Counted From",
        default="entry",
        required=True,
    )
    summary = fields.Char(string="Who and When", compute="_compute_summary")

    _check_delay = models.Constraint(
        f"CHECK(delay_count >= 0 AND delay_count <= {LONGEST_DELAY})",
        "The delay of a step is between 0 and 3,650.",
    )
    _key_unique = models.Constraint(
        "UNIQUE(template_stage_id, key)", "This step is in the stage already. Create a new one instead."
    )

    def _get_templates(self):
        return self.template_stage_id.template_id

    @api.depends("responsible", "user_id", "role_id", "delay_count", "delay_unit", "delay_from")
    def _compute_summary(self):
        for step in self:
            when = step._describe_delay()
            if step.delay_from == "previous":
                when = self.env._("%s after the previous step", when)
            step.summary = f"{step._get_responsible_name()} · {when}"

    def _describe_delay(self):
        if not self.delay_count:
            return self.env._("at once")
        if self.delay_count == 1:
            one = {
                "hours": self.env._("1 hour"),
                "days": self.env._("1 day"),
                "working_days": self.env._("1 working day"),
            }
            return one[self.delay_unit]
        return {
            "hours": self.env._("%s hours", self.delay_count),
            "days": self.env._("%s days", self.delay_count),
            "working_days": self.env._("%s working days", self.delay_count),
        }[self.delay_unit]

    def _get_responsible_name(self):
        if self.responsible != "owner":
            return self.user_id.name if self.responsible == "user" else self.role_id.name
        return dict(self._fields["responsible"]._description_selection(self.env))[self.responsible]

    @api.constrains("responsible", "user_id")
    def _check_responsible(self):
        for step in self.filtered(lambda step: step.responsible == "user"):
            user = step.user_id
            company = step.template_stage_id.template_id.company_id
            if not user or user.share or not user.active:
                raise ValidationError(
                    self.env._("Who does the step “%s”? Choose an active internal user, or the salesperson.", step.name)
                )
            if company and company not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "“%(user)s” does not work in the company “%(company)s” of the template and cannot do the step"
                        " “%(step)s”.",
                        user=user.name,
                        company=company.name,
                        step=step.name,
                    )
                )

    @api.constrains("responsible", "role_id")
    def _check_role(self):
        for step in self.filtered(lambda step: step.responsible == "role"):
            if not step.role_id:
                raise ValidationError(
                    self.env._("Who does the step “%s”? Choose a coverage role, or the salesperson.", step.name)
                )
            if not step.role_id.is_held:
                raise ValidationError(
                    self.env._(
                        "Nobody has the role “%(role)s” in a coverage group, so that it cannot do the step “%(step)s”."
                        " Give somebody the role first, or choose the salesperson.",
                        role=step.role_id.name,
                        step=step.name,
                    )
                )

    @api.constrains("activity_type_id")
    def _check_activity_type(self):
        for step in self.filtered("activity_type_id.res_model"):
            if step.activity_type_id.res_model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "The activity type “%(type)s” is not for opportunities. Choose another one for the step"
                        " “%(step)s”.",
                        type=step.activity_type_id.name,
                        step=step.name,
                    )
                )

    @api.constrains("delay_from", "sequence", "template_stage_id")
    def _check_previous(self):
        for stage in self.template_stage_id:
            first = stage.step_ids.sorted()[:1]
            if first.delay_from == "previous":
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is the first step in “%(stage)s” and cannot wait for a previous one. Count its"
                        " delay from entering the stage.",
                        step=first.name,
                        stage=stage.stage_id.name,
                    )
                )

    @api.constrains("delay_unit", "delay_count", "template_stage_id")
    def _check_working_days(self):
        for step in self.filtered(lambda step: step.delay_unit == "working_days" and step.delay_count):
            company = step.template_stage_id.template_id.company_id or self.env.company
            if not company.resource_calendar_id.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "The company “%(company)s” has no working hours, so that “%(step)s” would never be due. Set"
                        " them or count in days.",
                        company=company.name,
                        step=step.name,
                    )
                )
