"""Run in Odoo's shell: what people do, each click in a transaction of its own, as a request is, while engines run.

HOW is ``run``, ``pause`` or ``skip``. What the rows of a paused enrolment were when its pause had committed is kept in
the table ``paused_rows``.
"""

import os
import random

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import mute_logger

from followup.together import wait_for_others

env = env  # noqa: F821 - what the shell provides
how = os.environ["HOW"]
generator = random.Random(how)
mine = env(user=env["res.users"].search([("login", "=", "owner")]).id)
ids = mine["opportunity.enrollment"].search([]).ids
if how == "pause":
    env.cr.execute("CREATE TABLE paused_rows (id integer, state varchar, delivery varchar)")
env.cr.commit()


def click(id_):
    enrollment = mine["opportunity.enrollment"].browse(id_)
    if enrollment.state != "active":
        return False
    {"run": enrollment.run_now, "pause": enrollment.pause, "skip": enrollment.skip_step}[how]()
    return True


wait_for_others()
for id_ in generator.sample(ids, 40):
    try:
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            done = retrying(lambda: click(id_), mine)  # noqa: B023 - called at once
    except UserError:
        env.cr.rollback()
        continue
    env.cr.commit()
    if done and how == "pause":
        env.cr.execute(
            """
            INSERT INTO paused_rows
            SELECT id, state, delivery FROM opportunity_enrollment_step WHERE enrollment_id = %s
            """,
            (id_,),
        )
        env.cr.commit()
