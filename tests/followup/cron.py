"""Run in Odoo's shell: the scheduled action itself, once, as Odoo runs it."""

env = env  # noqa: F821 - what the shell provides
env.ref("opportunity_crm.ir_cron_run_followups").method_direct_trigger()
env.cr.commit()
