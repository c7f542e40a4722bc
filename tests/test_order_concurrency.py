"""Two people press Create Order at the same moment: there is one quotation, and both get it."""

from dev import cluster, databases, server

# Both look and find no order, then both make one: at REPEATABLE READ the second is refused and tries again, as in a
# request, and finds the order of the first.
RACE = """
import threading

from odoo.api import Environment
from odoo.service.model import retrying
from odoo.tools import mute_logger

ROUNDS = 5
barrier = threading.Barrier(2)
attempts, errors, opened = [], [], []
product = env["product.product"].create({"name": "Oven", "list_price": 100})
customer = env["res.partner"].create({"name": "Bakers Ltd"})
leads = env["crm.lead"].create(
    [
        {
            "name": f"Raced {number}",
            "type": "opportunity",
            "partner_id": customer.id,
            "line_ids": [(0, 0, {"product_id": product.id})],
        }
        for number in range(2 * ROUNDS)
    ]
)
env.cr.commit()


def press(number, own, side):
    # one by one, and a batch with the opportunities in the other order
    mine = own["crm.lead"].browse(leads[2 * number : 2 * number + 2].ids if number % 2 else leads[2 * number].ids)
    mine = mine[::-1] if side else mine

    def attempt():
        attempts.append((number, side))
        own["sale.order"].search_count([])
        if attempts.count((number, side)) == 1:
            barrier.wait(30)
        return mine._create_orders().ids

    return attempt


def presser(side):
    try:
        for number in range(ROUNDS):
            with env.registry.cursor() as cr:
                own = Environment(cr, env.uid, {})
                opened.append((number, sorted(retrying(press(number, own, side), own))))
            barrier.wait(60)
    except Exception as error:
        errors.append(error)
        barrier.abort()


with mute_logger("odoo.sql_db", "odoo.service.model"):
    threads = [threading.Thread(target=presser, args=(side,)) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
if errors:
    raise errors[0]
if len(attempts) < 3 * ROUNDS:
    raise AssertionError("there are rounds in which nobody was refused: the two did not meet")
for number in range(ROUNDS):
    both = [ids for round_number, ids in opened if round_number == number]
    if both[0] != both[1]:
        raise AssertionError(f"they got different orders: {both}")
"""
COUNTS = """
SELECT count(*), count(DISTINCT opportunity_id), count(DISTINCT name)
  FROM sale_order WHERE opportunity_id IN (SELECT id FROM crm_lead WHERE name LIKE 'Raced %')
"""


def test_two_presses_make_one_order(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    script = tmp_path / "race.py"
    script.write_text(RACE)
    server.run_script(database, script)
    assert cluster.sql(COUNTS, database) == [["7", "7", "7"]]
