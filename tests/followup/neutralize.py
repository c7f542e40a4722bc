"""Run in Odoo's shell: neutralize the database as Odoo does with a copy."""

from odoo.modules.neutralize import neutralize_database

env = env  # noqa: F821 - what the shell provides
neutralize_database(env.cr)
env.cr.commit()
