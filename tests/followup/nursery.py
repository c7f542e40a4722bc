"""Run in Odoo's shell: workers, one after the other, each a process of its own that is killed.

KILLS says how many. Every second one dies at a moment at random, the others at a named point to which the worker comes
soon, as what is due says. They are forked, as Odoo forks its own workers, so that each begins to work at once.
"""

import os
import random
import signal
from pathlib import Path

from odoo import SUPERUSER_ID, api, sql_db

import followup

env = env  # noqa: F821 - what the shell provides
ENGINE = ("claimed", "recorded", "next planned", "before the commit", "after the commit")
OF_KIND = {"email": "e-mails queued", "activity": "activities planned"}
SENDING = ("marked as being sent", "accepted by the mail server", "sending noted")
NEXT_KIND = """
SELECT step.kind FROM opportunity_enrollment_step AS row JOIN opportunity_sequence_step AS step ON step.id = row.step_id
 WHERE row.state = 'due' ORDER BY row.date_due, row.id LIMIT 1
"""
WORKER = (Path(followup.__file__).parent / "worker.py").read_text()
generator = random.Random(2)
kills = int(os.environ["KILLS"])
passed = []


def choose_fault(number):
    if number % 2:
        return "at random", generator.randint(1, 400)
    env.cr.execute(NEXT_KIND)
    kinds = [kind for (kind,) in env.cr.fetchall()]
    env.cr.rollback()
    points = [*ENGINE, *(OF_KIND[kind] for kind in kinds if kind in OF_KIND)]
    if not kinds or number > 0.6 * kills:  # then the rest of the steps is done first
        points = SENDING
    # those that had their turn least often
    points = sorted(points, key=lambda point: (passed.count(point), generator.random()))
    return points[0], generator.randint(1, 3)


def work(fault, when):
    """What the child does, with a connection of its own."""
    sql_db._Pool = None
    env.registry._db = sql_db.db_connect(env.registry.db_name)
    os.environ.update(FAULT=fault, AT=str(when), BATCH="40")
    with env.registry.cursor() as cr:
        exec(WORKER, {"env": api.Environment(cr, SUPERUSER_ID, {})})


def run_worker(fault, when):
    """Return the signal of which a worker died."""
    child = os.fork()
    if not child:
        try:
            work(fault, when)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


env.cr.rollback()
for number in range(kills):
    fault, when = choose_fault(number)
    passed.append(fault)
    code = run_worker(fault, when)
    if code != -signal.SIGKILL:
        print(f"number {number}, {fault} {when}: ended with {code}")
        os._exit(1)
print(f"killed: {', '.join(sorted(set(passed)))}")
