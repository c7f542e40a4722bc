"""Run in Odoo's shell: do what the scheduled actions do until nothing is left, and die where the test says so.

FAULT names a point, AT how often it is passed before the process kills itself; with “at random” AT is after how many
milliseconds of work, wherever it is then. BATCH is how many rows are claimed at once, REST how many seconds the worker
rests after each commit, so that others come in between.
"""

import os
import signal
import threading
import time
from unittest.mock import patch

from odoo.sql_db import Cursor

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.opportunity_crm.models import opportunity_enrollment_engine

from followup.together import wait_for_others

env = env  # noqa: F821 - what the shell provides
rows, enrollments = env["opportunity.enrollment.step"], env["opportunity.enrollment"]
POINTS = {
    "claimed": (type(rows), "_claim", "after"),
    "e-mails queued": (type(rows), "_run_email", "after"),
    "activities planned": (type(rows), "_run_activity", "after"),
    "recorded": (type(rows), "_record", "after"),
    "next planned": (type(enrollments), "_plan_next", "after"),
    "before the commit": (IrCron, "_commit_progress", "before"),
    "after the commit": (IrCron, "_commit_progress", "after"),
    "marked as being sent": (type(rows), "_begin_sending", "after"),
    "accepted by the mail server": (IrMail_Server, "send_email", "after"),
    "sending noted": (type(rows), "_note_delivery", "after"),
    "any commit": (Cursor, "commit", "after"),
}
passed = 0


def dying(original, where, times):
    def method(*args, **kwargs):
        global passed
        passed += 1
        if where == "before" and passed == times:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if where == "after" and passed == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return method


def kill_later(milliseconds):
    timer = threading.Timer(milliseconds / 1000, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    timer.start()


def rest_after_commits(seconds):
    original = IrCron._commit_progress

    def commit_and_rest(*args, **kwargs):
        left = original(*args, **kwargs)
        time.sleep(seconds)
        return left

    patch.object(IrCron, "_commit_progress", commit_and_rest).start()


def arm(name, times):
    if name == "at random":
        kill_later(times)
        return
    owner, method, where = POINTS[name]
    patch.object(owner, method, dying(getattr(owner, method), where, times)).start()


def work():
    """Run both scheduled actions, again and again until both find nothing."""
    while True:
        rows._cron_run()
        env["mail.mail"].process_email_queue()
        env.cr.rollback()  # the queue commits e-mail by e-mail; what is left is of one that failed
        env.invalidate_all()
        due = rows.search_count(
            [("state", "=", "due"), ("enrollment_id.state", "=", "active"), ("date_due", "<=", env.cr.now())], limit=1
        )
        waiting = env["mail.mail"].search_count([("state", "=", "outgoing")], limit=1)
        env.cr.rollback()
        if not due and not waiting:
            break


opportunity_enrollment_engine.BATCH = int(os.environ.get("BATCH", opportunity_enrollment_engine.BATCH))
rest_after_commits(float(os.environ.get("REST", 0)))
wait_for_others()
if os.environ.get("FAULT"):
    arm(os.environ["FAULT"], int(os.environ["AT"]))
work()
