"""Install, uninstall and reinstall: nothing of the addon stays behind, and nothing is said in the log."""

from collections import Counter

import pytest

from dev import cluster, databases, server
from dev.paths import ADDON

SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'relation ' || relname || ' ' || relkind::text FROM pg_class
           WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname FROM pg_constraint
           WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
"""
ROWS = """
SELECT table_name, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) n FROM %I', table_name),
                                                        false, true, '')))[1]::text
  FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""
# Odoo notes under the names of its own modules that a new model inherits from theirs, and forgets those notes
EXTERNAL_IDS = f"""
SELECT model, module, name FROM ir_model_data
 WHERE (model <> 'ir.model.inherit' OR module = '{ADDON}') AND NOT (module = 'base' AND name = 'module_{ADDON}')
"""
ATTACHMENTS = "SELECT name, res_model FROM ir_attachment WHERE url IS NULL OR url NOT LIKE '/web/assets/%'"
NAMED = {
    "scheduled action": "SELECT cron_name FROM ir_cron",
    "record rule": "SELECT name FROM ir_rule",
    "access right": "SELECT name FROM ir_model_access",
    "view": "SELECT name, model, type, priority FROM ir_ui_view",
    "menu": "SELECT name->>'en_US' FROM ir_ui_menu",
    "action": "SELECT type, name->>'en_US' FROM ir_actions",
    "sequence": "SELECT name, code FROM ir_sequence",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model, name FROM ir_model_fields",
    "group": "SELECT name->>'en_US' FROM res_groups",
    "stage": "SELECT name->>'en_US' FROM crm_stage",
    "parameter": "SELECT key FROM ir_config_parameter",
    "attachment": ATTACHMENTS,
}
# tables whose number of rows may differ after install and uninstall, and why
RESIDUE = {
    "ir_module_module": "Odoo lists every addon on the path, installed or not",
    "ir_module_module_dependency": "belongs to the list of addons",
    "ir_model_data": "holds entries for the list of addons and for inheritance; the others are compared by name",
    "ir_model_constraint": "keeps notes of foreign keys that are gone; the keys themselves are compared by name",
    "ir_cron_trigger": "Odoo's own uninstallation schedules runs of its own actions",
    "orm_signaling_registry": "counts changes of modules",
    "ir_attachment": "bundles of assets are made anew; the others are compared by name",
}


def rows(statement, database):
    """The rows of a query, each as one string, sorted."""
    return sorted(" ".join(row) for row in cluster.sql(statement, database))


def snapshot(database):
    """All that an addon could leave behind: schema, named records, external ids, numbers of rows."""
    found = {kind: rows(statement, database) for kind, statement in NAMED.items()}
    found["schema"] = rows(SCHEMA, database)
    found["external id"] = rows(EXTERNAL_IDS, database)
    found["rows"] = [" ".join(row) for row in sorted(cluster.sql(ROWS, database)) if row[0] not in RESIDUE]
    return found


def difference(before, after):
    """What was added and removed between two snapshots, one a line."""
    lines = []
    for kind, old in before.items():
        added, removed = Counter(after[kind]) - Counter(old), Counter(old) - Counter(after[kind])
        lines += [f"+ {kind} {line}" for line in sorted(added)] + [f"- {kind} {line}" for line in sorted(removed)]
    return "\n".join(lines)


def uninstall(database):
    """Uninstall the addon as the Apps page would; a warning in the log fails."""
    log = f"uninstall-{database}.log"
    server.run_command(["module", "uninstall", "-d", database, ADDON], log, strict=True)


@pytest.fixture
def installed(make_database):
    """A database with the addon, and the snapshots from before and after its installation."""
    database = make_database()
    before = snapshot(database)
    databases.install(database)
    return database, before, snapshot(database)


def test_uninstall_leaves_nothing_behind_and_reinstall_works(installed):
    database, before, with_addon = installed
    assert difference(before, with_addon), "the snapshot does not see the addon at all"

    uninstall(database)
    assert difference(before, snapshot(database)) == ""

    databases.install(database)
    assert difference(with_addon, snapshot(database)) == ""


def test_demo_database_installs_without_a_warning_and_uninstalls(make_database):
    database = make_database(demo=True)
    before = rows(SCHEMA, database)
    databases.install(database, demo=True)
    uninstall(database)
    assert rows(SCHEMA, database) == before


TAB = """
from odoo.fields import Command

kinds = [kind for kind, _label in env["opportunity.field"]._fields["kind"].selection]
option = [Command.create({"name": "One"})]
fields = [
    Command.create({"name": kind, "kind": kind, "option_ids": option if kind in ("choice", "choices") else []})
    for kind in kinds
]
tab = env["opportunity.tab"].create({"name": "Custom", "field_ids": fields})
options = {field.kind: field.option_ids.ids for field in tab.field_ids}
env["crm.lead"].create(
    {
        "name": "Kept",
        "type": "opportunity",
        "x_opp_char": "x",
        "x_opp_choice": options["choice"][0],
        "x_opp_choices": options["choices"],
        "x_opp_file": b"Zg==",
    }
)
env.cr.commit()
"""


def test_custom_fields_go_with_the_addon(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    script = tmp_path / "tab.py"
    script.write_text(TAB)
    server.run_script(database, script)
    columns = "SELECT column_name FROM information_schema.columns WHERE column_name LIKE 'x_opp%'"
    assert len(rows(columns, database)) > 10
    databases.update(database)
    assert len(rows(columns, database)) > 10

    uninstall(database)
    assert rows(columns, database) == []
    assert rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'x_opp%'", database) == []
    assert rows("SELECT name FROM ir_model_fields WHERE name LIKE 'x_opp%'", database) == []
    assert rows("SELECT name FROM ir_attachment WHERE res_field LIKE 'x_opp%'", database) == []

    databases.install(database)
    assert rows(columns, database) == []


WORK = """
template = env.ref("opportunity_crm.opportunity_template_new_account")
for stage in template._get_stages():
    lead = env["crm.lead"].create({"name": "Kept", "type": "opportunity", "template_id": template.id})
    lead.action_advance(stage.id, "Nobody met its exit conditions")
env["crm.lead"].create({"name": "Kept", "type": "opportunity"}).action_set_lost()
env.cr.commit()
"""
KEPT = """
SELECT stage.name->>'en_US' FROM crm_lead AS lead JOIN crm_stage AS stage ON stage.id = lead.stage_id
 WHERE lead.name = 'Kept' ORDER BY lead.id
"""


def test_opportunities_outlive_the_addon_in_their_stages(make_database, tmp_path):
    database = make_database()
    databases.install(database)
    script = tmp_path / "work.py"
    script.write_text(WORK)
    server.run_script(database, script)
    kept = rows(KEPT, database)
    assert kept[:3] == ["Discovery", "Identified", "Negotiation"]

    uninstall(database)
    assert rows(KEPT, database) == kept
    assert rows("SELECT name FROM ir_model_data WHERE module = 'opportunity_crm'", database) == []
