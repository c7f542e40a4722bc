"""Running steps of follow-up sequences: what the engine costs beside what the steps do, and e-mails queued."""

import os
import signal
import time
from unittest.mock import patch

from . import ADDON, STOCK, Hold, Scenario, Side, data

STEPS_A_SECOND = 10_000
BATCH = 500
BATCHES = 8
MAILS = 100
TOGETHER = 6000  # steps that workers share
BODY = '<p>Dear <t t-out="object.partner_id.name"/>, about {} <t t-out="object.name"/></p>'
LINK = '<a href="https://www.example.com/offer">our offer</a>'


def allowance(env):
    """What the steps of as many batches may take."""
    return [lambda: time.sleep(BATCH / STEPS_A_SECOND)] * BATCHES


def bookkeeping(env):
    """Batches of steps that do nothing: claim, check, write what became of them, plan what follows."""
    sequence = create_sequence(env, {"kind": "note"}, {"kind": "note", "timing": "delay", "delay_count": 2})
    leads = env["crm.lead"].search([("won_status", "=", "pending")], order="id", limit=BATCH * (BATCHES + 1))
    if len(sequence.enroll(leads)["enrolled"]) < BATCH * (BATCHES + 1):
        raise ValueError("not enough opportunities for all batches")
    rows = env["opportunity.enrollment.step"]
    patch.object(type(rows), "_run_note", lambda *_arguments: None).start()
    run_full_batch(rows)  # the caches that stay over transactions
    return [lambda: run_full_batch(rows)] * BATCHES


def run_full_batch(rows, size=BATCH):
    """Run a batch, which has to be a full one to be compared."""
    if rows._run_batch() < size:
        raise ValueError("there was less to do than is measured")


def working(count):
    """So many workers, processes of their own that commit each batch, until nothing is left to do."""

    def prepare(env):
        env["opportunity.enrollment"].search([]).unlink()
        sequence = create_sequence(env, {"kind": "note"}, {"kind": "note", "timing": "delay", "delay_count": 2})
        leads = env["crm.lead"].search([("won_status", "=", "pending")], order="id", limit=TOGETHER)
        if len(sequence.enroll(leads)["enrolled"]) < TOGETHER:
            raise ValueError("not enough opportunities for the workers")
        env.cr.commit()
        patch.object(type(env["opportunity.enrollment.step"]), "_run_note", lambda *_arguments: None).start()
        return [lambda: work_together(env, count)]

    return prepare


def work_together(env, count):
    """Fork workers, wait until all are ready, let them run and wait until all steps are done."""
    workers = [fork_worker(env.registry) for _worker in range(count)]
    for worker in workers:
        os.waitpid(worker, os.WUNTRACED)  # it has a connection and stops itself
    for worker in workers:
        os.kill(worker, signal.SIGCONT)
    if any(os.waitpid(worker, 0)[1] for worker in workers):
        raise ValueError("a worker failed")


def fork_worker(registry):
    """Start a worker that stops when it is ready; return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work(registry)
    except BaseException:
        os._exit(1)
    os._exit(0)


def work(registry):
    """Run batches until none is left, as the scheduled action does, with a connection of this process."""
    from odoo import SUPERUSER_ID, api, sql_db

    sql_db._Pool = None  # those of the parent stay the parent's
    registry._db = sql_db.db_connect(registry.db_name)
    with registry.cursor() as cr:
        rows = api.Environment(cr, SUPERUSER_ID, {})["opportunity.enrollment.step"]
        cr.execute("SELECT 1")
        cr.commit()
        os.kill(os.getpid(), signal.SIGSTOP)
        while rows._run_batch_again():
            cr.commit()


def queueing(body):
    """A batch of e-mail steps."""

    def prepare(env):
        env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "2")
        step = {"kind": "email", "template_id": create_mail_template(env, body).id}
        sequence = create_sequence(env, step, {"kind": "note", "timing": "delay", "delay_count": 2})
        sequence.enroll(find_leads(env, MAILS * 4))
        return [lambda: run_full_batch(env["opportunity.enrollment.step"], MAILS)] * 4

    return prepare


def sending(body):
    """The same e-mails by Odoo's own means."""

    def prepare(env):
        template = create_mail_template(env, body)
        ids = find_leads(env, MAILS * 4).ids
        return [lambda n=n: template.send_mail_batch(ids[n * MAILS : (n + 1) * MAILS]) for n in range(4)]

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
    Scenario(
        "P7",
        f"follow-up: {TOGETHER} steps by one worker, and by two",
        Side(ADDON, working(1)),
        Side(ADDON, working(2)),
        Hold(time=1 / 1.3),
    ),
    *(
        Scenario(
            "P8",
            f"follow-up: queue {MAILS} e-mails{what}",
            Side(STOCK, sending(body)),
            Side(ADDON, queueing(body)),
            Hold(time=1 / 0.9),
        )
        for what, body in (("", BODY.format("")), (" with a link that tells who clicked", BODY.format(LINK)))
    ),
]
