"""A rep without rights tries to reach what is not theirs, through every door a real client has. Nothing succeeds.

Each attack says what is tried. Where the owner may do the same, the same call is made as the owner and has to work: so
it is the rights that stop the thief, and not a mistake in the attack.
"""

import json
from itertools import product

import clients
import pytest

from dev import cluster, databases

MARK = "Zanzibar"  # in everything that is secret, and nowhere else
WORLD = f"""
import json

from odoo.fields import Command
from odoo.addons.mail.tests.common import mail_new_test_user

def person(login, groups="sales_team.group_sale_salesman", **values):
    return mail_new_test_user(env, login=login, password=login, groups=groups, **values)

abroad = env["res.company"].create({{"name": "Abroad"}})
exporting = "sales_team.group_sale_salesman,base.group_allow_export"
owner, thief = person("owner", exporting), person("thief", exporting)
senior = person("senior", "sales_team.group_sale_salesman_all_leads")
foreigner = person("foreigner", "sales_team.group_sale_manager", company_id=abroad.id)
role = env["opportunity.coverage.role"].create({{"name": "Watch"}})
members = [Command.create({{"user_id": senior.id, "role_id": role.id}})]
group = env["opportunity.coverage.group"].create({{"name": "Watchers", "member_ids": members}})
team = env["crm.team"].create({{"name": "Watch", "member_ids": owner.ids}})
partner = env["res.partner"].create({{"name": "Customer"}})
names = {{"One": False, "Two": False, "Yes": True}}
stages = env["crm.stage"].create(
    [{{"name": name, "template_only": True, "is_won": won}} for name, won in names.items()]
)
lines = [Command.create({{"stage_id": stage.id, "sequence": n}}) for n, stage in enumerate(stages)]
template = env["opportunity.template"].create({{"name": "Deal", "stage_ids": lines}})
env["opportunity.template.step"].create(
    {{"template_stage_id": template.stage_ids[0].id, "name": "{MARK} step", "required": False}}
)
template.action_activate()

def lead(user, name, **values):
    values = {{"type": "opportunity", "user_id": user.id, "team_id": False, **values}}
    return env["crm.lead"].with_user(user).create({{"name": name, **values}})

secret = lead(owner, "{MARK} turbine", expected_revenue=987654, template_id=template.id)
other = lead(owner, "{MARK} boiler", expected_revenue=1)
away = lead(foreigner, "{MARK} dam", company_id=abroad.id)
mine = lead(thief, "Pump", partner_id=partner.id)
secret.coverage_group_ids = group
share = env["opportunity.share"].with_user(owner).create(
    {{"lead_id": secret.id, "user_id": senior.id, "reason": "{MARK} reason"}}
)
own_share = env["opportunity.share"].with_user(thief).create({{"lead_id": mine.id, "user_id": senior.id}})
message = secret.with_user(owner).message_post(body="{MARK} note")
wizard = env["opportunity.share.wizard"].with_user(owner).create(
    {{"lead_ids": secret.ids, "user_ids": senior.ids, "reason": "{MARK} reason"}}
)
activity = secret.with_user(owner).activity_schedule("mail.mail_activity_data_todo", summary="{MARK} call")
secret.with_user(owner).activity_schedule("mail.mail_activity_data_call", summary="{MARK} done").action_feedback()
attachment = env["ir.attachment"].with_user(owner).create(
    {{"name": "{MARK} offer", "raw": b"{MARK}", "res_model": "crm.lead", "res_id": secret.id}}
)
secret.with_user(owner).stage_id = stages[1]
records = {{name: value for name, value in locals().copy().items() if getattr(value, "_name", "")}}
ids = {{name: record.id for name, record in records.items() if len(record) == 1}}
ids["member"], ids["step"] = group.member_ids.id, secret.step_ids[:1].id
people = owner | thief | senior | foreigner
ids["keys"] = {{
    user.login: env(user=user)["res.users.apikeys"].sudo()._generate("rpc", "test", None) for user in people
}}
env.cr.commit()
print("WORLD", json.dumps(ids))
"""
# all that an attack could change, as one text
STATE = """
SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
    SELECT lead::text FROM (
        SELECT id, name, user_id, company_id, team_id, partner_id, stage_id, expected_revenue, active, priority
          FROM crm_lead WHERE name LIKE '%Zanzibar%') AS lead
    UNION ALL SELECT share::text FROM (
        SELECT id, lead_id, user_id, access, date_end, active FROM opportunity_share) AS share
    UNION ALL SELECT member::text FROM (
        SELECT id, group_id, user_id, date_to FROM opportunity_coverage_member) AS member
    UNION ALL SELECT covered::text FROM crm_lead_coverage_group_rel AS covered
    UNION ALL SELECT covered::text FROM res_partner_coverage_group_rel AS covered
    UNION ALL SELECT team::text FROM (SELECT crm_team_id, user_id, active FROM crm_team_member) AS team
    UNION ALL SELECT note::text FROM (
        SELECT id, body FROM mail_message WHERE model = 'crm.lead' AND res_id IN (
            SELECT id FROM crm_lead WHERE name LIKE '%Zanzibar%')) AS note
    UNION ALL SELECT file::text FROM (
        SELECT id, name, res_model, res_id, checksum FROM ir_attachment WHERE name LIKE '%Zanzibar%') AS file
    UNION ALL SELECT dialog::text FROM (
        SELECT id, access FROM opportunity_share_wizard WHERE reason LIKE '%Zanzibar%') AS dialog
    UNION ALL SELECT step::text FROM (SELECT id, lead_id, state FROM opportunity_step) AS step
) AS lines (line)
"""
NAME = {"name": {}, "expected_revenue": {}}
BY_ID = [["id", "=", "$secret"]]

