# Run in Odoo's shell: what people do with the first version, with data of every kind that it had.
from datetime import timedelta

from odoo import fields

from odoo.addons.mail.tests.common import mail_new_test_user

env = env  # noqa: F821 - what the shell provides
today = fields.Date.today()
group = "sales_team.group_sale_salesman"
rep = mail_new_test_user(env, login="first_rep", password="first_rep", groups=group)
boss = mail_new_test_user(env, login="first_boss", groups="sales_team.group_sale_manager")
team = env["crm.team"].create({"name": "First Team", "member_ids": (rep | boss).ids})
tag = env["crm.tag"].create({"name": "First Tag"})
partner = env["res.partner"].create({"name": "First Customer", "email": "first@example.com"})
won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
stages = env["crm.stage"].create(
    [{"name": name, "template_only": True, "sequence": 900 + n} for n, name in enumerate(("One", "Two", "Three"))]
)
lines = [
    (0, 0, {"stage_id": stage.id, "sequence": n * 10, "probability": 20 * n + 5, "target_days": n})
    for n, stage in enumerate(stages)
]
lines[1][2]["use_automated_probability"] = True
own = env["opportunity.template"].create(
    {
        "name": "First Own",
        "description": "Deals of the first days",
        "closing_days": 12,
        "color": 3,
        "team_ids": team.ids,
        "tag_ids": tag.ids,
        "stage_ids": [*lines, (0, 0, {"stage_id": won.id, "sequence": 90})],
    }
)
own.action_activate()
team.opportunity_template_id = own
retired = own.copy({"name": "First Retired"})
retired.action_activate()
env["opportunity.template"].create({"name": "First Draft", "stage_ids": lines[:1]})
# a template of the addon that people have changed: it is theirs
env.ref("opportunity_crm.opportunity_template_upsell").write({"name": "Our Upsell", "closing_days": 77})
env.ref("opportunity_crm.opportunity_template_referral").state = "archived"


def lead(name, **values):
    values = {"type": "opportunity", "user_id": rep.id, "team_id": team.id, "partner_id": partner.id, **values}
    return env["crm.lead"].with_user(rep).create({"name": f"First {name}", "expected_revenue": 1000, **values})


def move(record, *through):
    for stage in through:
        record.stage_id = stage


open_ = lead("open", next_action_date=today + timedelta(days=9), next_action_note="Call the buyer")
move(open_, stages[1], stages[2], stages[0], stages[1])
open_.message_post(body="A word of the first days")
move(lead("won"), stages[1], won)
lost = lead("lost")
lost.action_set_lost(lost_reason_id=env["crm.lost.reason"].search([], limit=1).id)
reopened = lead("reopened")
reopened.action_set_lost()
reopened.action_restore()
lead("archived").active = False
lead("imported", next_action_date=today + timedelta(days=1))
env["crm.lead"].with_user(rep).load(["name", "type", "stage_id"], [["First loaded", "opportunity", won.name]])
(lead("merged a") | lead("merged b")).with_user(boss).merge_opportunity()
lead("of a retired template", template_id=retired.id)
retired.state = "archived"
lead("of the upsell", template_id=env.ref("opportunity_crm.opportunity_template_upsell").id)
lead("plain", template_id=False, team_id=False)
env["crm.lead"].create({"name": "First lead", "type": "lead", "team_id": False})
env.cr.commit()
