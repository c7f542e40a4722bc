"""Who sees what, in random worlds: searches, counts, groups, access checks, the explanation and an oracle agree.

The oracle knows the description of the product and nothing of the code. A check is one (user, opportunity, reading or
editing), held against all of them at once.
"""

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.opportunity_crm.models.crm_lead_grant_key import FOLLOW
from odoo.addons.opportunity_crm.tests.common import NOW, OpportunityCase

PEOPLE, COMPANIES, TEAMS, COVERAGE, LEADS, SHARES = 8, 2, 3, 3, 16, 40
NONE, OWN, ALL, MANAGER = "none", "own", "all", "manager"
RIGHTS = {NONE: (), OWN: (OWN,), ALL: (OWN, ALL), MANAGER: (OWN, ALL, MANAGER)}
GROUPS = (*range(4), OWN, ALL)  # four user groups that may imply each other, and two of sales
MODES = ("read", "write")
TODAY = "(now() AT TIME ZONE 'UTC')::date"
# without shrinking, which takes many minutes: a failure says who, what and which seed
CHOSEN = {
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
KINDS = {"user": PEOPLE, "team": TEAMS, "coverage_group": COVERAGE, "group": len(GROUPS)}


@dataclass
class Span:
    """From a day to a day; the clock begins at 0."""

    first: int | None
    last: int | None

    def __contains__(self, day):
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass
class Person:
    rights: str
    companies: set
    groups: set


@dataclass
class Team:
    active: bool
    leader: int | None
    members: set
    former: set


@dataclass
class Membership:
    person: int
    span: Span


@dataclass
class Coverage:
    active: bool
    members: list


@dataclass
class Lead:
    owner: int | None
    company: int | None
    active: bool
    coverage: set


@dataclass
class Share:
    lead: int
    kind: str
    target: int
    editing: bool
    span: Span
    active: bool


@dataclass
class World:
    people: list
    implied: set  # pairs of user groups, the first implies the second
    teams: list
    coverage: list
    leads: list
    shares: list
    day: int = 0


def may(world, number, lead_number, mode):
    """The oracle: whether somebody may read or write an opportunity, told from the description of the product."""
    person, lead = world.people[number], world.leads[lead_number]
    if person.rights == NONE or (lead.company is not None and lead.company not in person.companies):
        return False
    if person.rights in (ALL, MANAGER) or lead.owner in (None, number):
        return True
    groups, found = set(), person.groups | set(RIGHTS[person.rights])
    while found - groups:
        groups |= found
        found = {base for above, base in world.implied if above in groups}
    mine = {
        "user": {number},
        "team": {n for n, team in enumerate(world.teams) if team.active and number in {team.leader, *team.members}},
        "coverage_group": {
            n
            for n, group in enumerate(world.coverage)
            if group.active and any(member.person == number and world.day in member.span for member in group.members)
        },
        "group": {n for n, group in enumerate(GROUPS) if group in groups},
    }
    return bool(mine["coverage_group"] & lead.coverage) or any(
        share.lead == lead_number and share.active and world.day in share.span and (mode == "read" or share.editing)
        for share in world.shares
        if share.target in mine[share.kind]
    )


def numbers(count):
    return st.integers(0, count - 1)


def some(count, most=None):
    return st.sets(numbers(count), max_size=most)


def spans():
    days = st.none() | st.integers(-3, 3)
    return st.builds(
        lambda one, other: Span(one, other) if None in (one, other) or one <= other else Span(other, one), days, days
    )


def shares():
    def with_one(kind):
        return st.builds(
            Share,
            lead=numbers(LEADS),
            kind=st.just(kind),
            target=numbers(KINDS[kind]),
            editing=st.booleans(),
            span=spans(),
            active=st.sampled_from([True, True, True, False]),
        )

    return st.sampled_from(list(KINDS)).flatmap(with_one)


def listed(strategy, count):
    return st.lists(strategy, min_size=count, max_size=count)


def people():
    return st.builds(
        Person,
        rights=st.sampled_from([OWN] * 5 + [NONE, ALL, MANAGER]),
        companies=st.sets(numbers(COMPANIES), min_size=1),
        groups=some(4, 2),
    )


def coverage():
    members = st.lists(st.builds(Membership, numbers(PEOPLE), spans()), max_size=3)
    return st.builds(Coverage, active=st.sampled_from([True, True, False]), members=members)


def teams():
    return st.builds(
        Team,
        active=st.sampled_from([True, True, False]),
        leader=st.none() | numbers(PEOPLE),
        members=some(PEOPLE, 2),
        former=some(PEOPLE, 2),
    ).map(lambda team: Team(team.active, team.leader, team.members, team.former - team.members))


def leads():
    return st.builds(
        Lead,
        owner=st.sampled_from([None, *range(PEOPLE), *range(PEOPLE)]),
        company=st.none() | numbers(COMPANIES),
        active=st.sampled_from([True, True, True, False]),
        coverage=some(COVERAGE, 1),
    )


def worlds():
    pairs = st.tuples(numbers(4), numbers(4)).filter(lambda pair: pair[0] > pair[1])
    return st.builds(
        World,
        people=listed(people(), PEOPLE),
        implied=st.sets(pairs, max_size=3),
        teams=listed(teams(), TEAMS),
        coverage=listed(coverage(), COVERAGE),
        leads=listed(leads(), LEADS),
        shares=st.lists(shares(), min_size=SHARES // 2, max_size=SHARES),
    )


class TestShareProperty(OpportunityCase):
    """The tables are filled by SQL, which no code of the addon sees; what happens afterwards goes through the ORM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"tracking_disable": True, "mail_notrack": True, "mail_auto_subscribe_no_notify": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        cls.companies = cls.company | cls.other_company
        cls.users = cls.env["res.users"].concat(
            *(cls.create_user(f"person{n}", "base.group_user") for n in range(PEOPLE))
        )
        cls.rights = {
            OWN: cls.env.ref("sales_team.group_sale_salesman"),
            ALL: cls.env.ref("sales_team.group_sale_salesman_all_leads"),
            MANAGER: cls.env.ref("sales_team.group_sale_manager"),
        }
        own_groups = cls.env["res.groups"].create([{"name": f"Group {n}"} for n in range(4)])
        cls.groups = own_groups | cls.rights[OWN] | cls.rights[ALL]
        cls.teams = cls.env["crm.team"].create([{"name": f"Team {n}"} for n in range(TEAMS)])
        cls.coverage = cls.env["opportunity.coverage.group"].create([{"name": f"Group {n}"} for n in range(COVERAGE)])
        cls.roles = cls.env["opportunity.coverage.role"].create([{"name": f"Watch {n}"} for n in range(9)])
        cls.leads = cls.env["crm.lead"].create(
            [{"name": f"Deal {n}", "type": "opportunity", "team_id": False} for n in range(LEADS)]
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.checks, self.answers, self.happened, self.asked = 0, Counter(), Counter(), Counter()

    @settings(max_examples=3, derandomize=True, **CHOSEN)
    @given(st.data())
    def walk_shortly(self, data):
        self.walk(data)

    @settings(max_examples=110, print_blob=True, **CHOSEN)
    @given(st.data())
    def walk_long(self, data):
        self.walk(data)

    def test_all_agree(self):
        self.walk_shortly()
        self.assertChecked(2_000)

    @pytest.mark.long
    def test_all_agree_on_very_many(self):
        self.walk_long()
        self.assertChecked(100_000)
        self.assertEqual(set(self.happened), set(self.happenings()))

    def assertChecked(self, count):
        """There were so many checks, neither answer is rare, and some are about what shares and coverage grant."""
        self.assertGreaterEqual(self.checks, count)
        for answer in (True, False):
            self.assertGreater(self.answers[answer], self.checks / 5)
        self.assertGreater(self.answers["granted"], self.checks / 20)
        for state in ("keys", "shares"):
            self.assertGreater(self.asked[state], 0, "searches ask the keys, or the shares where keys are out of date")

    def walk(self, data):
        """Check a world, then again after each of some things that happen in it."""
        world = data.draw(worlds())
        with self.undone():
            self.begin_day(world)
            self.fill(world)
            self.assertAgreement(world)
            for happening in data.draw(st.lists(st.sampled_from(self.happenings()), min_size=2, max_size=5)):
                getattr(self, f"let_{happening}")(world, data.draw(st.randoms(use_true_random=False)))
                self.happened[happening] += 1
                self.assertAgreement(world)

    @contextmanager
    def undone(self):
        """Undo in the end whatever is done, even if it fails."""
        with closing(self.cr.savepoint(flush=False)):
            try:
                yield
            finally:
                self.env.transaction.clear()

    @classmethod
    def happenings(cls):
        return sorted(name.removeprefix("let_") for name in dir(cls) if name.startswith("let_"))

    def forget(self):
        """Begin as a new server does, after SQL that Odoo has not seen."""
        self.env.transaction.reset()
        self.env.registry.clear_all_caches()

    # Filling the tables

    def insert(self, table, columns, rows):
        # SQL: the tables are to hold what was drawn, whatever the models make of it
        if rows:
            self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s) VALUES %s RETURNING 1",
                    SQL.identifier(table),
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL(", ").join(SQL("%s", tuple(row)) for row in rows),
                )
            )

    def day(self, number):
        return None if number is None else NOW.date() + timedelta(days=number)

    def fill(self, world):
        self.fill_people(world)
        self.fill_teams(world)
        self.fill_coverage(world)
        self.fill_leads(world)
        self.fill_shares(world)
        self.forget()

    def fill_people(self, world):
        groups = [
            (group.id, user.id)
            for user, person in zip(self.users, world.people, strict=True)
            for group in [
                *(self.rights[right] for right in RIGHTS[person.rights][-1:]),
                *(self.groups[n] for n in person.groups),
            ]
        ]
        self.insert("res_groups_users_rel", ("gid", "uid"), groups)
        implied = [(self.groups[above].id, self.groups[base].id) for above, base in world.implied]
        self.insert("res_groups_implied_rel", ("gid", "hid"), implied)
        self.cr.execute("DELETE FROM res_company_users_rel WHERE user_id = ANY(%s)", [self.users.ids])
        companies = [
            (self.companies[n].id, user.id)
            for user, person in zip(self.users, world.people, strict=True)
            for n in person.companies
        ]
        self.insert("res_company_users_rel", ("cid", "user_id"), companies)
        for user, person in zip(self.users, world.people, strict=True):
            company = self.companies[min(person.companies)]
            self.cr.execute("UPDATE res_users SET company_id = %s WHERE id = %s", [company.id, user.id])

    def fill_teams(self, world):
        for team, drawn in zip(self.teams, world.teams, strict=True):
            leader = None if drawn.leader is None else self.users[drawn.leader].id
            self.cr.execute(
                "UPDATE crm_team SET active = %s, user_id = %s WHERE id = %s", [drawn.active, leader, team.id]
            )
        rows = [
            (team.id, self.users[n].id, n in drawn.members)
            for team, drawn in zip(self.teams, world.teams, strict=True)
            for n in drawn.members | drawn.former
        ]
        self.insert("crm_team_member", ("crm_team_id", "user_id", "active"), rows)

    def fill_coverage(self, world):
        rows = []
        for group, drawn in zip(self.coverage, world.coverage, strict=True):
            self.cr.execute("UPDATE opportunity_coverage_group SET active = %s WHERE id = %s", [drawn.active, group.id])
            for member, role in zip(drawn.members, self.roles, strict=False):
                days = (self.day(member.span.first), self.day(member.span.last))
                rows.append((group.id, self.users[member.person].id, role.id, 10, *days))
        columns = ("group_id", "user_id", "role_id", "sequence", "date_from", "date_to")
        self.insert("opportunity_coverage_member", columns, rows)

    def fill_leads(self, world):
        for lead, drawn in zip(self.leads, world.leads, strict=True):
            owner = None if drawn.owner is None else self.users[drawn.owner].id
            company = None if drawn.company is None else self.companies[drawn.company].id
            self.cr.execute(
                "UPDATE crm_lead SET user_id = %s, company_id = %s, active = %s WHERE id = %s",
                [owner, company, drawn.active, lead.id],
            )
        covered = [
            (lead.id, self.coverage[n].id)
            for lead, drawn in zip(self.leads, world.leads, strict=True)
            for n in drawn.coverage
        ]
        self.insert("crm_lead_coverage_group_rel", ("lead_id", "group_id"), covered)

    def fill_shares(self, world):
        targets = {"user": self.users, "team": self.teams, "coverage_group": self.coverage, "group": self.groups}
        columns = (
            "lead_id",
            "access",
            "date_start",
            "date_end",
            "active",
            "granted_by_id",
            "follow_state",
            "create_date",
        )
        for kind, records in targets.items():
            rows = [
                (
                    self.leads[share.lead].id,
                    "edit" if share.editing else "read",
                    self.day(share.span.first),
                    self.day(share.span.last),
                    share.active,
                    self.manager.id,
                    "kept",
                    NOW,
                    records[share.target].id,
                )
                for share in world.shares
                if share.kind == kind
            ]
            self.insert("opportunity_share", (*columns, f"{kind}_id"), rows)

    # What happens afterwards, to the plain world and through the ORM

    def begin_day(self, world):
        """Let the database have the day of the world."""
        today = f"'{self.day(world.day)}'::date"
        self.assertIn(TODAY, FOLLOW.code)
        self.cr.execute(FOLLOW.code.replace(TODAY, today))

    def let_days_pass(self, world, random):
        world.day += random.randrange(1, 3)
        self.begin_day(world)

    def let_the_scheduled_action_run(self, world, random):
        with self.at(NOW + timedelta(days=world.day)):
            self.env["crm.lead"]._set_grant_keys(self.env["crm.lead"]._get_stale_ids())
            self.assertFalse(self.env["crm.lead"]._get_stale_ids())

    def let_a_share_be_revoked(self, world, random):
        current = [share for share in world.shares if share.active]
        if current:
            share = random.choice(current)
            records = {"user": self.users, "team": self.teams, "coverage_group": self.coverage, "group": self.groups}
            domain = [
                ("lead_id", "=", self.leads[share.lead].id),
                (f"{share.kind}_id", "=", records[share.kind][share.target].id),
            ]
            self.env["opportunity.share"].search(domain).action_revoke()
            for other in world.shares:
                if (other.lead, other.kind, other.target) == (share.lead, share.kind, share.target):
                    other.active = False

    def let_a_team_be_archived(self, world, random):
        n = random.randrange(TEAMS)
        world.teams[n].active = self.teams[n].active = not world.teams[n].active

    def let_a_team_get_a_leader(self, world, random):
        n, leader = random.randrange(TEAMS), random.randrange(PEOPLE)
        self.teams[n].user_id = self.users[leader]
        world.teams[n].leader = leader

    def let_somebody_leave_a_team(self, world, random):
        team = random.choice([n for n in range(TEAMS) if world.teams[n].members] or [None])
        if team is not None:
            n = random.choice(sorted(world.teams[team].members))
            members = self.env["crm.team.member"].search([("crm_team_id", "=", self.teams[team].id)])
            members.filtered(lambda member: member.user_id == self.users[n]).active = False
            world.teams[team].members.remove(n)

    def let_a_coverage_group_be_archived(self, world, random):
        n = random.randrange(COVERAGE)
        world.coverage[n].active = self.coverage[n].active = not world.coverage[n].active

    def let_somebody_join_a_coverage_group(self, world, random):
        n, person = random.randrange(COVERAGE), random.randrange(PEOPLE)
        role = self.roles - self.coverage[n].member_ids.role_id
        self.coverage[n].member_ids = [Command.create({"user_id": self.users[person].id, "role_id": role[0].id})]
        world.coverage[n].members.append(Membership(person, Span(None, None)))

    def let_somebody_leave_a_coverage_group(self, world, random):
        n = random.randrange(COVERAGE)
        if world.coverage[n].members:
            person = random.choice(world.coverage[n].members).person
            self.coverage[n].member_ids.filtered(lambda member: member.user_id == self.users[person]).unlink()
            world.coverage[n].members = [m for m in world.coverage[n].members if m.person != person]

    def let_an_opportunity_be_covered(self, world, random):
        n, group = random.randrange(LEADS), random.randrange(COVERAGE)
        if not world.coverage[group].members:
            return  # a group without members is refused
        self.leads[n].coverage_group_ids = [Command.set(self.coverage[group].ids)]
        world.leads[n].coverage = {group}

    def let_an_opportunity_change_hands(self, world, random):
        n, owner = random.randrange(LEADS), random.randrange(PEOPLE)
        # SQL: the companies drawn need not fit, which Odoo would refuse
        self.cr.execute("UPDATE crm_lead SET user_id = %s WHERE id = %s", [self.users[owner].id, self.leads[n].id])
        self.leads.invalidate_recordset(["user_id"])
        world.leads[n].owner = owner

    def let_user_groups_change(self, world, random):
        n, group = random.randrange(PEOPLE), random.randrange(4)
        held = group in world.people[n].groups
        command = Command.unlink if held else Command.link
        self.users[n].group_ids = [command(self.groups[group].id)]
        world.people[n].groups ^= {group}

    def let_rights_change(self, world, random):
        n, rights = random.randrange(PEOPLE), random.choice(list(RIGHTS))
        own = [Command.unlink(group.id) for group in self.rights.values()]
        new = [Command.link(self.rights[right].id) for right in RIGHTS[rights][-1:]]
        self.users[n].group_ids = [*own, *new]
        world.people[n].rights = rights

    # The comparison

    def assertAgreement(self, world):
        self.env.flush_all()
        self.env.transaction.reset()
        with self.at(NOW + timedelta(days=world.day)):
            self.asked["shares" if self.env["crm.lead"]._get_stale_ids() else "keys"] += 1
            for n, user in enumerate(self.users):
                for mode in MODES:
                    seen = self.leads.browse(
                        lead.id for number, lead in enumerate(self.leads) if may(world, n, number, mode)
                    )
                    self.note(world, n, user, seen)
                    self.assertChecks(user, mode, seen)
                    self.assertRule(user, mode, seen)
                    if mode == "read":
                        self.assertFound(user, seen)
                    if n == 0:
                        self.assertExplained(user, mode, seen)

    def note(self, world, n, user, seen):
        self.checks += len(self.leads)
        self.answers[True] += len(seen)
        self.answers[False] += len(self.leads - seen)
        if world.people[n].rights == OWN:
            self.answers["granted"] += len(seen.filtered(lambda lead: lead.user_id and lead.user_id != user))

    def assertChecks(self, user, mode, seen):
        """Check access to all, to the seen ones, and to each."""
        theirs = self.leads.with_user(user)
        self.assertEqual(theirs._filtered_access(mode).ids, seen.ids)
        self.assertEqual([lead.id for lead in theirs if lead.has_access(mode)], seen.ids)
        if seen:
            seen.with_user(user).check_access(mode)
        if seen != self.leads and user == self.users[0]:  # Odoo's search for words of refusal takes its time
            with self.assertRaises(AccessError):
                theirs.check_access(mode)

    def assertRule(self, user, mode, seen):
        """Search with the rules alone, which is the only way to search in what may be written."""
        theirs = self.leads.with_user(user)
        if theirs.browse().has_access(mode):
            rules = theirs.env["ir.rule"]._compute_domain("crm.lead", mode)
            domain = Domain(rules) & Domain("id", "in", self.leads.ids)
            self.assertEqual(theirs.sudo().with_context(active_test=False).search(domain, order="id").ids, seen.ids)

    def assertFound(self, user, seen):
        """Search, count and group."""
        theirs = self.leads.with_user(user).with_context(active_test=False)
        domain = [("id", "in", self.leads.ids)]
        if not theirs.browse().has_access("read"):
            with self.assertRaises(AccessError):
                theirs.search(domain)
            return
        self.assertEqual(theirs.search(domain, order="id").ids, seen.ids)
        self.assertEqual(theirs.search_count(domain), len(seen))
        for groupby in ("user_id", "access_origin"):
            groups = theirs._read_group(domain, [groupby], ["id:recordset", "__count"])
            found = [lead.id for _value, leads, _count in groups for lead in leads]
            self.assertEqual(sorted(found), seen.ids)
            self.assertEqual(sum(count for *_group, count in groups), len(seen))
        for origin, leads in theirs._read_group(domain, ["access_origin"], ["id:recordset"]):
            self.assertEqual(set(leads.mapped("access_origin")), {origin})

    def assertExplained(self, user, mode, seen):
        for lead in self.leads[::5]:
            verdict = lead._explain_access(user)
            self.assertEqual(verdict["can_read" if mode == "read" else "can_edit"], lead in seen)
