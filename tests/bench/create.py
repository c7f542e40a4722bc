"""Creating opportunities, as the rep who owns them."""

from . import ADDON, STOCK, Hold, Scenario, Side, data

SINGLE = 20  # batches of one are measured so often in one go, or their time would be lost in the noise


def creating(batch, template=None):
    """A side's preparation: batches of new opportunities, for contacts that exist."""

    def prepare(env):
        leads = data.as_rep(env, **context(batch))["crm.lead"]
        values = opportunity_values(leads.env, batch)
        if template:
            values = [{**vals, "template_id": data.template(env, template).id} for vals in values]
        return [lambda: leads.create([dict(vals) for vals in values])] * (SINGLE if batch == 1 else 1)

    return prepare


def context(batch):
    """A person creates one with all that Odoo tracks; many come without, as from an import, which is the stricter
    comparison: tracking costs both sides the same."""
    return {} if batch == 1 else {"tracking_disable": True}


def opportunity_values(env, batch):
    """The values of as many opportunities."""
    partners = env["res.partner"].search([("ref", "=", "bench")], limit=batch, order="id")
    return [
        {
            "name": f"New deal {n}",
            "type": "opportunity",
            "partner_id": partner.id,
            "user_id": env.uid,
            "team_id": env.user.sale_team_id.id,
            "expected_revenue": 1000 + n,
        }
        for n, partner in enumerate(partners)
    ]


SCENARIOS = [
    *(
        Scenario(
            "P3",
            f"create {batch}, no template used",
            Side(STOCK, creating(batch)),
            Side(ADDON, creating(batch)),
            Hold(time=1.15, queries=2),
        )
        for batch in (1, 100, 500)
    ),
    *(
        Scenario(
            "P4",
            f"create {batch} from a template of 5 stages{steps}",
            Side(STOCK, creating(batch)),
            Side(ADDON, creating(batch, template)),
            Hold(time=2),
        )
        for template, steps in ((data.PLAIN, ""), (data.STEPS, " and 20 steps"))
        for batch in (1, 10, 500)
    ),
    # Constant but for what Odoo writes a hundred rows a query: opportunities twice, history once; 4 more of each.
    Scenario(
        "P4",
        "create from a template: 10, then 500",
        Side(ADDON, creating(10, data.PLAIN)),
        Side(ADDON, creating(500, data.PLAIN)),
        Hold(queries=12),
    ),
]
