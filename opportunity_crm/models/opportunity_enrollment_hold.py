from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.tools import SQL

HOME = "opportunity_crm.followup_home"


class OpportunityEnrollmentStep(models.Model):
    """Steps run in the live database, not in a copy.

    Odoo gives a database that it duplicates another ``database.uuid``; one copied by the means of PostgreSQL keeps it,
    but is another database there, or on another cluster. The first database in which a sequence goes live is
    remembered by all three. Where they differ, nothing runs until an administrator says that this is the live one, as
    after a move to another server.
    """

    _inherit = "opportunity.enrollment.step"

    @api.model
    def _get_hold_reason(self):
        """Return why nothing runs in this database, False where it does."""
        # sudo: parameters that say which database this is
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return self.env._("This database is neutralized: no step runs and nothing is sent.")
        if self._is_copy():
            return self.env._(
                "This database is a copy: no step runs and nothing is sent. If it is the live one, an administrator"
                " says so in the settings of CRM."
            )
        return False

    @api.model
    def _is_copy(self):
        home = self.env["ir.config_parameter"].sudo().get_param(HOME)  # sudo: as above
        return bool(home) and home != self._get_database_identity()

    @api.model
    def _get_database_identity(self):
        # sudo: as above
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}/{self._get_physical_identity()}"

    @api.model
    @tools.ormcache()
    def _get_physical_identity(self):
        """Return what PostgreSQL calls this database: it is another one after a copy, and the same after a renaming."""
        # SQL: the catalogue; the number of the cluster may be kept from its users
        self.env.cr.execute(
            SQL(
                """
                SELECT oid, has_function_privilege('pg_control_system()', 'execute')
                  FROM pg_database WHERE datname = current_database()
                """
            )
        )
        oid, may_ask = self.env.cr.fetchone()
        cluster = 0
        if may_ask:
            self.env.cr.execute(SQL("SELECT system_identifier FROM pg_control_system()"))
            [cluster] = self.env.cr.fetchone()
        return f"{cluster}/{oid}"

    @api.model
    def _settle(self):
        """Remember that this is the live database, unless one is remembered."""
        # sudo: as above
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(HOME):
            parameters.set_param(HOME, self._get_database_identity())

    @api.model
    def declare_live(self):
        """Say that this database is the live one: steps run here from now on, those that are late first.

        :raise AccessError: for whoever is no administrator
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator says which database is the live one."))
        self.env["ir.config_parameter"].sudo().set_param(HOME, False)  # sudo: as above
        self._settle()
        self.env["opportunity.sequence"]._wake_engine()
