from datetime import datetime

from .test_velocity import VelocityCase

SPRING = datetime(2026, 5, 15, 9)  # in the second quarter


class DashboardCase(VelocityCase):
    """A dashboard in the middle of May 2026, of opportunities that the tests create."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.at(SPRING))

    def look(self, panel, user=None, **filters):
        """Return a panel as the user (the manager) sees it, of the team."""
        self.env.flush_all()
        self.env.invalidate_all()
        filters = {"team_ids": self.team.ids, **filters}
        return self.env["opportunity.dashboard"].with_user(user or self.manager).read_panels([panel], filters)[panel]

    def deal(self, *path, **values):
        """An opportunity that begins on the first day; see :meth:`travel`."""
        with self.day(0):
            lead = self.open_deal(False, **values)
        return self.travel(lead, *path)

    def open_deal(self, closing, revenue=100, **values):
        """An open opportunity in the first stage (10 %), or at another probability."""
        values = {"team_id": self.team.id, "template_id": self.template.id, **values}
        lead = self.create_lead(date_deadline=closing, expected_revenue=revenue, **values)
        self.env.flush_all()  # what is stamped with the moment of the creation
        return lead

    def closed_deal(self, day, revenue=100, outcome="won", created=None, **values):
        """An opportunity that was won or lost that day."""
        with self.at(created or day):
            lead = self.open_deal(False, revenue, **values)
        with self.at(day):
            lead.action_set_won() if outcome == "won" else lead.action_set_lost()
        self.env.flush_all()
        return lead

    def numbers(self, answer):
        """Yield every number in an answer that can be opened."""
        if isinstance(answer, dict) and "domain" in answer:
            yield answer
        elif isinstance(answer, dict | list):
            for part in answer.values() if isinstance(answer, dict) else answer:
                yield from self.numbers(part)

    def assertOpens(self, answer, user=None):
        """Each number is that of the records which it opens, in the client's own context."""
        found = list(self.numbers(answer))
        self.assertTrue(found)
        for number in found:
            records = self.env[number["model"]].with_user(user or self.manager).search(number["domain"])
            count = sum(records.mapped("deals")) if "deals" in records else len(records)
            self.assertAlmostEqual(count, number["count"], 2, number["domain"])
        return found
