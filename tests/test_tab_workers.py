"""A tab that one server defines, changes and removes is there, changed and gone in another at once, without restart."""

import clients
import pytest

from dev import databases

WORLD = """
import json
from odoo.addons.mail.tests.common import mail_new_test_user

def person(login, groups):
    return mail_new_test_user(env, login=login, password=login, groups=groups)

boss = person("boss", "sales_team.group_sale_manager")
rep = person("rep", "sales_team.group_sale_salesman")
env.cr.commit()
print("WORLD", json.dumps({user.login: user.id for user in (boss, rep)}))
"""


def form(client):
    return client.call("crm.lead", "get_view", None, "form")["arch"]


def label(client, name):
    return client.call("crm.lead", "fields_get", [name])[name]["string"]


def test_a_tab_reaches_the_other_server(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    uids = clients.build(database, WORLD, tmp_path)
    with (
        clients.running(database, tmp_path / "one.log") as one,
        clients.running(database, tmp_path / "two.log") as two,
    ):
        boss = clients.XmlRpc(one, database, "boss", uids["boss"], None)
        rep = clients.XmlRpc(two, database, "rep", uids["rep"], None)
        assert "Technical Fit" not in form(rep)

        field = {"name": "Voltage", "kind": "char", "required": True}
        (tab,) = boss.call("opportunity.tab", "create", [{"name": "Technical Fit", "field_ids": [[0, 0, field]]}])
        assert "Technical Fit" in form(rep), "defined"
        assert label(rep, "x_opp_voltage") == "Voltage"
        with pytest.raises(clients.Refused, match="Voltage"):
            rep.call("crm.lead", "create", [{"name": "Empty", "type": "opportunity"}])
        deal = {"name": "Full", "type": "opportunity", "x_opp_voltage": "400 V"}
        (lead,) = rep.call("crm.lead", "create", [deal])

        (voltage,) = boss.call("opportunity.field", "search", [("tab_id", "=", tab)])
        boss.call("opportunity.field", "write", [voltage], {"name": "Tension", "required": False})
        boss.call("opportunity.tab", "write", [tab], {"name": "Electrics"})
        assert "Electrics" in form(rep), "renamed"
        assert label(rep, "x_opp_voltage") == "Tension"
        rep.call("crm.lead", "create", [{"name": "Empty", "type": "opportunity"}])
        assert rep.call("crm.lead", "read", [lead], ["x_opp_voltage"])[0]["x_opp_voltage"] == "400 V"

        with pytest.raises(clients.Refused, match="opportunities: 1"):
            boss.call("opportunity.tab", "unlink", [tab])
        dialog = boss.call("opportunity.tab", "action_remove", [tab])["res_id"]
        boss.call("opportunity.field.removal", "action_remove", [dialog])
        assert "Electrics" not in form(rep), "removed"
        assert not rep.call("crm.lead", "fields_get", ["x_opp_voltage"])
        rep.call("crm.lead", "write", [lead], {"name": "As before"})
