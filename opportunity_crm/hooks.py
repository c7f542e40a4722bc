from odoo.tools import SQL


def pre_init_hook(env):
    """Add the columns of the template empty: existing opportunities have none, and nothing is to be computed."""
    env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS template_id integer"))
    env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS template_stage_id integer"))


def post_init_hook(env):
    """Give the opportunities that exist on the day of installation their past."""
    env["opportunity.stage.move"]._create_from_tracking()
