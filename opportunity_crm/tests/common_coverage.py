from contextlib import contextmanager

from odoo.fields import Command

from .common import OpportunityCase


class CoverageCase(OpportunityCase):
    """Two roles, and a group in which a colleague is the specialist and a senior the sponsor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialist, cls.sponsor = cls.env["opportunity.coverage.role"].create(
            [{"name": "Night Specialist"}, {"name": "Night Sponsor"}]
        )
        cls.group = cls.create_group("Nights", (cls.colleague, cls.specialist), (cls.senior, cls.sponsor))

    @classmethod
    def create_group(cls, name, *members, **values):
        """Create a group; a member is ``(user, role)`` or ``(user, role, values)``."""
        return cls.env["opportunity.coverage.group"].create(
            {"name": name, "member_ids": [cls.prepare_member(*member) for member in members], **values}
        )

    @classmethod
    def prepare_member(cls, user, role, values=None):
        return Command.create({"user_id": user.id, "role_id": role.id, **(values or {})})

    @contextmanager
    def assertRefused(self, exception, message):
        """The exception is raised with that message, and nothing stays of what raised it."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def holder(self, lead, role=None):
        role = role or self.specialist
        return lead._get_role_users(role).get((lead.id, role.id))
