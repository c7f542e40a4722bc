from odoo import fields, models


class OpportunityEnrollmentStep(models.Model):
    """A step of an enrolment that is due or was executed, at most once: a row is the engine's unit of work.

    What the engine needs to do a step is read from the definition when it is done; what was done stays in the row.
    """

    _name = "opportunity.enrollment.step"
    _description = "Step of an Opportunity in a Follow-up Sequence"
    _order = "enrollment_id, id"
    _rec_name = "name"
    _log_access = False  # a row tells itself when it was done and by whom

    enrollment_id = fields.Many2one("opportunity.enrollment", required=True, readonly=True, ondelete="cascade")
    step_id = fields.Many2one(
        "opportunity.sequence.step", string="Definition", required=True, readonly=True, ondelete="restrict"
    )
    occurrence = fields.Integer(default=1, required=True, readonly=True)
    name = fields.Char(related="step_id.name")
    kind = fields.Selection(related="step_id.kind")
    lead_id = fields.Many2one(related="enrollment_id.lead_id")
    sequence_id = fields.Many2one(related="enrollment_id.sequence_id")
    state = fields.Selection(
        [
            ("due", "Due"),
            ("failed", "Failed"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("canceled", "Canceled"),
        ],
        default="due",
        required=True,
        readonly=True,
    )
    date_planned = fields.Datetime(string="Planned", readonly=True, help="When the step was to run at first.")
    date_due = fields.Datetime(
        string="Due", required=True, readonly=True, help="When the step runs, or is tried again; at the earliest."
    )
    date_done = fields.Datetime(string="Done On", readonly=True)
    attempts = fields.Integer(readonly=True)
    error = fields.Char(readonly=True, help="Why the step failed, or was skipped.")
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null", help="Who ran or skipped it by hand.")

    # what became of it
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null", index="btree_not_null")
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", index="btree_not_null")
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null", index="btree_not_null")
    email = fields.Char(readonly=True, help="The address to which the e-mail went, normalised.")
    delivery = fields.Selection(
        [
            ("queued", "Queued"),
            ("held", "Held Back"),
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("failed", "Not Sent"),
            ("doubt", "In Doubt"),
            ("bounced", "Bounced"),
        ],
        string="E-mail",
        readonly=True,
        index="btree_not_null",
        help="In doubt: the server was interrupted while it handed the e-mail over. It may have arrived; it is not sent"
        " again before somebody says so.",
    )
    delivery_count = fields.Integer(string="Tries", readonly=True)
    date_retry = fields.Datetime(readonly=True, help="When an e-mail that could not be sent is tried again.")
    date_clicked = fields.Datetime(string="Clicked", readonly=True)
    date_replied = fields.Datetime(string="Replied", readonly=True)
    date_opened = fields.Datetime(string="Opened", readonly=True)

    _step_unique = models.Constraint(
        "UNIQUE(enrollment_id, step_id, occurrence)", "The step has been planned for this opportunity already."
    )
    # a row is written for every step, so it has the indexes that are used and no others; the constraint finds the
    # rows of an enrolment, this one what the engine claims
    _due = models.Index("(date_due, id) WHERE state = 'due'")
    # an enrolment has one cursor
    _current_unique = models.UniqueIndex("(enrollment_id) WHERE state IN ('due', 'failed')")
