from typing import NamedTuple

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..tools.rotation import Candidate, next_turn, take_turns


class Participant(NamedTuple):
    """Somebody who belongs to a rotation, with the reason why no turn comes to them now, if there is one."""

    user: models.Model
    weight: int
    obstacle: str


class OpportunityAssignment(models.Model):
    """Who takes turns, who does not at the moment, and who is next."""

    _inherit = "opportunity.assignment"

    next_user_id = fields.Many2one(
        "res.users",
        string="Next",
        compute="_compute_next_user_id",
        compute_sudo=True,
        help="Who gets the next opportunity, if nobody is given.",
    )
    people = fields.Json(string="Who Takes Turns", compute="_compute_people", compute_sudo=True)

    @api.depends("source", "team_id", "group_id", "role_ids", "mode", "turn_ids.balance")
    @api.depends_context("company")
    def _compute_next_user_id(self):
        for rotation in self:
            key, _balances = next_turn(rotation._get_candidates(self.env.company))
            rotation.next_user_id = key

    @api.depends("source", "team_id", "group_id", "role_ids", "mode", "turn_ids.balance")
    @api.depends_context("company", "lang", "tz")
    def _compute_people(self):
        for rotation in self:
            counts = {turn.user_id: turn.count for turn in rotation.turn_ids}
            upcoming, _balances = next_turn(rotation._get_candidates(self.env.company))
            rotation.people = [
                rotation._describe_participant(one, counts.get(one.user, 0), upcoming)
                for one in rotation._get_participants(self.env.company)
            ]

    def _describe_participant(self, participant, count, upcoming):
        user, weight, obstacle = participant
        is_next = user.id == upcoming and not obstacle
        return {
            "id": user.id,
            "user_id": user.id,
            "name": user.name,
            "role": obstacle or (self.env._("Next") if is_next else ""),
            "group": "",
            "weight": weight,
            "count": count,
            "is_next": is_next,
            "is_muted": bool(obstacle),
        }

    def _get_pool(self):
        """Return the memberships among which turns are taken, in order: of the team or of the group."""
        self.ensure_one()
        if self.source == "team":
            return self.team_id.crm_team_member_ids.sorted("id")
        members = self.group_id.member_ids.sorted()
        return members.filtered(lambda member: not self.role_ids or member.role_id in self.role_ids)

    def _get_participants(self, company):
        """Return the :class:`Participant` list, each user once, in the order of the team or group.

        :param company: ``res.company`` of the opportunity, which they must be able to use; empty: any
        """
        pool = self._get_pool()
        absences = self._get_absences(pool.user_id)
        people = {}
        for member in pool:
            weight = member._get_turn_weight() if self.mode == "ratio" else 1
            obstacle = self._get_obstacle(member, company, absences) or ("" if weight else self.env._("No weight"))
            former = people.get(member.user_id)
            if former and not former.obstacle:
                if self.mode == "ratio" and not obstacle:
                    people[member.user_id] = former._replace(weight=former.weight + weight)
                continue
            people[member.user_id] = Participant(member.user_id, weight, obstacle)
        return list(people.values())

    def _get_obstacle(self, member, company, absences):
        user = member.user_id
        if not user.active or user.share:
            return self.env._("Archived")
        if user in absences:
            return self.env._("Absent until %s", format_datetime(self.env, absences[user], dt_format="short"))
        if company and company not in user.company_ids:
            return self.env._("Not in the company %s", company.name)
        return member._get_turn_obstacle()

    @api.model
    def _get_absences(self, users):
        """Return ``{user: until when}`` of those who are away now.

        Known to Odoo without its Time Off app are the absences of resources; the app adds what it has approved to them.
        A holiday of all is nobody's absence.
        """
        now = self.env.cr.now()
        # sudo: that a colleague is away is no secret from whoever hands out work; why is not told
        leaves = self.env["resource.calendar.leaves"].sudo()
        domain = [
            ("resource_id.user_id", "in", users.ids),
            ("time_type", "=", "leave"),
            ("date_from", "<=", now),
            ("date_to", ">", now),
        ]
        return {leave.resource_id.user_id: leave.date_to for leave in leaves.search(domain, order="date_to")}

    def _get_candidates(self, company):
        balances = {turn.user_id: turn.balance for turn in self.turn_ids}
        return [
            Candidate(one.user.id, one.weight, balances.get(one.user, 0.0))
            for one in self._get_participants(company)
            if not one.obstacle
        ]

    def _take(self, count, company):
        """Take turns, and return the ids of the users in order; fewer than asked for when nobody is there.

        Whoever takes turns in the same rotation at the same moment waits, fails on the row of the rotation, and is
        tried again by Odoo with what has happened: no turn is given twice or lost, and one that is rolled back was
        never taken.
        """
        # sudo: anybody whose opportunity is assigned takes a turn, and nobody writes balances otherwise
        rotation = self.sudo()
        rotation.flush_recordset()
        try:
            rotation._lock(count)
        except SerializationFailure:
            if not self.env.context.get("opportunity_turn_optional"):
                raise
            return []
        rotation.invalidate_recordset(["turn_count", "turn_ids"])
        users, balances = take_turns(rotation._get_candidates(company), count)
        rotation._keep(users, balances)
        return users

    def _lock(self, count):
        """Count the turns in the row of the rotation, which keeps others out until the transaction ends."""
        # SQL because an update through the ORM comes with the next flush: it is the lock, and must come before the read
        update = SQL("UPDATE opportunity_assignment SET turn_count = turn_count + %s WHERE id = %s", count, self.id)
        with self.env.cr.savepoint(flush=False):
            self.env.cr.execute(update)

    def _keep(self, users, balances):
        turns = {turn.user_id.id: turn for turn in self.turn_ids}
        missing = [{"assignment_id": self.id, "user_id": user} for user in balances if user not in turns]
        for turn in self.env["opportunity.assignment.turn"].create(missing):
            turns[turn.user_id.id] = turn
        for user, balance in balances.items():
            turns[user].balance = balance
        for user in set(users):
            turns[user].write({"count": turns[user].count + users.count(user), "date_last": self.env.cr.now()})
