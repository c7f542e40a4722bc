"""Run in Odoo's shell: keep a development database from calling services on the network."""

parameters = env["ir.config_parameter"]  # noqa: F821 - given by the shell
parameters.set_param("iap.endpoint", "http://127.0.0.1:9")
parameters.set_param("iap.partner_autocomplete.endpoint", "http://127.0.0.1:9")
parameters.set_param("crm.iap.lead.enrich.setting", "manual")
for xmlid in (
    "mail.ir_cron_module_update_notification",
    "crm_iap_enrich.ir_cron_lead_enrichment",
    "partner_autocomplete.ir_cron_partner_autocomplete",
):
    cron = env.ref(xmlid, raise_if_not_found=False)  # noqa: F821
    if cron:
        cron.active = False
env.cr.commit()  # noqa: F821
