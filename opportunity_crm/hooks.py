from odoo.tools import SQL


def pre_init_hook(env):
    """Add the columns of the template empty: existing opportunities have none, and nothing is to be computed."""
    env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS template_id integer"))
    env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS template_stage_id integer"))
    create_coverage_relation(env.cr)


def create_coverage_relation(cr):
    """Add the relation of opportunities and coverage groups empty, as Odoo would: those that exist have no groups, and
    hundreds of thousands would be visited to compute that."""
    cr.execute(
        SQL(
            """
            CREATE TABLE IF NOT EXISTS crm_lead_coverage_group_rel (
                   lead_id integer NOT NULL, group_id integer NOT NULL, PRIMARY KEY (lead_id, group_id));
            CREATE INDEX IF NOT EXISTS crm_lead_coverage_group_rel_group_id_lead_id_idx
                ON crm_lead_coverage_group_rel (group_id, lead_id)
            """
        )
    )


def post_init_hook(env):
    """Give the opportunities that exist on the day of installation their past."""
    env["opportunity.stage.move"]._create_from_tracking()


def uninstall_hook(env):
    """Let go of the opportunities: they stay, in the stage in which they are, which then belongs to the pipeline."""
    env.cr.execute(
        SQL("UPDATE crm_lead SET template_id = NULL, template_stage_id = NULL WHERE template_id IS NOT NULL")
    )
    env.cr.execute(SQL("UPDATE crm_lead SET win_reason_id = NULL WHERE win_reason_id IS NOT NULL"))
    env.cr.execute(SQL("DELETE FROM opportunity_stage_move"))
    env.cr.execute(SQL("DELETE FROM opportunity_step"))
    env.cr.execute(SQL("DELETE FROM opportunity_enrollment"))
    env.cr.execute(SQL("DELETE FROM opportunity_sequence"))
    env.cr.execute(SQL("DELETE FROM ir_config_parameter WHERE starts_with(key, 'opportunity_crm.followup_')"))
    env.cr.execute(SQL("DELETE FROM opportunity_coverage_member"))
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data
             WHERE module = 'opportunity_crm' AND model = 'crm.stage'
               AND res_id IN (SELECT stage_id FROM crm_lead)
            """
        )
    )
    env.invalidate_all()
