"""Run in Odoo's shell: a sequence with steps of every kind, at once one after the other, and opportunities in it.

Reads SIZE and PORT from the environment.
"""

import os

env = env  # noqa: F821 - what the shell provides
size, port = int(os.environ["SIZE"]), int(os.environ["PORT"])
env["ir.mail_server"].create({"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none"})
env["ir.config_parameter"].set_param("opportunity_crm.followup_daily_limit", "0")
owner = (
    env["res.users"]
    .with_context(no_reset_password=True)
    .create(
        {
            "name": "Owner",
            "login": "owner",
            "email": "owner@example.com",
            "group_ids": [(6, 0, [env.ref("sales_team.group_sale_salesman").id])],
        }
    )
)
template = env["mail.template"].create(
    {
        "name": "Proof",
        "model_id": env["ir.model"]._get_id("crm.lead"),
        "subject": "{{ object.name }}",
        "body_html": '<p>You owe <t t-out="7 / (object.expected_revenue - 13)"/></p>',
    }
)
second = template.copy({"subject": "again {{ object.name }}", "body_html": "<p>Again</p>"})
steps = [
    {"kind": "note", "note": "<p>proof-note-1</p>"},
    {"kind": "email", "template_id": template.id},
    {"kind": "activity"},
    {"kind": "note", "note": "<p>proof-note-2</p>"},
    {"kind": "email", "template_id": second.id},
    {"kind": "tag_add", "tag_ids": [(0, 0, {"name": "Proof"})]},
]
values = [(0, 0, {"name": f"Step {n}", "sequence": n, "timing": "now", **step}) for n, step in enumerate(steps)]
sequence = env["opportunity.sequence"].create({"name": "Proof", "step_ids": values, "track_links": False})
sequence.action_activate()
leads = (
    env["crm.lead"]
    .with_context(tracking_disable=True, mail_create_nosubscribe=True)
    .create(
        [
            {
                "name": f"Lead {n}",
                "type": "opportunity",
                "email_from": f"lead{n}@example.com",
                "user_id": owner.id,
                "expected_revenue": 13 if n == int(os.environ.get("POISON", -1)) else 100,
            }
            for n in range(size)
        ]
    )
)
result = sequence.enroll(leads)
assert len(result["enrolled"]) == size, result["refused"]
env["mail.mail"].search([]).unlink()
env.cr.commit()
