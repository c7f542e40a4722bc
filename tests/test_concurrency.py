"""Two people move one opportunity at the same moment: nobody's movement is lost and the history stays one chain."""

from dev import cluster, databases, server

# Both read the opportunity, then both write: at REPEATABLE READ one is refused and tries again, as in a request.
RACE = """
import threading

from odoo.api import Environment
from odoo.service.model import retrying
from odoo.tools import mute_logger

ROUNDS = 6
barrier = threading.Barrier(2)
attempts, errors = [], []
path = env.ref("opportunity_crm.opportunity_template_new_account")._get_stages()
lines = [(0, 0, {"stage_id": stage.id, "sequence": number}) for number, stage in enumerate(path)]
template = env["opportunity.template"].create({"name": "Without exit conditions", "stage_ids": lines})
template.action_activate()
stages = path.filtered(lambda stage: not stage.is_won).ids
lead = env["crm.lead"].create({"name": "Raced", "type": "opportunity", "template_id": template.id})
won = env["crm.lead"].create({"name": "Raced too", "type": "opportunity", "template_id": template.id})
env.cr.commit()


def move(number, own, wanted):
    def attempt():
        attempts.append((number, wanted))
        mine = own["crm.lead"].browse(lead.id)
        met = mine.stage_id.id
        if attempts.count((number, wanted)) == 1:
            barrier.wait(30)
        mine.stage_id = wanted if wanted != met else stages[0]
        if number == ROUNDS - 1:
            own["crm.lead"].browse(won.id).action_set_won()
    return attempt


def writer(side):
    try:
        for number in range(ROUNDS):
            with env.registry.cursor() as cr:
                own = Environment(cr, env.uid, {})
                retrying(move(number, own, stages[1 + (number + side) % 3]), own)
            barrier.wait(60)
    except Exception as error:
        errors.append(error)
        barrier.abort()


with mute_logger("odoo.sql_db", "odoo.service.model"):
    threads = [threading.Thread(target=writer, args=(side,)) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
if errors:
    raise errors[0]
if len(attempts) < 3 * ROUNDS:
    raise AssertionError("there are rounds in which nobody was refused: the two did not meet")
"""
OWN = "FROM opportunity_stage_move AS move JOIN crm_lead AS lead ON lead.id = move.lead_id WHERE lead.name = '{}'"
CHAIN = f"""
SELECT count(*), count(*) FILTER (WHERE from_id IS DISTINCT FROM came_to), count(*) FILTER (WHERE from_id = to_id),
       abs(sum(days) - extract(epoch FROM max(date) - min(date)) / 86400) < 0.001,
       (array_agg(to_id ORDER BY id DESC))[1] = min(stage_id)
  FROM (SELECT move.id, move.from_stage_id AS from_id, move.to_stage_id AS to_id, move.days, move.date, lead.stage_id,
               lag(move.to_stage_id) OVER (ORDER BY move.date, move.id) AS came_to
          {OWN.format("Raced")}) AS line
"""
CAUSES = f"SELECT string_agg(cause, ' ' ORDER BY move.id) {OWN.format('Raced too')}"


def test_two_writers_leave_one_chain(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    script = tmp_path / "race.py"
    script.write_text(RACE)
    server.run_script(database, script)

    [[moves, breaks, standing, adds_up, ends]] = cluster.sql(CHAIN, database)
    assert (breaks, standing, adds_up, ends) == ("0", "0", "t", "t")
    assert int(moves) == 13, "the entry, and every movement of six rounds by two people"
    assert cluster.sql(CAUSES, database) == [["automation won"]], "won once, whoever came first"
