"""Opening the whole dashboard as a manager, against the views of Odoo with which managers ask the like.

The yardstick is what opening Odoo's own pipeline analysis and forecast asks of the same opportunities, view by view:
their pivots and graphs by month, stage, salesperson and outcome, and the counts behind the filters.
"""

from . import ADDON, Hold, Scenario, Side

OPEN = [("type", "=", "opportunity"), ("active", "=", True), ("won_status", "=", "pending")]
ALL = [("type", "=", "opportunity"), ("active", "in", [True, False])]
AMOUNTS = ["expected_revenue:sum", "prorated_revenue:sum", "recurring_revenue_monthly:sum", "__count"]
PANELS = ["attention", "forecast", "funnel", "slowest", "performance"]
VIEWS = (
    (OPEN, ["date_deadline:month", "stage_id"], AMOUNTS),
    (OPEN, ["stage_id"], AMOUNTS),
    (OPEN, ["user_id"], AMOUNTS),
    (ALL, ["date_closed:month", "won_status"], AMOUNTS),
    (ALL, ["user_id", "won_status"], [*AMOUNTS, "day_close:avg"]),
    (ALL, ["create_date:month", "stage_id"], AMOUNTS),
)


def as_manager(env):
    """The environment of a sales manager."""
    env.registry.clear_cache()
    admin = env(user=env.ref("base.user_admin").id)
    admin["crm.lead"].search_count([("id", "=", 0)])
    return admin


def close_some(env):
    """Give a part of the opportunities an expected closing, and win and lose another part in the last months.

    In SQL, as the data is generated: a part of many would take minutes by themselves. The histories get the line that
    the server would have written.
    """
    env.cr.execute(
        """
        UPDATE crm_lead AS lead
           SET date_deadline = current_date + id % 120 - 30,
               won_status = CASE WHEN id % 10 = 0 THEN 'won' WHEN id % 10 = 1 THEN 'lost' ELSE won_status END,
               active = id % 10 <> 1,
               date_closed = CASE WHEN id % 10 < 2 THEN now() - make_interval(days => id % 180) END,
               day_close = CASE WHEN id % 10 < 2 THEN id % 90 END,
               probability = CASE WHEN id % 10 = 0 THEN 100 WHEN id % 10 = 1 THEN 0 ELSE probability END
         WHERE id % 10 < 4;
        INSERT INTO opportunity_stage_move (lead_id, from_stage_id, to_stage_id, date, days, owner_id, team_id,
                                            template_id, currency_id, expected_revenue, cause)
        SELECT id, stage_id, stage_id, date_closed, 10, user_id, team_id, template_id, 1, expected_revenue, won_status
          FROM crm_lead WHERE won_status <> 'pending';
        ANALYZE crm_lead, opportunity_stage_move
        """
    )
    env.invalidate_all()


def viewing(env):
    """A side's preparation: the views of Odoo."""
    close_some(env)
    leads = as_manager(env)["crm.lead"]
    return [lambda: [leads.formatted_read_group(*view) for view in VIEWS]]


def opening(panels, **filters):
    """A side's preparation: panels of the dashboard."""

    def prepare(env):
        close_some(env)
        dashboard = as_manager(env)["opportunity.dashboard"]
        return [lambda: [dashboard.read_panels([panel], filters) for panel in panels]]

    return prepare


SCENARIOS = [
    Scenario(
        "P-dashboard",
        "a manager opens the whole dashboard; the other side six views of Odoo",
        Side(ADDON, viewing),
        Side(ADDON, opening(PANELS)),
        Hold(time=3),
    ),
    *(
        Scenario(
            "P-dashboard",
            f"a manager reads {panel} only; the other side six views of Odoo",
            Side(ADDON, viewing),
            Side(ADDON, opening([panel])),
            Hold(time=3),
        )
        for panel in PANELS
    ),
    Scenario(
        "P-dashboard",
        "a manager counts performance by credit; the other side six views of Odoo",
        Side(ADDON, viewing),
        Side(ADDON, opening(["performance"], basis="credit")),
        Hold(time=3),
    ),
]
