"""Running steps of follow-up sequences: what the engine costs beside what the steps do, and e-mails queued."""

import time
from unittest.mock import patch

from . import ADDON, STOCK, Hold, Scenario, Side, data

STEPS_A_SECOND = 10_000
BATCH = 100
BATCHES = 10
BODY = '<p>Dear <t t-out="object.partner_id.name"/>, about {} <t t-out="object.name"/></p>'
LINK = '<a href="https://www.example.com/offer">our offer</a>'


def allowance(env):
    """What the steps of as many batches may take."""
    return [lambda: time.sleep(BATCH / STEPS_A_SECOND)] * BATCHES


def bookkeeping(env):
    """Batches of steps that do nothing: claim, check, write what became of them, plan what follows."""
    sequence = create_sequence(env, {"kind": "note"}, {"kind": "note", "timing": "delay", "delay_count": 2})
    own = [("user_id", "=", data.as_rep(env).uid), ("won_status", "=", "pending")]
    leads = env["crm.lead"].search(own, order="id", limit=BATCH * (BATCHES + 1))
    if len(sequence.enroll(leads)["enrolled"]) < BATCH * (BATCHES + 1):
        raise ValueError("not enough opportunities for all batches")
    rows = env["opportunity.enrollment.step"]
    patch.object(type(rows), "_run_note", lambda *_arguments: None).start()
    run_full_batch(rows)  # the caches that stay over transactions
    return [lambda: run_full_batch(rows)] * BATCHES


def run_full_batch(rows):
    """Run a batch, which has to be a full one to be compared."""
    if rows._run_batch() < BATCH:
        raise ValueError("there was less to do than is measured")


def queueing(body):
    """A batch of e-mail steps."""

    def prepare(env):
        env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "2")
        step = {"kind": "email", "template_id": create_mail_template(env, body).id}
        sequence = create_sequence(env, step, {"kind": "note", "timing": "delay", "delay_count": 2})
        sequence.enroll(find_leads(env, BATCH * 4))
        return [lambda: run_full_batch(env["opportunity.enrollment.step"])] * 4

    return prepare


def sending(body):
    """The same e-mails by Odoo's own means."""

    def prepare(env):
        template = create_mail_template(env, body)
        ids = find_leads(env, BATCH * 4).ids
        return [lambda n=n: template.send_mail_batch(ids[n * BATCH : (n + 1) * BATCH]) for n in range(4)]

    return prepare


def find_leads(env, count):
    """Opportunities of different contacts, so that nobody gets more than a day allows."""
    domain = [("user_id", "=", data.as_rep(env).uid), ("partner_id", "!=", False)]
    leads = env["crm.lead"].search(domain, order="id", limit=count * 10)
    return leads.browse([some[0].id for some in leads.grouped("partner_id").values()][:count])


def create_mail_template(env, body):
    """A template for opportunities."""
    return env["mail.template"].create(
        {
            "name": "Bench",
            "model_id": env["ir.model"]._get_id("crm.lead"),
            "subject": "About {{ object.name }}",
            "body_html": body,
            "email_from": "sales@example.com",
            "use_default_to": True,
        }
    )


def create_sequence(env, *steps):
    """A live sequence."""
    values = [(0, 0, {"name": f"Step {n}", "sequence": n, "timing": "now", **step}) for n, step in enumerate(steps)]
    sequence = env["opportunity.sequence"].create({"name": "Bench", "step_ids": values})
    sequence.action_activate()
    return sequence


SCENARIOS = [
    Scenario(
        "P7",
        f"follow-up: claim and bookkeeping of {BATCH} steps, against {STEPS_A_SECOND} a second",
        Side(ADDON, allowance),
        Side(ADDON, bookkeeping),
        Hold(time=1),
    ),
    *(
        Scenario(
            "P8",
            f"follow-up: queue {BATCH} e-mails{what}",
            Side(STOCK, sending(body)),
            Side(ADDON, queueing(body)),
            Hold(time=1 / 0.9),
        )
        for what, body in (("", BODY.format("")), (" with a link that tells who clicked", BODY.format(LINK)))
    ),
]
