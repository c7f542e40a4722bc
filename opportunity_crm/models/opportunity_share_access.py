from odoo import api, models
from odoo.tools import SQL

from .crm_lead_grant_key import follow_grants


class OpportunityShare(models.Model):
    """What a person is granted, read from the tables when it is asked: the one source of the access rules, of
    ``check_access`` and of “Why can I see this?”."""

    _inherit = "opportunity.share"

    _user_grants = models.Index("(user_id, lead_id, access, date_start, date_end) WHERE active AND user_id IS NOT NULL")
    _team_grants = models.Index("(team_id, lead_id, access, date_start, date_end) WHERE active AND team_id IS NOT NULL")
    _coverage_group_grants = models.Index(
        "(coverage_group_id, lead_id, access, date_start, date_end) WHERE active AND coverage_group_id IS NOT NULL"
    )
    _group_grants = models.Index(
        "(group_id, lead_id, access, date_start, date_end) WHERE active AND group_id IS NOT NULL"
    )

    def init(self):
        res = super().init()
        follow_grants(self.env.cr, self._table)
        return res

    @api.model
    def _select_grants(self, user, edit_only=False):
        """Return the query of what is granted to a user today by shares and by coverage.

        Columns: ``lead_id``, ``can_edit``, ``share_id`` or ``coverage_group_id``. It is built anew for each query and
        looks at nothing that is cached, so what is revoked, expired or archived grants nothing any more.

        :param user: ``res.users`` record
        :param bool edit_only: leave out what grants reading only
        """
        self.flush_model()
        self.env["crm.lead"].flush_model(["coverage_group_ids"])
        coverage_groups = self._select_coverage_groups(user)
        recipients = {
            "user_id": SQL("SELECT %s::integer", user.id),
            "team_id": self._select_teams(user),
            "coverage_group_id": coverage_groups,
            "group_id": self._select_groups(user),
        }
        # SQL: the rules need an array that PostgreSQL computes once and combines with its indexes. A branch for each
        # kind of recipient is read from an index alone; an OR over the kinds would read the shares themselves
        branches = [self._select_shares_with(field, ids, edit_only) for field, ids in recipients.items()]
        covered = SQL(
            """
            SELECT covered.lead_id, TRUE, NULL::integer, covered.group_id
              FROM crm_lead_coverage_group_rel covered
             WHERE covered.group_id = ANY(ARRAY(%s))
            """,
            coverage_groups,
        )
        return SQL(" UNION ALL ").join([*branches, covered])

    @api.model
    def _select_grant_keys(self, user, edit_only=False):
        """Return the query of the keys that a user holds now: their own, and those of their teams and groups.

        :param bool edit_only: the keys that let edit; the others let read, whatever lets edit included
        """
        # SQL: a key is made of ids that only the query knows
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s || id || %s FROM (%s) AS mine (id)", kind, "!" if edit_only else "", ids)
            for kind, ids in {
                "u": SQL("SELECT %s::integer", user.id),
                "t": self._select_teams(user),
                "c": self._select_coverage_groups(user),
                "g": self._select_groups(user),
            }.items()
        )

    @api.model
    def _select_shares_with(self, field, ids, edit_only):
        """Return the query of the current shares with one kind of recipient.

        :param str field: of the recipient, e.g. ``team_id``
        :param SQL ids: the query of the recipients to which the user belongs
        """
        return SQL(
            """
            SELECT share.lead_id, share.access = 'edit' AS can_edit, share.id AS share_id,
                   NULL::integer AS coverage_group_id
              FROM opportunity_share share
             WHERE %(current)s AND %(mode)s AND share.%(field)s = ANY(ARRAY(%(ids)s))
            """,
            current=self._sql_current(),
            mode=SQL("share.access = 'edit'") if edit_only else SQL("TRUE"),
            field=SQL.identifier(field),
            ids=ids,
        )

    @api.model
    def _sql_current(self):
        return SQL(
            "share.active AND (share.date_start IS NULL OR share.date_start <= %(day)s)"
            " AND (share.date_end IS NULL OR share.date_end >= %(day)s)",
            day=self._get_day(),
        )

    @api.model
    def _select_teams(self, user):
        """Return the query of the sales teams of a user: as a member, or as the leader."""
        self.env["crm.team"].flush_model(["active", "user_id"])
        self.env["crm.team.member"].flush_model(["active", "crm_team_id", "user_id"])
        return SQL(
            """
            SELECT team.id FROM crm_team team
             WHERE team.active AND (
                   team.user_id = %(user)s
                OR team.id IN (SELECT crm_team_id FROM crm_team_member WHERE active AND user_id = %(user)s))
            """,
            user=user.id,
        )

    @api.model
    def _select_coverage_groups(self, user):
        """Return the query of the coverage groups of which a user is a member today."""
        # SQL: as the search of members with their domain of current ones would, which each query would build anew
        self.env["opportunity.coverage.member"].flush_model(["date_from", "date_to", "group_id", "user_id"])
        self.env["opportunity.coverage.group"].flush_model(["active"])
        self.env["res.users"].flush_model(["active", "share"])
        return SQL(
            """
            SELECT member.group_id
              FROM opportunity_coverage_member member
              JOIN opportunity_coverage_group covering ON covering.id = member.group_id AND covering.active
              JOIN res_users person ON person.id = member.user_id AND person.active AND person.share IS NOT TRUE
             WHERE member.user_id = %(user)s
               AND (member.date_from IS NULL OR member.date_from <= %(day)s)
               AND (member.date_to IS NULL OR member.date_to >= %(day)s)
            """,
            user=user.id,
            day=self._get_day(),
        )

    @api.model
    def _select_groups(self, user):
        """Return the query of the user groups of a user, those that are implied included."""
        return SQL(
            """
            WITH RECURSIVE mine (id) AS (
                   SELECT gid FROM res_groups_users_rel WHERE uid = %s
                    UNION
                   SELECT implied.hid FROM res_groups_implied_rel implied JOIN mine ON implied.gid = mine.id)
            SELECT id FROM mine
            """,
            user.id,
        )
