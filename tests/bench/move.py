"""Moving opportunities of one rep to the third stage, their history written."""

from . import ADDON, STOCK, Hold, Scenario, Side, data
from .create import SINGLE, context


def moving(batch, templated=False):
    """A side's preparation: batches of opportunities that stand in the first two stages."""

    def prepare(env):
        leads = data.as_rep(env, **context(batch))["crm.lead"]
        batches = find_batches(leads, batch, [("template_id", "=", data.template(env).id)] if templated else [])
        values = {"stage_id": third_stage(env, templated).id}
        return [lambda some=some: some.write(dict(values)) for some in batches]

    return prepare


def find_batches(leads, batch, domain):
    """One batch, or several of one."""
    own = [("user_id", "=", leads.env.uid), *domain]
    if not domain and "template_id" in leads:
        own.append(("template_id", "=", False))
    count = SINGLE if batch == 1 else 1
    found = leads.search(own, limit=batch * count, order="id")
    return [leads.browse(found.ids[n * batch : (n + 1) * batch]) for n in range(count)]


def third_stage(env, templated):
    """Where the opportunities are moved."""
    if templated:
        return data.template(env)._get_stages()[2]
    return env["crm.stage"].search([("is_won", "=", False), ("name", "=", "Proposition")], limit=1)


SCENARIOS = [
    Scenario(
        "P5",
        f"move {batch}{' of a template' if templated else ''}, history written",
        Side(STOCK, moving(batch)),
        Side(ADDON, moving(batch, templated)),
        Hold(time=1.25),
    )
    for batch in (1, 500)
    for templated in (False, True)
]
