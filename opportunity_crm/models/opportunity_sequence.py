from odoo import api, fields, models
from odoo.exceptions import UserError

# What happened to an opportunity, and the field of the sequence that says whether it ends the sequence.
GOALS = {
    "reply": "ends_on_reply",
    "meeting": "ends_on_meeting",
    "click": "ends_on_click",
    "stage": "ends_on_stage",
    "won": "ends_on_won",
    "lost": "ends_on_lost",
    "order": "ends_on_order",
    "unsubscribed": "ends_on_unsubscribed",
    "bounced": "ends_on_bounced",
    "owner": "ends_on_owner",
}


class OpportunitySequence(models.Model):
    """A follow-up sequence: steps that happen to an opportunity one after the other, each at its time.

    A definition, which never knows its runs (``opportunity.enrollment``). One that is used is changed by a revision:
    see :meth:`action_edit`.
    """

    _name = "opportunity.sequence"
    _description = "Follow-up Sequence"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(string="Sequence", required=True, translate=True)
    sequence = fields.Integer(string="Order", default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What the sequence is for, for those who choose one.")
    state = fields.Selection(
        [("draft", "Draft"), ("live", "Live"), ("edit", "Being Edited")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    revision = fields.Integer(default=1, required=True, readonly=True, copy=False)
    origin_id = fields.Many2one(
        "opportunity.sequence",
        string="Next Revision of",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="The live sequence of which this is the next revision, until it is published.",
    )
    edition_ids = fields.One2many("opportunity.sequence", "origin_id", string="Next Revision", copy=False)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for a sequence of all companies.")
    step_ids = fields.One2many("opportunity.sequence.step", "sequence_id", string="Steps", copy=True)
    allow_repeat = fields.Boolean(
        string="Can Be Repeated",
        help="An opportunity that has been through the sequence may start it again, but for a filter, by which it"
        " starts once. Never twice at the same time.",
    )
    track_links = fields.Boolean(
        default=True, help="Links in the e-mails are replaced by short ones that tell who clicked."
    )

    ends_on_reply = fields.Boolean(string="Reply", default=True)
    ends_on_meeting = fields.Boolean(string="Meeting Planned", default=True)
    ends_on_click = fields.Boolean(string="Link Clicked")
    ends_on_stage = fields.Boolean(string="Stage Reached")
    goal_stage_ids = fields.Many2many("crm.stage", "opportunity_sequence_goal_stage_rel", string="Stages to Reach")
    ends_on_won = fields.Boolean(string="Won", default=True)
    ends_on_lost = fields.Boolean(string="Lost", default=True)
    ends_on_order = fields.Boolean(string="Order Confirmed", default=True)
    ends_on_unsubscribed = fields.Boolean(string="Unsubscribed", default=True)
    ends_on_bounced = fields.Boolean(string="Bounced", default=True)
    ends_on_owner = fields.Boolean(string="Salesperson Changed")

    start_on = fields.Selection(
        [
            ("hand", "By hand only"),
            ("template", "Created from a template"),
            ("stage", "Entering a stage"),
            ("tag", "Getting a tag"),
            ("domain", "Matching a filter"),
        ],
        string="Starts",
        default="hand",
        required=True,
        help="Who is told here starts by itself. Anybody may be started by hand.",
    )
    start_template_ids = fields.Many2many("opportunity.template", "opportunity_sequence_start_template_rel")
    start_stage_ids = fields.Many2many("crm.stage", "opportunity_sequence_start_stage_rel")
    start_tag_ids = fields.Many2many("crm.tag", "opportunity_sequence_start_tag_rel")
    start_domain = fields.Char(default="[]")

    enrollment_ids = fields.One2many("opportunity.enrollment", "sequence_id", string="Enrollments", readonly=True)
    active_count = fields.Integer(string="In Progress", compute="_compute_active_count")
    hold_reason = fields.Char(compute="_compute_hold_reason", help="Why no step runs in this database, if none does.")

    def _compute_hold_reason(self):
        self.hold_reason = self.env["opportunity.enrollment.step"]._get_hold_reason()

    def _compute_active_count(self):
        running = [("sequence_id", "in", self.ids), ("state", "in", ("active", "paused"))]
        counts = dict(self.env["opportunity.enrollment"]._read_group(running, ["sequence_id"], ["__count"]))
        for sequence in self:
            sequence.active_count = counts.get(sequence, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: opportunities that the user may not see are in it as well
        used = self.env["opportunity.enrollment"].sudo().search([("sequence_id", "in", self.ids)]).sequence_id
        if used:
            raise UserError(
                self.env._(
                    "Opportunities have been in these sequences, which therefore cannot be deleted: %s. Archive them"
                    " instead: they are no longer offered, and those in them go on.",
                    ", ".join(used.mapped("name")),
                )
            )
