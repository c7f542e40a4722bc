"""Upgrade from the first version, with data of every kind that it had: nothing is lost, and what comes out is what a
new installation is."""

import ast
import tarfile
from pathlib import Path

import pytest
from test_install import NAMED, SCHEMA, difference, rows

from dev import databases, odoo, server
from dev.paths import ADDON, ADDON_DIR

RELEASED = Path(__file__).parent / "released"
# the sources as they were released: a checkout need not have the history to take them from
FIRST = RELEASED / f"{ADDON}-19.0.1.0.0.tar.gz"
USE = RELEASED / "use_19_0_1_0_0.py"
VERSION = ast.literal_eval((ADDON_DIR / "__manifest__.py").read_text())["version"]
# all that people could enter or see in the first version, by the names of what it belongs to
KEPT = {
    "template": "SELECT id, name, description, state, active, revision, closing_days, color, sequence, company_id"
    " FROM opportunity_template WHERE id IN %s",
    "team of a template": "SELECT * FROM crm_team_opportunity_template_rel",
    "tag of a template": "SELECT * FROM crm_tag_opportunity_template_rel",
    "stage of a template": "SELECT id, template_id, stage_id, sequence, probability, target_days,"
    " use_automated_probability FROM opportunity_template_stage WHERE template_id IN %s",
    "stage": "SELECT id, name, sequence, is_won, template_only, requirements FROM crm_stage",
    "team": "SELECT id, opportunity_template_id FROM crm_team",
    "opportunity": "SELECT id, name, type, active, stage_id, template_id, template_stage_id, probability,"
    " expected_revenue, date_deadline, date_closed, date_last_stage_update, user_id, team_id, partner_id,"
    " lost_reason_id, won_status FROM crm_lead",
    "tag of an opportunity": "SELECT lead_id, tag_id FROM crm_tag_rel",
    "sales history": "SELECT id, lead_id, from_stage_id, to_stage_id, date, days, moved_by_id, owner_id, team_id,"
    " template_id, currency_id, expected_revenue, date_deadline, direction, cause, merged_from"
    " FROM opportunity_stage_move",
    "activity": "SELECT id, res_id, summary, date_deadline, user_id, active FROM mail_activity"
    " WHERE res_model = 'crm.lead'",
    "message": "SELECT id, res_id, body, author_id, date FROM mail_message WHERE model = 'crm.lead'",
    "name of a record of the addon": "SELECT name, res_id FROM ir_model_data WHERE module = 'opportunity_crm'"
    " AND model IN ('opportunity.template', 'crm.stage')",
}
# what a new installation has and an upgrade need not have in the same way
APART = ("group", "stage", "parameter", "attachment", "sequence")


def kept(database, templates):
    """What people had, of the templates that were there."""
    return {kind: rows(query.replace("%s", templates), database) for kind, query in KEPT.items()}


def made(database):
    """What the addon has made in a database."""
    queries = {"schema": SCHEMA, **{kind: query for kind, query in NAMED.items() if kind not in APART}}
    return {kind: rows(query, database) for kind, query in queries.items()}


def ours(lines):
    """What differs, without the notes of fields that modules beside the addon inherit from attachments: Odoo makes them
    only of modules that it has loaded before."""
    return [line for line in lines.splitlines() if " field quotation.document box_" not in line]


@pytest.fixture
def released(make_database, tmp_path):
    """A database in which people have used the first version."""
    database = make_database()
    with tarfile.open(FIRST) as archive:
        archive.extractall(tmp_path, filter="data")
    addons = ",".join(map(str, [*odoo.addons_paths(odoo.site()), tmp_path]))
    options = ["--addons-path", addons]
    server.run_odoo(["-d", database, "-i", ADDON, *options], "released.log", strict=True)
    server.run_script(database, USE, options=options)
    return database


def test_upgrade_from_the_first_version(released, make_database):
    templates = f"({', '.join(rows('SELECT id::text FROM opportunity_template', released))})"
    before = kept(released, templates)
    assert len(before["sales history"]) > 20
    assert all(before.values()), "there is data of every kind"

    server.run_odoo(["-d", released, "-u", ADDON], "upgrade.log", strict=True)
    after = kept(released, templates)
    for kind, found in before.items():
        assert after[kind] == found, kind
    assert rows("SELECT latest_version FROM ir_module_module WHERE name = 'opportunity_crm'", released) == [VERSION]

    fresh = make_database()
    databases.install(fresh)
    assert ours(difference(made(fresh), made(released))) == []

    server.run_script(released, RELEASED / "go_on.py")