# what is tried: model, method, arguments; the answer may not hold the mark, which that to the owner does
READS = {
    "read": ("crm.lead", "read", ["$secret"], ["name"]),
    "read as the web client does": ("crm.lead", "web_read", ["$secret"], NAME),
    "search": ("crm.lead", "search_read", BY_ID, ["name"]),
    "search as the web client does": ("crm.lead", "web_search_read", BY_ID, NAME),
    "search among the archived too": ("crm.lead", "search_read", [["active", "in", [True, False]], *BY_ID], ["name"]),
    "export": ("crm.lead", "export_data", ["$secret"], ["name", "user_id/name"]),
    "groups, opened": ("crm.lead", "web_read_group", BY_ID, ["name"], ["expected_revenue:sum"]),
    "groups of a pivot": ("crm.lead", "formatted_read_group", BY_ID, ["name"], ["expected_revenue:sum"]),
    "search by name": ("crm.lead", "name_search", MARK),
    "messages": ("mail.message", "search_read", [["model", "=", "crm.lead"], ["res_id", "=", "$secret"]], ["body"]),
    "a message by its id": ("mail.message", "read", ["$message"], ["body"]),
    "activities": ("mail.activity", "search_read", [["res_id", "=", "$secret"]], ["summary"]),
    "an activity by its id": ("mail.activity", "read", ["$activity"], ["summary"]),
    "an attachment by its id": ("ir.attachment", "read", ["$attachment"], ["name", "raw"]),
    "attachments": (
        *("ir.attachment", "search_read", [["res_model", "=", "crm.lead"], ["res_id", "=", "$secret"]]),
        ["name"],
    ),
    "history": ("opportunity.stage.move", "search_read", [["lead_id", "=", "$secret"]], ["lead_id"]),
    "velocity": ("opportunity.stage.velocity", "search_read", [["lead_id", "=", "$secret"]], ["lead_id"]),
    "steps": ("opportunity.step", "search_read", [["lead_id", "=", "$secret"]], ["name"]),
    "a step by its id": ("opportunity.step", "read", ["$step"], ["name"]),
    "activity analysis": ("crm.activity.report", "search_read", [["lead_id", "=", "$secret"]], ["lead_id"]),
    "shares": ("opportunity.share", "search_read", [["lead_id", "=", "$secret"]], ["reason", "lead_id"]),
    "a share by its id": ("opportunity.share", "web_read", ["$share"], {"reason": {}, "lead_id": {"fields": NAME}}),
    "another's dialog": ("opportunity.share.wizard", "read", ["$wizard"], ["reason"]),
    "duplicate": ("crm.lead", "copy", ["$secret"]),
}
# the owner gets an answer that names no mark, or the call is made for somebody else only
MORE_READS = {
    "another company": ("crm.lead", "search_read", [["id", "=", "$away"]], ["name"]),
    "another company by its id": ("crm.lead", "read", ["$away"], ["name"]),
    "progress bars": (
        *("crm.lead", "read_progress_bar", BY_ID, "stage_id"),
        {"field": "name", "colors": {f"{MARK} turbine": "danger"}},
    ),
    "why the other sees it": (
        *("opportunity.access.explanation", "web_save", [], {"lead_id": "$mine", "user_id": "$senior"}),
        {"specification": {"explanation": {}}},
    ),
}
# made by somebody with rights on nothing: what is created gives no name of what it points to
POINTERS = {
    "opportunity.access.explanation": {"lead_id": "$secret"},
    "opportunity.share.wizard": {"lead_ids": [[6, 0, ["$secret"]]]},
    "opportunity.next.action": {"lead_id": "$secret"},
    "opportunity.template.migration": {"lead_ids": [[6, 0, ["$secret"]]]},
    "opportunity.share": {"lead_id": "$secret", "user_id": "$thief", "access": "edit"},
}
FORGED = {"user_id": "$thief", "access": "edit"}
# what is tried: calls one after the other, `$new` is what the one before returned; nothing of the state may change
WRITES = {
    "write": [("crm.lead", "write", ["$secret"], {"name": f"{MARK} mine"})],
    "take": [("crm.lead", "write", ["$secret"], {"user_id": "$thief"})],
    "write as the web client does": [("crm.lead", "web_save", ["$secret"], {"priority": "3"}, {"specification": {}})],
    "another company": [("crm.lead", "write", ["$away"], {"priority": "3"})],
    "delete": [("crm.lead", "unlink", ["$other"])],
    "archive": [("crm.lead", "action_archive", ["$secret"])],
    "lose": [("crm.lead", "action_set_lost", ["$secret"])],
    "win": [("crm.lead", "action_set_won", ["$secret"])],
    "post": [("crm.lead", "message_post", ["$secret"])],
    "merge": [("crm.lead", "merge_opportunity", ["$mine", "$secret"])],
    "merge by the wizard": [
        ("crm.merge.opportunity", "create", {"opportunity_ids": [[6, 0, ["$mine", "$secret"]]]}),
        ("crm.merge.opportunity", "action_merge", ["$new"]),
    ],
    "share with oneself": [("opportunity.share", "create", {"lead_id": "$secret", **FORGED})],
    "share twice": [("opportunity.share", "create", [{"lead_id": "$secret", **FORGED}] * 2)],
    "share another company's": [("opportunity.share", "create", {"lead_id": "$away", **FORGED})],
    "share by the opportunity": [("crm.lead", "write", ["$secret"], {"share_ids": [[0, 0, FORGED]]})],
    "share by the wizard": [
        *(
            ("opportunity.share.wizard", "create", {"lead_ids": [[6, 0, ["$secret"]]], "user_ids": [[4, "$thief"]]}),
            ("opportunity.share.wizard", "action_share", ["$new"]),
        )
    ],
    "cover for somebody who did not ask": [
        ("opportunity.cover.for.me", "create", {"owner_id": "$owner", "user_id": "$thief", "date_end": "2099-01-01"}),
        ("opportunity.cover.for.me", "action_cover", ["$new"]),
    ],
    "take over another's share": [("opportunity.share", "write", ["$share"], {"user_id": "$thief"})],
    "extend another's share": [("opportunity.share", "write", ["$share"], {"access": "edit"})],
    "revoke another's share": [("opportunity.share", "action_revoke", ["$share"])],
    "delete a share": [("opportunity.share", "unlink", ["$share"])],
    "move an own share to the secret": [("opportunity.share", "write", ["$own_share"], {"lead_id": "$secret"})],
    "link another's share to an own opportunity": [("crm.lead", "write", ["$mine"], {"share_ids": [[4, "$share"]]})],
    "change another's share by an own opportunity": [
        ("crm.lead", "write", ["$mine"], {"share_ids": [[1, "$share", {"access": "edit", "user_id": "$thief"}]]})
    ],
    "delete another's share by an own opportunity": [("crm.lead", "write", ["$mine"], {"share_ids": [[2, "$share"]]})],
    "take the secret by a contact": [
        ("res.partner", "write", ["$partner"], {"opportunity_ids": [[1, "$secret", {"user_id": "$thief"}]]})
    ],
    "link the secret to a contact": [("res.partner", "write", ["$partner"], {"opportunity_ids": [[4, "$secret"]]})],
    "cover by the opportunity": [("crm.lead", "write", ["$secret"], {"coverage_group_ids": [[5]]})],
    "cover a contact": [("res.partner", "write", ["$partner"], {"coverage_group_ids": [[4, "$group"]]})],
    "create a contact that is covered": [
        ("res.partner", "create", {"name": "New", "coverage_group_ids": [[4, "$group"]]})
    ],
    "join a group": [
        ("opportunity.coverage.member", "create", {"group_id": "$group", "user_id": "$thief", "role_id": "$role"})
    ],
    "join by the group": [
        (
            *("opportunity.coverage.group", "write", ["$group"]),
            {"member_ids": [[0, 0, {"user_id": "$thief", "role_id": "$role"}]]},
        )
    ],
    "become the member": [("opportunity.coverage.member", "write", ["$member"], {"user_id": "$thief"})],
    "join the team": [("crm.team", "write", ["$team"], {"member_ids": [[4, "$thief"]]})],
    "join the team by a membership": [("crm.team.member", "create", {"crm_team_id": "$team", "user_id": "$thief"})],
    "be one of those with whom another is about to share": [
        ("opportunity.share.wizard", "write", ["$wizard"], {"user_ids": [[4, "$thief"]], "access": "edit"})
    ],
    "share by another's dialog": [("opportunity.share.wizard", "action_share", ["$wizard"])],
    "finish a step": [("opportunity.step", "write", ["$step"], {"state": "done"})],
    "move an attachment to an own opportunity": [("ir.attachment", "write", ["$attachment"], {"res_id": "$mine"})],
    "finish an activity": [("mail.activity", "action_feedback", ["$activity"])],
}
# may the right guess be told from the wrong one? `?` is the guess
ORACLES = {
    "count by name": ("crm.lead", "search_count", [["name", "=like", "?"]]),
    **{
        f"count {model} by the name of the opportunity": (model, "search_count", [[f"{field}.name", "=like", "?"]])
        for model, field in (
            ("opportunity.share", "lead_id"),
            ("opportunity.step", "lead_id"),
            ("opportunity.stage.move", "lead_id"),
            ("opportunity.stage.velocity", "lead_id"),
            ("crm.activity.report", "lead_id"),
            ("res.partner", "opportunity_ids"),
            ("opportunity.coverage.group", "member_ids.user_id.partner_id.opportunity_ids"),
        )
    },
}
CONTEXTS = (
    {"opportunity_activity_reading": "reading"},
    {"opportunity_gate_pass": True, "opportunity_move_cause": "imported"},
    {"tz": "Pacific/Kiritimati", "active_test": False},
    {"allowed_company_ids": ["$away_company"]},
    {"su": True, "uid": 1, "install_mode": True, "install_module": "opportunity_crm", "module_uninstall": True},
    {"default_user_id": 1, "default_lead_id": "$secret"},
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A server and the ids of what there is."""
    folder = tmp_path_factory.mktemp("attacks")
    database = databases.scratch_name("attacks")
    databases.clone(databases.template(), database)
    try:
        databases.install(database)
        ids = clients.build(database, WORLD, folder)
        ids["away_company"] = ids["abroad"]
        with clients.running(database, folder / "server.log") as address:
            yield {"address": address, "database": database, "ids": ids, "clients": {}}
    finally:
        databases.drop(database)


def client(world, kind, login):
    """Somebody at a client, logged in once."""
    known = world["clients"]
    if (kind, login) not in known:
        ids = world["ids"]
        known[kind, login] = clients.CLIENTS[kind](
            world["address"], world["database"], login, ids[login], ids["keys"][login]
        )
    return known[kind, login]


def fill(value, ids):
    """The value with the ids in place of their names."""
    if isinstance(value, str) and value.startswith("$"):
        return ids[value[1:]]
    if isinstance(value, dict):
        return {key: fill(part, ids) for key, part in value.items()}
    return [fill(part, ids) for part in value] if isinstance(value, list | tuple) else value


def attempt(somebody, ids, call, context=None):
    """Make a call; return the answer or, where it is refused, the error, as text, and the answer."""
    model, method, *args = fill(call, ids)
    named = args.pop() if args and isinstance(args[-1], dict) and "specification" in args[-1] else {}
    if context:
        named["context"] = fill(context, ids)
    try:
        result = somebody.call(model, method, *args, **named)
    except clients.Refused as refused:
        return f"refused: {refused}", None
    return json.dumps(result, default=str), result


def state(world):
    """Everything that an attack could change."""
    return cluster.sql(STATE, world["database"])


@pytest.mark.parametrize(("title", "kind"), product(READS, clients.CLIENTS))
def test_reading(world, title, kind):
    answer, _result = attempt(client(world, kind, "thief"), world["ids"], READS[title])
    assert MARK not in answer
    if title not in ("duplicate", "search by name"):
        answer, _result = attempt(client(world, kind, "owner"), world["ids"], READS[title])
        assert MARK in answer or (title == "an attachment by its id" and "refused" not in answer), answer


@pytest.mark.parametrize("title", [*READS, *MORE_READS])
def test_reading_with_a_context(world, title):
    before = state(world)
    for context in (None, *CONTEXTS):
        answer, _result = attempt(client(world, "web", "thief"), world["ids"], {**READS, **MORE_READS}[title], context)
        assert MARK not in answer.replace(f'"{MARK} turbine": 0', ""), context
    assert state(world) == before


@pytest.mark.parametrize(("title", "kind"), product(WRITES, clients.CLIENTS))
def test_writing(world, title, kind):
    before = state(world)
    for context in (None, *CONTEXTS) if kind == "web" else (None,):
        new = None
        for call in WRITES[title]:
            answer, new = attempt(client(world, kind, "thief"), {**world["ids"], "new": new}, call, context)
            assert MARK not in answer
            new = new[0] if isinstance(new, list) and new else new
        assert state(world) == before, context


@pytest.mark.parametrize("title", ORACLES)
def test_guessing(world, title):
    def ask(login, guess):
        call = json.loads(json.dumps(ORACLES[title]).replace('"?"', json.dumps(guess)))
        return attempt(client(world, "web", login), world["ids"], call)[0]

    assert ask("thief", f"{MARK}%") == ask("thief", "Nothing%")


@pytest.mark.parametrize(("model", "kind"), product(POINTERS, ("web", "XML-RPC")))
def test_pointing(world, model, kind):
    """What points to a record that is not seen tells nothing of it, neither its name nor its place in an order."""
    thief, ids, before = client(world, kind, "thief"), world["ids"], state(world)
    answer, new = attempt(thief, ids, (model, "create", POINTERS[model]))
    assert MARK not in answer
    field = next(iter(POINTERS[model]))
    if new:
        new = new[0] if isinstance(new, list) else new
        for call in (
            (model, "read", [new], []),
            (model, "web_read", [new], {field: {"fields": {"display_name": {}, "name": {}}}}),
            (model, "web_read", [new], {field: {"fields": {"display_name": {}}}}),
            (model, "export_data", [new], [f"{field}/name", field]),
            (model, "search_read", [["id", "=", new]], [field]),
            (model, "web_read_group", [["id", "=", new]], [field], ["__count"]),
            (model, "formatted_read_group", [["id", "=", new]], [field], ["__count"]),
        ):
            answer, _result = attempt(thief, ids, call)
            assert MARK not in answer, call
    assert state(world) == before


@pytest.mark.parametrize(
    "path",
    [
        "/web/content/$attachment?download=true",
        "/web/content/ir.attachment/$attachment/raw",
        "/web/image/$attachment",
        "/odoo/crm/$secret",
        "/mail/view?model=crm.lead&res_id=$secret",
    ],
)
def test_pages(world, path):
    for name, id_ in sorted(world["ids"].items(), reverse=True):
        path = path.replace(f"${name}", str(id_))
    assert MARK not in client(world, "web", "thief").get(path).text
    if path.startswith("/web/content"):
        assert MARK in client(world, "web", "owner").get(path).text


def test_export_of_a_list(world):
    def export(login):
        data = {
            "model": "crm.lead",
            "fields": [{"name": "name", "label": "Name", "type": "char"}],
            "ids": [world["ids"]["secret"]],
            "domain": [],
            "import_compat": False,
        }
        web = client(world, "web", login)
        page = web.get("/odoo").text
        token = page.partition('csrf_token: "')[2].partition('"')[0]
        form = {"data": json.dumps(data), "csrf_token": token}
        return web.http.post(f"{world['address']}/web/export/csv", data=form, timeout=120).text

    assert MARK not in export("thief")
    assert MARK in export("owner")


# what the owner of the secret does with the very calls of the thief; in this order, and at last, as they change it
OWNERS = (
    "write",
    "cover by the opportunity",
    "extend another's share",
    "revoke another's share",
    "share with oneself",
    "move an attachment to an own opportunity",
    "archive",
)


@pytest.mark.parametrize("title", OWNERS)
def test_owner_may(world, title):
    before = state(world)
    for call in WRITES[title]:
        attempt(client(world, "XML-RPC", "owner"), {**world["ids"], "mine": world["ids"]["other"]}, call)
    assert state(world) != before
