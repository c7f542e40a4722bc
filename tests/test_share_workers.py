"""What is taken away is gone on the next request, also in a server that did not take it and whose caches are warm."""

import clients

from dev import cluster, databases

# A rep shares what a guest does not see, in every way there is: each opportunity is granted to the guest once.
WORLD = """
import json

from odoo.fields import Command
from odoo.addons.mail.tests.common import mail_new_test_user

def person(login, groups):
    return mail_new_test_user(env, login=login, password=login, groups=groups)

def lead(name, **values):
    return env["crm.lead"].with_user(rep).create(
        {"name": name, "type": "opportunity", "user_id": rep.id, "team_id": False, **values}
    )

def share(name, **values):
    env["opportunity.share"].with_user(rep).create({"lead_id": lead(name).id, "access": "edit", **values})

rep = person("owner", "sales_team.group_sale_salesman")
guest = person("guest", "sales_team.group_sale_salesman")
boss = person("boss", "base.group_system,sales_team.group_sale_manager")
role = env["opportunity.coverage.role"].create({"name": "Watch"})

def group(name):
    return env["opportunity.coverage.group"].create(
        {"name": name, "member_ids": [Command.create({"user_id": guest.id, "role_id": role.id})]}
    )

env["ir.config_parameter"].set_param("sales_team.membership_multi", True)  # the guest is in two teams
team = env["crm.team"].create({"name": "Guests", "member_ids": guest.ids})
led = env["crm.team"].create({"name": "Led", "user_id": guest.id})
base = env["res.groups"].create({"name": "Guests"})
above = env["res.groups"].create({"name": "Above", "implied_ids": base.ids, "user_ids": guest.ids})
groups = {name: group(name) for name in ("removed", "ended", "archived", "unapplied", "shared with")}
share("revoked", user_id=guest.id)
share("expired", user_id=guest.id)
share("team left", team_id=team.id)
share("team archived", team_id=env["crm.team"].create({"name": "Gone", "member_ids": guest.ids}).id)
share("team led", team_id=led.id)
share("user group", group_id=base.id)
share("shared with", coverage_group_id=groups["shared with"].id)
for name in ("removed", "ended", "archived", "unapplied"):
    lead(name, coverage_group_ids=groups[name].ids)
env.cr.commit()
print("WORLD", json.dumps({user.login: user.id for user in (rep, guest, boss)}))
"""


def one(client, model, domain):
    """The id of the only record."""
    (id_,) = client.call(model, "search", domain, context={"active_test": False})
    return id_


def member(group):
    return ["opportunity.coverage.member", [("group_id.name", "=", group), ("user_id.login", "=", "guest")]]


def revoke(owner, _boss, _database):
    owner.call(
        "opportunity.share", "action_revoke", [one(owner, "opportunity.share", [("lead_id.name", "=", "revoked")])]
    )


def expire(_owner, _boss, database):
    """Nobody waits for a day: the end is set back behind Odoo's back, as it would pass."""
    cluster.sql(
        "UPDATE opportunity_share SET date_start = NULL, date_end = current_date - 1"
        " WHERE lead_id = (SELECT id FROM crm_lead WHERE name = 'expired')",
        database,
    )


def remove_member(_owner, boss, _database):
    boss.call("opportunity.coverage.member", "unlink", [one(boss, *member("removed"))])


def end_membership(_owner, boss, _database):
    boss.call("opportunity.coverage.member", "write", [one(boss, *member("ended"))], {"date_to": "2020-01-01"})


def archive_group(_owner, boss, _database):
    boss.call(
        "opportunity.coverage.group",
        "write",
        [one(boss, "opportunity.coverage.group", [("name", "=", "archived")])],
        {"active": False},
    )


def archive_group_shared_with(_owner, boss, _database):
    boss.call(
        "opportunity.coverage.group",
        "write",
        [one(boss, "opportunity.coverage.group", [("name", "=", "shared with")])],
        {"active": False},
    )


def unapply_group(owner, _boss, _database):
    owner.call(
        "crm.lead", "write", [one(owner, "crm.lead", [("name", "=", "unapplied")])], {"coverage_group_ids": [[5]]}
    )


def leave_team(_owner, boss, _database):
    boss.call(
        "crm.team.member",
        "write",
        [one(boss, "crm.team.member", [("crm_team_id.name", "=", "Guests")])],
        {"active": False},
    )


def archive_team(_owner, boss, _database):
    boss.call("crm.team", "write", [one(boss, "crm.team", [("name", "=", "Gone")])], {"active": False})


def change_leader(_owner, boss, _database):
    boss.call("crm.team", "write", [one(boss, "crm.team", [("name", "=", "Led")])], {"user_id": False})


def leave_user_group(_owner, boss, _database):
    group = one(boss, "res.groups", [("name", "=", "Above")])
    boss.call("res.users", "write", [one(boss, "res.users", [("login", "=", "guest")])], {"group_ids": [[3, group]]})


CASES = {
    "revoked": revoke,
    "expired": expire,
    "removed": remove_member,
    "ended": end_membership,
    "archived": archive_group,
    "shared with": archive_group_shared_with,
    "unapplied": unapply_group,
    "team left": leave_team,
    "team archived": archive_team,
    "team led": change_leader,
    "user group": leave_user_group,
}


def seen(client, lead_id):
    """What somebody may do with an opportunity, asked in several ways, each a request."""
    may = []
    for request, args in (("read", ([lead_id], ["name"])), ("write", ([lead_id], {"priority": "1"}))):
        try:
            client.call("crm.lead", request, *args)
            may.append(request)
        except clients.Refused:
            pass
    domain = [("id", "=", lead_id)]
    if client.call("crm.lead", "search_count", domain):
        may.append("count")
    if client.call("crm.lead", "web_read_group", domain, ["stage_id"], ["__count"])["groups"]:
        may.append("group")
    return may


ALL = ["read", "write", "count", "group"]


def test_the_next_request_is_refused(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    uids = clients.build(database, WORLD, tmp_path)
    with (
        clients.running(database, tmp_path / "one.log") as one_,
        clients.running(database, tmp_path / "two.log") as two,
    ):
        owner, boss, here = (
            clients.XmlRpc(one_, database, login, uids[login], None) for login in ("owner", "boss", "guest")
        )
        there = clients.Web(two, database, "guest", uids["guest"], None)
        for name, take_away in CASES.items():
            lead_id = one(owner, "crm.lead", [("name", "=", name)])
            assert (seen(here, lead_id), seen(there, lead_id)) == (ALL, ALL), f"before: {name}"
            take_away(owner, boss, database)
            assert seen(there, lead_id) == [], f"in the other server: {name}"
            assert seen(here, lead_id) == [], f"in the same server: {name}"
