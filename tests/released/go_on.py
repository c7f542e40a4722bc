# Run in Odoo's shell after the upgrade: people go on with what they had.
env = env  # noqa: F821 - what the shell provides
rep = env["res.users"].search([("login", "=", "first_rep")])
leads = env["crm.lead"].with_user(rep).with_context(active_test=False).search([("name", "=like", "First %")])
assert len(leads) > 8, leads
form = env["crm.lead"].with_user(rep).get_view(view_type="form")
leads.read(list(form["models"]["crm.lead"]))
for lead in leads:
    lead.get_timeline()
    assert lead.stage_move_ids or lead.type == "lead", lead.name
open_ = leads.filtered(lambda lead: lead.name == "First open")
assert open_.next_action_note == "Call the buyer"
moves = len(open_.stage_move_ids)
open_.stage_id = open_.template_id._get_stages()[2]
assert len(open_.stage_move_ids) == moves + 1
won = leads.filtered(lambda lead: lead.name == "First won")
won.stage_id = won.template_id._get_stages()[0]
assert won.won_status == "pending"
lost = leads.filtered(lambda lead: lead.name == "First lost")
lost.action_restore()
lost.action_set_won()
boss = env["res.users"].search([("login", "=", "first_boss")])
draft = open_.template_id.with_user(boss).copy()
draft.action_activate()
env["crm.lead"].with_user(rep).create({"name": "New", "type": "opportunity", "template_id": draft.id})
env.cr.commit()
