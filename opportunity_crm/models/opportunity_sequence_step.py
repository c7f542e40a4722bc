from uuid import uuid4

from odoo import fields, models

WEEKDAYS = ("on_monday", "on_tuesday", "on_wednesday", "on_thursday", "on_friday", "on_saturday", "on_sunday")


class OpportunitySequenceStep(models.Model):
    """A step of a follow-up sequence: what happens, and when.

    A kind is one value of ``kind`` and one method ``_run_<kind>`` of ``opportunity.enrollment.step``.
    """

    _name = "opportunity.sequence.step"
    _description = "Step of a Follow-up Sequence"
    _order = "sequence_id, sequence, id"

    sequence_id = fields.Many2one("opportunity.sequence", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sequence_id.company_id")
    sequence = fields.Integer(string="Order", default=10)
    active = fields.Boolean(default=True, help="Steps that a later revision has dropped are archived.")
    key = fields.Char(
        default=lambda self: uuid4().hex,
        required=True,
        help="Tells which step of the live sequence a step of the next revision is.",
    )
    name = fields.Char(string="Step", required=True, translate=True)
    kind = fields.Selection(
        [
            ("email", "E-mail"),
            ("activity", "Activity"),
            ("note", "Internal Note"),
            ("stage", "Move to a Stage"),
            ("tag_add", "Add Tags"),
            ("tag_remove", "Remove Tags"),
            ("end", "End"),
        ],
        default="email",
        required=True,
    )

    # what happens
    template_id = fields.Many2one(
        "mail.template", string="E-mail Template", domain="[('model', '=', 'crm.lead')]", ondelete="restrict"
    )
    sender = fields.Selection(
        [("owner", "Salesperson"), ("team", "Sales Team"), ("fixed", "Fixed Address")],
        string="From",
        default="owner",
        required=True,
    )
    sender_email = fields.Char(string="Fixed Sender", help="For example: Sales <sales@example.com>")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
        ondelete="restrict",
        default=lambda self: self.env["mail.activity"]._default_activity_type_for_model("crm.lead"),
    )
    activity_days = fields.Integer(string="Due After", help="Days that the activity may take.")
    responsible = fields.Selection(
        [("owner", "Salesperson"), ("role", "Coverage role"), ("user", "Fixed user")],
        string="Assigned to",
        default="owner",
        required=True,
    )
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]", ondelete="restrict")
    role_id = fields.Many2one("opportunity.coverage.role", ondelete="restrict")
    note = fields.Html(string="Text", translate=True, help="The note, or the instructions of the activity.")
    stage_id = fields.Many2one("crm.stage", ondelete="restrict")
    tag_ids = fields.Many2many("crm.tag", "opportunity_sequence_step_tag_rel")

    # when it happens
    timing = fields.Selection(
        [
            ("now", "At once"),
            ("delay", "After a delay"),
            ("date", "At a date"),
            ("before", "Before a date of the opportunity"),
            ("after", "After a date of the opportunity"),
        ],
        string="When",
        default="delay",
        required=True,
    )
    delay_count = fields.Integer(string="Delay", default=1)
    delay_unit = fields.Selection(
        [
            ("minutes", "Minutes"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("working_days", "Working days"),
            ("weeks", "Weeks"),
        ],
        default="days",
        required=True,
    )
    date = fields.Datetime(help="In your own time zone.")
    date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Counted from",
        domain="[('model', 'in', ('crm.lead', 'res.partner')), ('ttype', 'in', ('date', 'datetime')),"
        " ('store', '=', True)]",
        ondelete="set null",
        help="A date of the opportunity or of its contact.",
    )
    past = fields.Selection(
        [("skip", "Skip the step"), ("run", "Run it at once"), ("end", "End the sequence")],
        string="If the Date Has Passed",
        default="skip",
        required=True,
    )
    hours = fields.Selection(
        [("any", "At any time"), ("at", "At"), ("between", "Between")],
        string="Time of Day",
        default="any",
        required=True,
    )
    hour_from = fields.Float(string="From Hour", default=8)
    hour_to = fields.Float(string="To Hour", default=18)
    on_monday = fields.Boolean(string="Monday", default=True)
    on_tuesday = fields.Boolean(string="Tuesday", default=True)
    on_wednesday = fields.Boolean(string="Wednesday", default=True)
    on_thursday = fields.Boolean(string="Thursday", default=True)
    on_friday = fields.Boolean(string="Friday", default=True)
    on_saturday = fields.Boolean(string="Saturday", default=True)
    on_sunday = fields.Boolean(string="Sunday", default=True)
    working_days_only = fields.Boolean(
        string="Only on Working Days",
        help="Only on days on which the company works by its working hours, never on its public holidays.",
    )
    tz_of = fields.Selection(
        [("contact", "Contact"), ("owner", "Salesperson"), ("company", "Company")],
        string="Time Zone of",
        default="contact",
        required=True,
        help="Without a time zone of the contact that of the salesperson counts, and then that of the company.",
    )
    timing_summary = fields.Char(string="When it Runs", compute="_compute_timing_summary")
    summary = fields.Char(string="What Happens", compute="_compute_summary")

    _key_unique = models.Constraint("UNIQUE(sequence_id, key)", "This step is in the sequence already.")
