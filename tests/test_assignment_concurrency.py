"""Two people create opportunities at the same moment: no turn of the rotation is given twice, and none is lost."""

from dev import cluster, databases, server

# Both start a transaction, then both take a turn: at REPEATABLE READ one waits for the other, is refused and tries
# again, as in a request. Every third creation of one of them fails afterwards, and takes no turn.
RACE = """
import threading

from odoo.api import Environment
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger

ROUNDS = 9
barrier = threading.Barrier(2)
attempts, errors = [], []
users = env["res.users"].create(
    [
        {"name": name, "login": name, "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)]}
        for name in ("turn a", "turn b", "turn c")
    ]
)
team = env["crm.team"].create({"name": "Raced", "member_ids": users.ids})
rotation = env["opportunity.assignment"].create({"name": "Raced", "team_id": team.id})
template = env.ref("opportunity_crm.opportunity_template_upsell")
template.assignment_id = rotation
env.cr.commit()


class Broken(Exception):
    pass


def create(number, side, own):
    def attempt():
        attempts.append((number, side))
        own["opportunity.assignment"].browse(rotation.id).turn_count  # the snapshot is taken
        if attempts.count((number, side)) == 1:
            barrier.wait(30)
        own["crm.lead"].create({"name": "Raced", "type": "opportunity", "template_id": template.id})
        if side and number % 3 == 0:
            own.flush_all()
            raise Broken
    return attempt


def creator(side):
    try:
        for number in range(ROUNDS):
            try:
                with env.registry.cursor() as cr:
                    own = Environment(cr, env.uid, {"tracking_disable": True})
                    retrying(create(number, side, own), own)
            except Broken:
                pass
            barrier.wait(60)
    except Exception as error:
        errors.append(error)
        barrier.abort()


with mute_logger("odoo.sql_db", "odoo.service.model"):
    threads = [threading.Thread(target=creator, args=(side,)) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
if errors:
    raise errors[0]

# A mail comes in, and somebody takes a turn in the meantime: fetching mails is not tried again, and loses none.
team.opportunity_template_id = template
env.cr.commit()
with env.registry.cursor() as cr, mute_logger("odoo.sql_db"):
    own = Environment(cr, env.uid, {})
    own["opportunity.assignment"].browse(rotation.id).turn_count
    env["crm.lead"].create({"name": "Meanwhile", "type": "opportunity", "template_id": template.id})
    env.cr.commit()
    message = {"subject": "Mailed", "from": "buyer@example.com", "email_from": "buyer@example.com"}
    own["crm.lead"].message_new(message, {"team_id": team.id, "type": "opportunity"})
if len(attempts) <= 2 * ROUNDS:
    raise AssertionError("nobody was refused: the two did not meet")
"""
TAKERS = """
SELECT string_agg(right(person.login, 1), '' ORDER BY lead.id)
  FROM crm_lead lead JOIN res_users person ON person.id = lead.user_id WHERE lead.name = 'Raced'
"""
KEPT = """
SELECT rotation.turn_count, sum(turn.count), abs(sum(turn.balance)) < 0.000001, max(turn.count) - min(turn.count)
  FROM opportunity_assignment rotation JOIN opportunity_assignment_turn turn ON turn.assignment_id = rotation.id
 WHERE rotation.name ->> 'en_US' = 'Raced' GROUP BY rotation.id
"""


def test_two_creators_never_break_the_rotation(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    script = tmp_path / "race.py"
    script.write_text(RACE)
    server.run_script(database, script)

    mailed = "SELECT template_id IS NOT NULL, user_id IS NULL FROM crm_lead WHERE name = 'Mailed'"
    assert cluster.sql(mailed, database) == [["t", "t"]], "it is there, for whoever takes it"
    created = 2 * 9 - 3
    [[takers]] = cluster.sql(TAKERS, database)
    assert len(takers) == created
    assert sorted(takers) == sorted("abc" * (created // 3)), "everybody as often as the others"
    assert cluster.sql(KEPT, database) == [[str(created + 1), str(created + 1), "t", "1"]]
