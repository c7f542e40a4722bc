from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .models.crm_lead_grant_key import unfollow_grants
from .models.opportunity_share_access import drop_grant_functions


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
    remove_custom_fields(env)
    env.cr.execute(
        SQL("UPDATE crm_lead SET template_id = NULL, template_stage_id = NULL WHERE template_id IS NOT NULL")
    )
    env.cr.execute(SQL("UPDATE crm_lead SET win_reason_id = NULL WHERE win_reason_id IS NOT NULL"))
    env.cr.execute(SQL("UPDATE ir_attachment SET box_category_id = NULL WHERE box_category_id IS NOT NULL"))
    env.cr.execute(SQL("DELETE FROM opportunity_stage_move"))
    env.cr.execute(SQL("DELETE FROM opportunity_step"))
    env.cr.execute(SQL("DELETE FROM opportunity_enrollment"))
    env.cr.execute(SQL("DELETE FROM opportunity_sequence"))
    env.cr.execute(SQL("DELETE FROM ir_config_parameter WHERE starts_with(key, 'opportunity_crm.followup_')"))
    env.cr.execute(SQL("UPDATE opportunity_template SET assignment_id = NULL WHERE assignment_id IS NOT NULL"))
    env.cr.execute(SQL("DELETE FROM opportunity_assignment"))
    env.cr.execute(SQL("DELETE FROM opportunity_credit"))
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
    forget_inheritance(env.cr)
    keep_what_was_sold(env.cr)
    unfollow_grants(env.cr)
    drop_grant_functions(env.cr)
    env.invalidate_all()


def remove_custom_fields(env):
    """Remove the columns of custom tabs: they belong to definitions that go with the addon."""
    flags = {"active_test": False, "opportunity_discard_values": True, MODULE_UNINSTALL_FLAG: True}
    env["opportunity.tab"].with_context(**flags).search([]).unlink()


def forget_inheritance(cr):
    """Forget that opportunities inherit the catalogue: Odoo keeps such a note while the model stays, under the name of
    each module that extends the parent."""
    cr.execute(
        SQL(
            """
            DELETE FROM ir_model_inherit
             USING ir_model AS model, ir_model AS parent
             WHERE model.id = model_id AND model.model = 'crm.lead'
               AND parent.id = parent_id AND parent.model = 'product.catalog.mixin'
            """
        )
    )


def keep_what_was_sold(cr):
    """Let go of orders and invoices, and of their customers and products, that came with the demo data: they stay, as
    they would if somebody had entered them."""
    cr.execute(
        SQL(
            """
            WITH customer AS (
                SELECT partner.id, partner.commercial_partner_id, partner.parent_id
                  FROM res_partner partner
                 WHERE partner.id IN (
                       SELECT partner_id FROM sale_order
                        UNION SELECT partner_invoice_id FROM sale_order
                        UNION SELECT partner_shipping_id FROM sale_order
                        UNION SELECT partner_id FROM account_move_line)
            ), product AS (
                SELECT product.id, product.product_tmpl_id, template.categ_id
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE product.id IN (
                       SELECT product_id FROM sale_order_line UNION SELECT product_id FROM account_move_line)
            ), kept AS (
                SELECT 'sale.order' AS model, id FROM sale_order
                 UNION SELECT 'account.move', id FROM account_move
                 UNION SELECT 'res.partner', unnest(ARRAY[id, commercial_partner_id, parent_id]) FROM customer
                 UNION SELECT 'product.product', id FROM product
                 UNION SELECT 'product.template', product_tmpl_id FROM product
                 UNION SELECT 'product.category', categ_id FROM product
            )
            DELETE FROM ir_model_data data
                  USING kept
                  WHERE data.module = 'opportunity_crm' AND data.model = kept.model AND data.res_id = kept.id
            """
        )
    )
