"""Run in Odoo's shell: send what is in the queue of e-mails, as its scheduled action does."""

env = env  # noqa: F821 - what the shell provides
env["mail.mail"].process_email_queue()
env.cr.commit()
