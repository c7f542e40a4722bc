from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.credit import FULL


class CrmLead(models.Model):
    """Who has which part of the credit for an opportunity: members of its groups their shares, its salesperson the
    rest. While it is open, those who cover today count; once it is closed, those who covered it then."""

    _inherit = "crm.lead"

    credit_ids = fields.One2many(
        "opportunity.credit", "lead_id", string="Credit When Closed", readonly=True, copy=False
    )
    coverage_people = fields.Json(
        string="Covered By",
        compute="_compute_coverage_people",
        compute_sudo=True,
        export_string_translation=False,
        help="Who covers the opportunity, in which role and with which share of the credit.",
    )

    @api.depends(
        "coverage_group_ids.member_ids.is_current",
        "coverage_group_ids.member_ids.credit",
        "coverage_group_ids.active",
        "credit_ids",
        "user_id",
        "company_id",
        "won_status",
    )
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_coverage_people(self):
        for lead in self:
            people = [lead._describe_person(member) for member in lead._get_credited()]
            lead.coverage_people = lead._add_owner(people) if people else []

    def _get_credited(self):
        """Return the records (members, or credits of a closed opportunity) that say who has credit besides the
        salesperson. Groups of another company, and people who may not use its company, cover nothing."""
        if self._is_settled():
            return self.credit_ids
        company = self.company_id
        members = self.coverage_group_ids._filter_usable(company).member_ids.filtered("is_current").sorted()
        return members.filtered(lambda member: not company or company in member.user_id.company_ids)

    def _is_settled(self):
        return self.won_status != "pending" and bool(self.credit_ids)

    def _describe_person(self, share):
        return {
            "id": f"{share._name},{share.id or share._origin.id}",
            "user_id": share.user_id.id,
            "name": share.user_id.name,
            "role": share.role_id.name,
            "group": share.group_id.name or "",
            "credit": round(share.credit, 2),
        }

    def _add_owner(self, people):
        rest = round(max(FULL - sum(person["credit"] for person in people), 0), 2)
        owner = {
            "id": "owner",
            "user_id": self.user_id.id,
            "name": self.user_id.name or self.env._("Nobody yet"),
            "role": self.env._("Salesperson"),
            "group": "",
            "credit": rest,
        }
        return [owner, *people]

    @api.constrains("coverage_group_ids")
    def _check_credit(self):
        """Refuse groups whose members together have more than 100 % of the credit, and groups without any."""
        # sudo: members whom the user may not read count too; names of groups and numbers are shown
        for groups, leads in self.sudo().grouped("coverage_group_ids").items():
            groups._require_members()
            total, day = groups._get_credit_peak()
            if total > FULL:
                raise ValidationError(
                    self.env._(
                        "%(opportunities)s: %(problem)s",
                        opportunities=", ".join(f"“{name}”" for name in leads[:10].mapped("name")),
                        problem=groups._explain_excess(total, day),
                    )
                )

    def _settle_changed_coverage(self, vals):
        """Credit that is kept follows when somebody changes the groups of a closed opportunity."""
        if "coverage_group_ids" in vals:
            # sudo: nobody writes credits but the server, when the opportunity was written that they belong to
            self.sudo().credit_ids.unlink()
            self._settle_credits()

    def _settle_credits(self):
        """Keep the credit of opportunities that were closed, and forget that of those that were opened again."""
        covered = self.filtered("coverage_group_ids")
        if not covered:  # the status of others is not asked for: that would make Odoo score each of them at once
            return
        # sudo: as above
        credits = self.env["opportunity.credit"].sudo()
        kept = credits.search_fetch([("lead_id", "in", covered.ids)], ["lead_id"], order="id")
        closed = covered.filtered(lambda lead: lead.won_status != "pending")
        missing = closed - kept.lead_id
        kept.filtered(lambda share: share.lead_id not in closed).unlink()
        if missing:
            rows = self.env.execute_query(missing._select_live_credits(SQL("lead.id = ANY(%s)", missing.ids)))
            names = ("lead_id", "user_id", "role_id", "group_id", "credit")
            credits.create([dict(zip(names, row, strict=False)) for row in sorted(rows)])

    def _select_live_credits(self, condition):
        """Return the query of the shares of members: opportunity, user, role, group, credit, and what sorts them.

        Counted are those who cover the opportunity today, or the day on which it was closed, in groups and as people
        that may cover its company.

        :param SQL condition: which opportunities (``lead``)
        """
        # SQL: the same for one opportunity that is closed and for the report on all of them
        for model in ("opportunity.coverage.group", "opportunity.coverage.member", "res.users", "crm.lead"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT lead.id AS lead_id, member.user_id, member.role_id, member.group_id, member.credit,
                   member.sequence AS place, member.id AS source_id
              FROM crm_lead lead
              JOIN crm_lead_coverage_group_rel applied ON applied.lead_id = lead.id
              JOIN opportunity_coverage_group covering ON covering.id = applied.group_id AND covering.active
              JOIN opportunity_coverage_member member ON member.group_id = covering.id
              JOIN res_users person ON person.id = member.user_id AND person.active AND person.share IS NOT TRUE
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN lead.won_status <> 'pending' AND lead.date_closed IS NOT NULL
                               THEN (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                               ELSE %(today)s END AS day
                   ) AS moment
             WHERE %(condition)s
               AND (member.date_from IS NULL OR member.date_from <= moment.day)
               AND (member.date_to IS NULL OR member.date_to >= moment.day)
               AND (member.company_id IS NULL OR member.company_id = lead.company_id)
               AND (lead.company_id IS NULL OR EXISTS (
                       SELECT FROM res_company_users_rel allowed
                        WHERE allowed.user_id = member.user_id AND allowed.cid = lead.company_id))
            """,
            zone=self.env.context.get("tz") or self.env.user.tz or "UTC",
            today=fields.Date.context_today(self),
            condition=condition,
        )
