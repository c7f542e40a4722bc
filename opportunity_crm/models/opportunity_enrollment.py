from odoo import api, fields, models


class OpportunityEnrollment(models.Model):
    """One opportunity in a follow-up sequence.

    Its cursor is the row of its steps that is due (``current_id``); the steps before are in its rows, those to come
    are those of the sequence. Nobody writes it directly: people call the methods, which ask for the right to edit the
    opportunity.
    """

    _name = "opportunity.enrollment"
    _description = "Opportunity in a Follow-up Sequence"
    _order = "date_start desc, id desc"
    _rec_name = "sequence_id"

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence_id = fields.Many2one("opportunity.sequence", required=True, readonly=True, index=True, ondelete="restrict")
    occurrence = fields.Integer(default=1, required=True, readonly=True, help="How often the sequence was started.")
    state = fields.Selection(
        [("active", "Active"), ("paused", "Paused"), ("completed", "Completed"), ("stopped", "Stopped")],
        default="active",
        required=True,
        readonly=True,
        index=True,
    )
    end_reason = fields.Selection(
        [
            ("done", "All steps done"),
            ("end", "A step ended it"),
            ("past", "A date had passed"),
            ("reply", "Replied"),
            ("meeting", "Meeting planned"),
            ("click", "Link clicked"),
            ("stage", "Stage reached"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("closed", "Opportunity closed"),
            ("order", "Order confirmed"),
            ("unsubscribed", "Unsubscribed"),
            ("bounced", "Bounced"),
            ("owner", "Salesperson changed"),
            ("merged", "Merged"),
            ("hand", "Stopped by hand"),
        ],
        string="Ended Because",
        readonly=True,
        index=True,
    )
    end_note = fields.Char(string="Reason", readonly=True, help="What whoever stopped it said.")
    pause_note = fields.Char(readonly=True)
    cause = fields.Selection(
        [
            ("hand", "By hand"),
            ("template", "Template"),
            ("stage", "Stage"),
            ("tag", "Tag"),
            ("domain", "Filter"),
        ],
        string="Started by",
        default="hand",
        required=True,
        readonly=True,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    date_start = fields.Datetime(string="Started", required=True, readonly=True)
    date_paused = fields.Datetime(string="Paused On", readonly=True)
    date_end = fields.Datetime(string="Ended", readonly=True)
    step_ids = fields.One2many("opportunity.enrollment.step", "enrollment_id", string="Steps", readonly=True)
    current_id = fields.Many2one("opportunity.enrollment.step", compute="_compute_current_id", string="Next Step")
    date_next = fields.Datetime(string="Next On", compute="_compute_current_id")
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(related="lead_id.partner_id", help="The contact of the opportunity.")
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")

    _occurrence_unique = models.Constraint(
        "UNIQUE(lead_id, sequence_id, occurrence)", "The opportunity has been in this sequence already."
    )
    _running_unique = models.UniqueIndex(
        "(lead_id, sequence_id) WHERE state IN ('active', 'paused')", "The opportunity is in this sequence already."
    )

    @api.depends("step_ids.state", "step_ids.date_due")
    def _compute_current_id(self):
        for enrollment in self:
            # a plain loop: filtered() would lose the prefetching over the steps of many enrolments
            current = [step for step in enrollment.step_ids if step.state in ("due", "failed")]
            enrollment.current_id = current[-1] if current else False
            enrollment.date_next = enrollment.current_id.date_due
