from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ..tools.credit import FULL, Share, peak


class OpportunityCoverageGroup(models.Model):
    """The credit of a group: its members have shares, the salesperson of the opportunity has the rest.

    So the shares of every covered opportunity add up to 100 %, as long as those of the members, over all groups applied
    to it, are not more on any day to come. What would make them more is refused: here when a group changes, on the
    opportunity when its groups do. Members who have left the company count too, because they may come back.
    """

    _inherit = "opportunity.coverage.group"

    credit_total = fields.Float(
        string="Credit of Members (%)",
        digits=(5, 2),
        compute="_compute_credit_total",
        help="Shares of those who cover today. The salesperson of an opportunity has the rest.",
    )
    credit_rest = fields.Float(string="Left to the Salesperson (%)", digits=(5, 2), compute="_compute_credit_total")
    credit_summary = fields.Char(string="Credit", compute="_compute_credit_total")

    @api.depends("member_ids.is_current", "member_ids.credit")
    def _compute_credit_total(self):
        for group in self:
            # what is being typed is counted before the constraint refuses it
            current = group.member_ids.filtered(lambda member: member.is_current or not member._origin)
            group.credit_total = sum(current.mapped("credit"))
            group.credit_rest = max(FULL - group.credit_total, 0)
            group.credit_summary = self.env._(
                "%(members)s %% for members, %(rest)s %% left to the salesperson",
                members=f"{group.credit_total:g}",
                rest=f"{group.credit_rest:g}",
            )

    @api.constrains("active")
    def _check_credit_of_group(self):
        self._check_credit()

    def _check_credit(self):
        """Refuse credit over 100 %, in a group or on an open opportunity that it covers with others."""
        # sudo: groups and opportunities of other companies count too; names of groups and numbers are shown
        groups = self.sudo().filtered("active")
        for group in groups:
            group._require_credit_left()
        for others, count in groups._get_combinations():
            others._require_credit_left(count)

    def _get_combinations(self):
        """Return ``[(groups, number of opportunities)]``: the groups that open opportunities have together."""
        if not self.ids:
            return []
        self.env["crm.lead"].flush_model(["coverage_group_ids", "active", "won_status", "type"])
        rows = self.env.execute_query(self._select_combinations())
        prefetch = {id_ for ids, _count in rows for id_ in ids}
        return [(self.browse(ids).with_prefetch(prefetch).filtered("active"), count) for ids, count in rows]

    def _select_combinations(self):
        # SQL: the ORM does not group by a set of records
        return SQL(
            """
            SELECT applied.group_ids, count(*)
              FROM (
                   SELECT rel.lead_id, array_agg(rel.group_id ORDER BY rel.group_id) AS group_ids
                     FROM crm_lead_coverage_group_rel rel
                     JOIN crm_lead lead ON lead.id = rel.lead_id
                    WHERE lead.active AND lead.won_status = 'pending'
                      AND rel.lead_id IN (SELECT lead_id FROM crm_lead_coverage_group_rel WHERE group_id = ANY(%s))
                 GROUP BY rel.lead_id
                   ) AS applied
             WHERE cardinality(applied.group_ids) > 1
          GROUP BY applied.group_ids
            """,
            self.ids,
        )

    def _get_credit_peak(self):
        """Return the most credit that members of the groups have together on one day to come, and that day."""
        members = self.filtered("active").member_ids
        shares = [Share(member.credit, member.date_from or None, member.date_to or None) for member in members]
        return peak(shares, fields.Date.context_today(self))

    def _require_members(self):
        """Refuse groups without members, which would seem to cover what nobody does."""
        empty = self.filtered(lambda group: group.active and not group.member_ids)
        if empty:
            raise ValidationError(
                self.env._(
                    "These coverage groups have no members and would cover nothing: %s. Add members to them first.",
                    ", ".join(empty.mapped("name")),
                )
            )

    def _require_credit_left(self, opportunities=0):
        """Refuse groups whose members have more than 100 % together, and say by how much and when."""
        total, day = self._get_credit_peak()
        if total > FULL:
            raise ValidationError(self._explain_excess(total, day, opportunities))

    def _explain_excess(self, total, day, opportunities=0):
        names = ", ".join(self.mapped("name"))
        values = {
            "groups": names,
            "total": f"{total:g}",
            "excess": f"{total - FULL:g}",
            "day": format_date(self.env, day),
            "count": opportunities,
        }
        text = self.env._(
            "The credit of the members of %(groups)s adds up to %(total)s %% on %(day)s, which is %(excess)s %% too"
            " much. Lower some shares, or let memberships end before others begin: together they have at most 100 %%,"
            " and the salesperson has the rest.",
            **values,
        )
        if opportunities:
            text += "\n" + self.env._("Open opportunities that have these groups together: %(count)s.", **values)
        return text


class OpportunityCoverageMember(models.Model):
    """The credit of a member counts with that of all others."""

    _inherit = "opportunity.coverage.member"

    @api.constrains("credit", "date_from", "date_to", "group_id")
    def _check_credit_adds_up(self):
        # who joins without credit takes none away: the opportunities of the group need not be looked at
        self.filtered("credit").group_id._check_credit()
