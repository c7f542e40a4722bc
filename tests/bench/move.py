"""Moving opportunities of one rep to the third stage, their history written."""

from . import ADDON, STOCK, Hold, Scenario, Side, data
from .create import SINGLE, context

PLANNED = 3  # of the steps of a stage, the others wait for the one before


def moving(batch, template=None):
    """A side's preparation: batches of opportunities that stand in the first two stages."""

    def prepare(env):
        leads = data.as_rep(env, **context(batch))["crm.lead"]
        used = data.template(env, template) if template else None
        batches = find_batches(leads, batch, [("template_id", "=", used.id)] if template else [])
        values = {"stage_id": third_stage(env, used).id}
        return [lambda some=some: some.write(dict(values)) for some in batches]

    return prepare


def moving_and_planning(batch):
    """What the steps of the stage are to people without the addon: a move, and activities planned by Odoo."""

    def prepare(env):
        moves = moving(batch)(env)
        leads = data.as_rep(env, mail_activity_quick_update=True, **context(batch))["crm.lead"]
        batches = find_batches(leads, batch, [])

        def plan(some):
            model_id, today = some.env["ir.model"]._get_id("crm.lead"), some.env.cr.now().date()
            activity = {"res_model_id": model_id, "user_id": some.env.uid, "date_deadline": today}
            some.env["mail.activity"].create(
                [{**activity, "res_id": id_, "summary": f"Step {n}"} for id_ in some.ids for n in range(PLANNED)]
            )

        return [lambda move=move, some=some: (move(), plan(some)) for move, some in zip(moves, batches, strict=True)]

    return prepare


def find_batches(leads, batch, domain):
    """One batch, or several of one."""
    own = [("user_id", "=", leads.env.uid), *domain]
    if not domain and "template_id" in leads:
        own.append(("template_id", "=", False))
    count = SINGLE if batch == 1 else 1
    found = leads.search(own, limit=batch * count, order="id")
    return [leads.browse(found.ids[n * batch : (n + 1) * batch]) for n in range(count)]


def third_stage(env, template):
    """Where the opportunities are moved."""
    if template:
        return template._get_stages()[2]
    return env["crm.stage"].search([("is_won", "=", False), ("name", "=", "Proposition")], limit=1)


SCENARIOS = [
    *(
        Scenario(
            "P5",
            f"move {batch}{of_what}, history written",
            Side(STOCK, moving(batch)),
            Side(ADDON, moving(batch, template)),
            Hold(time=1.25),
        )
        for batch in (1, 500)
        for template, of_what in (
            (None, ""),
            (data.PLAIN, " of a template"),
            (data.GATED, " through a gate of 4 conditions"),
            (data.STEPS, " through that gate to 5 steps"),
        )
    ),
    *(
        Scenario(
            "P5",
            f"move {batch} through that gate to 5 steps; stock plans the same 3 activities",
            Side(STOCK, moving_and_planning(batch)),
            Side(ADDON, moving(batch, data.STEPS)),
            Hold(time=1.25),
        )
        for batch in (1, 500)
    ),
    *(
        Scenario(
            "P5",
            f"move {batch}: what the gate itself costs",
            Side(ADDON, moving(batch, data.PLAIN)),
            Side(ADDON, moving(batch, data.GATED)),
            Hold(time=1.25),
        )
        for batch in (1, 500)
    ),
]
