from odoo import api, fields, models
from odoo.tools import SQL

PERCENTILES = {"days_median:avg": 0.5, "days_p90:avg": 0.9}


class OpportunityStageVelocity(models.Model):
    """One stay of an opportunity in a stage: from the movement that brought it there to the one that ended the stay.

    A stay ends when the opportunity goes to another stage, and when it is won, lost or archived. The time until it is
    reopened belongs to no stage; reopening begins another stay. Movements of opportunities that were merged into it do
    not count. Who owned it, its team, template and expected revenue are those at the beginning of the stay.
    """

    _name = "opportunity.stage.velocity"
    _description = "Stage Velocity"
    _auto = False
    _order = "date_start desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "opportunity.stage.move": [
            "lead_id",
            "from_stage_id",
            "to_stage_id",
            "date",
            "owner_id",
            "team_id",
            "template_id",
            "currency_id",
            "expected_revenue",
            "date_deadline",
            "direction",
            "cause",
            "merged_from",
        ],
        "crm.lead": ["type", "active", "won_status", "date_closed", "date_deadline", "company_id", "user_id"],
        "crm.stage": ["is_won", "sequence"],
        "opportunity.template": ["family_id", "revision", "state"],
        "opportunity.template.stage": ["template_id", "stage_id", "sequence", "target_days"],
    }

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    template_id = fields.Many2one(
        "opportunity.template",
        readonly=True,
        help="The current revision of the template, which stands for all of them; see the revision for the one that the"
        " opportunity had.",
    )
    revision = fields.Integer(readonly=True, aggregator=None, help="Revision of the template in which the stay began.")
    stage_id = fields.Many2one("crm.stage", readonly=True)
    next_stage_id = fields.Many2one(
        "crm.stage", readonly=True, help="Empty while the opportunity is in the stage and when it was closed there."
    )
    position = fields.Integer(string="Place of the Stage", readonly=True, aggregator=None)
    date_start = fields.Datetime(string="Entered", readonly=True)
    date_end = fields.Datetime(string="Left", readonly=True)
    days = fields.Float(string="Days (Average)", digits=(16, 1), readonly=True, aggregator="avg")
    days_median = fields.Float(string="Days (Median)", digits=(16, 1), readonly=True, aggregator="avg")
    days_p90 = fields.Float(string="Days (90th Percentile)", digits=(16, 1), readonly=True, aggregator="avg")
    target_days = fields.Float(
        digits=(16, 1), readonly=True, aggregator="avg", help="Days in which the template wants the stage to be passed."
    )
    over_target = fields.Integer(readonly=True, help="Number of stays that took longer than the target days.")
    outcome = fields.Selection(
        [
            ("open", "Still There"),
            ("advanced", "Advanced"),
            ("skipped", "Skipped Ahead"),
            ("returned", "Returned"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("archived", "Archived"),
            ("moved", "Changed Path"),
        ],
        readonly=True,
        help="How the stay ended. “Changed Path” is a change of template or sales team that took the opportunity to a"
        " stage which is neither before nor after this one.",
    )
    conversion = fields.Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Share of the finished stays after which the opportunity was won or went forward, be it by skipping"
        " stages. Changes of path do not count.",
    )
    skips = fields.Integer(readonly=True, help="Number of stays after which stages were skipped.")
    returns = fields.Integer(readonly=True, help="Number of stays after which the opportunity went back.")
    slippage_days = fields.Float(
        string="Slippage (Days)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="By how many days the expected closing was put off during the stay; negative when it was brought forward.",
    )
    owner_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    expected_revenue = fields.Monetary(readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], string="Won/Lost", readonly=True
    )
    date_closed = fields.Datetime(string="Closed", readonly=True)

    def action_open_opportunity(self):
        """Open the opportunity of the stay."""
        self.ensure_one()
        return self.lead_id.get_formview_action()

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT stay.id, stay.lead_id, COALESCE(current.id, template.family_id) AS template_id, template.revision,
                   stay.stage_id,
                   CASE WHEN stay.next_stage_id <> stay.stage_id THEN stay.next_stage_id END AS next_stage_id,
                   COALESCE(line.position, stay.sequence) AS position,
                   stay.date AS date_start, stay.date_end,
                   stay.days, stay.days AS days_median, stay.days AS days_p90,
                   line.target_days,
                   CASE WHEN stay.days > line.target_days THEN 1 WHEN line.target_days > 0 THEN 0 END AS over_target,
                   stay.outcome,
                   CASE WHEN stay.outcome IN ('won', 'advanced', 'skipped') THEN 1::float8
                        WHEN stay.outcome IN ('returned', 'lost', 'archived') THEN 0::float8 END AS conversion,
                   CASE WHEN stay.next_direction = 'skip' THEN 1 ELSE 0 END AS skips,
                   CASE WHEN stay.next_direction = 'back' THEN 1 ELSE 0 END AS returns,
                   stay.next_deadline - stay.date_deadline AS slippage_days,
                   stay.owner_id, stay.team_id, stay.company_id, stay.currency_id, stay.expected_revenue,
                   stay.won_status, stay.date_closed
              FROM (%s) AS stay
         LEFT JOIN opportunity_template AS template ON template.id = stay.template_id
         LEFT JOIN (
                   SELECT DISTINCT ON (family_id) family_id, id
                     FROM opportunity_template WHERE state <> 'draft'
                 ORDER BY family_id, revision DESC
                   ) AS current ON current.family_id = template.family_id
         LEFT JOIN (
                   SELECT template_id, stage_id, NULLIF(target_days, 0) AS target_days,
                          row_number() OVER (PARTITION BY template_id ORDER BY sequence, id) AS position
                     FROM opportunity_template_stage
                   ) AS line ON line.template_id = stay.template_id AND line.stage_id = stay.stage_id
            """,
            self._sql_stays(),
        )

    @api.model
    def _sql_stays(self):
        """The movements that began a stay: those after which the opportunity was open.

        A movement that does not close or reopen leaves the opportunity as it was: a lost one that is dragged to another
        stage is still lost. One that was created closed tells so by what comes next: it is reopened, or it is closed
        today and nothing has happened since.
        """
        return SQL(
            """
            SELECT move.*,
                   EXTRACT(EPOCH FROM COALESCE(date_end, %s) - date)::float8 / 86400 AS days,
                   CASE WHEN date_end IS NULL THEN 'open'
                        WHEN next_turn IN ('won', 'lost', 'archived') THEN next_turn
                        WHEN next_direction = 'forward' THEN 'advanced'
                        WHEN next_direction = 'skip' THEN 'skipped'
                        WHEN next_direction = 'back' THEN 'returned'
                        WHEN next_stage_id = stage_id THEN 'archived'
                        ELSE 'moved' END AS outcome
              FROM (%s) AS move
             WHERE COALESCE(turn, '') NOT IN ('won', 'lost', 'archived')
               AND COALESCE(last_turn, '') NOT IN ('lost', 'archived')
               AND (COALESCE(last_turn, '') <> 'won' OR is_won IS NOT TRUE)
               AND COALESCE(next_turn, '') <> 'reopened'
               AND (date_end IS NOT NULL OR is_open)
            """,
            self.env.cr.now(),
            self._sql_neighbours(),
        )

    @api.model
    def _sql_neighbours(self):
        """Each movement with the one after it, and how the opportunity was last closed or reopened until then."""
        return SQL(
            """
            SELECT move.*,
                   lead(date) OVER life AS date_end,
                   lead(stage_id) OVER life AS next_stage_id,
                   lead(direction) OVER life AS next_direction,
                   lead(turn) OVER life AS next_turn,
                   CASE WHEN lead(id) OVER life IS NULL THEN lead_deadline
                        ELSE lead(date_deadline) OVER life END AS next_deadline,
                   (array_agg(turn) FILTER (WHERE turn IS NOT NULL) OVER life)[count(turn) OVER life] AS last_turn
              FROM (%s) AS move
            WINDOW life AS (PARTITION BY lead_id ORDER BY date, id)
            """,
            self._sql_moves(),
        )

    @api.model
    def _sql_moves(self):
        """The movements themselves, with the turn they brought: won, lost, archived or reopened.

        An import says only that it was one: it won the opportunity if it took it to a won stage. A merge or a change of
        template that left the stage as it was is no movement here, and a change of template goes in no direction.

        Restricted here to what the user may read: from outside, the condition would not reach through the window, and
        a sales rep would have to wait for the histories of everybody.
        """
        leads = self.env["crm.lead"].with_context(active_test=False)._search([])
        return SQL(
            """
            SELECT move.id, move.lead_id, move.to_stage_id AS stage_id, move.date, move.date_deadline,
                   CASE WHEN move.cause <> 'migrated' THEN move.direction END AS direction,
                   move.template_id, move.owner_id, move.team_id, move.currency_id, move.expected_revenue,
                   CASE WHEN move.cause IN ('won', 'lost', 'archived', 'reopened') THEN move.cause
                        WHEN stage.is_won AND (move.cause IN ('imported', 'migrated') OR move.from_stage_id IS NULL)
                        THEN 'won' END AS turn,
                   stage.is_won, stage.sequence,
                   lead.active AND lead.won_status = 'pending' AS is_open, lead.date_deadline AS lead_deadline,
                   lead.company_id, lead.won_status, lead.date_closed
              FROM opportunity_stage_move AS move
              JOIN crm_lead AS lead ON lead.id = move.lead_id AND lead.type = 'opportunity'
         LEFT JOIN crm_stage AS stage ON stage.id = move.to_stage_id
             WHERE move.merged_from IS NULL
               AND (move.cause NOT IN ('merged', 'migrated')
                    OR move.from_stage_id IS DISTINCT FROM move.to_stage_id)
               AND lead.id IN %s
            """,
            leads.subselect(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Median and percentile of a group are computed over its stays, not averaged."""
        if aggregate_spec not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[aggregate_spec],
            self._field_to_sql(self._table, "days", query),
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Stages come in the order of the templates, not in the one that the pipeline gives them."""
        if order and "stage_id" in groupby_terms:
            terms = [term.strip() for term in order.split(",")]
            order = ",".join("position:avg,stage_id" if term == "stage_id" else term for term in terms)
        return super()._read_group_orderby(order, groupby_terms, query)
