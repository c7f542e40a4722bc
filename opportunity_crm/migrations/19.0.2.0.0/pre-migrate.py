from odoo.addons.opportunity_crm.hooks import create_coverage_relation


def migrate(cr, version):
    """Add what would otherwise be computed for every opportunity that exists."""
    create_coverage_relation(cr)
