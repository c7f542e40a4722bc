from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

NOW = datetime(2026, 3, 2, 9, 0)  # a Monday
OPERATIONS = {"c": "create", "r": "read", "w": "write", "d": "unlink"}


class OpportunityBuilders:
    """Builders of templates, opportunities and people, for every test class of the addon."""

    @classmethod
    def create_people(cls):
        """One person for each role that Odoo's sales knows, in one team, and one in another company."""
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Overseas"})
        cls.rep = cls.create_user("rep", "sales_team.group_sale_salesman")
        cls.colleague = cls.create_user("colleague", "sales_team.group_sale_salesman")
        cls.senior = cls.create_user("senior", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls.create_user("manager", "sales_team.group_sale_manager")
        cls.overseas = cls.create_user("overseas", "sales_team.group_sale_manager", company=cls.other_company)
        cls.employee = cls.create_user("employee", "base.group_user")
        cls.portal = cls.create_user("portal_person", "base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.team = cls.create_team("Field Sales", cls.rep | cls.colleague | cls.senior | cls.manager)

    @classmethod
    def create_user(cls, login, groups, company=None):
        return mail_new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=(company or cls.env.company).id,
            email=f"{login}@example.com",
            tz="Europe/Brussels",
        )

    @classmethod
    def create_team(cls, name, members=None, **values):
        return cls.env["crm.team"].create(
            {"name": name, "use_opportunities": True, "member_ids": (members or cls.env["res.users"]).ids, **values}
        )

    @classmethod
    def create_stage(cls, name, **values):
        return cls.env["crm.stage"].create({"name": name, "template_only": True, **values})

    @classmethod
    def create_template(cls, name="Deal", stages=None, activate=True, **values):
        """Create a template; ``stages`` is a list of ``(crm.stage, probability, target_days)``."""
        stages = stages if stages is not None else cls.stages
        template = cls.env["opportunity.template"].create(
            {
                "name": name,
                "stage_ids": [
                    (
                        0,
                        0,
                        {
                            "stage_id": stage.id,
                            "probability": probability,
                            "target_days": days,
                            "sequence": number * 10,
                        },
                    )
                    for number, (stage, probability, days) in enumerate(stages, 1)
                ],
                **values,
            }
        )
        if activate:
            template.action_activate()
        return template

    @classmethod
    def add_step(cls, template, stage, name, **values):
        """Add a step to the template in the stage (``crm.stage``), after those it has."""
        line = template.stage_ids.filtered(lambda line: line.stage_id == stage)
        values = {"name": name, "sequence": 10 * (len(line.step_ids) + 1), "delay_unit": "days", **values}
        return cls.env["opportunity.template.step"].create({"template_stage_id": line.id, **values})

    @classmethod
    def add_condition(cls, template, stage, kind, fields=(), **values):
        """Add an exit condition to the template in the stage; ``fields`` are names of fields of an opportunity."""
        line = template.stage_ids.filtered(lambda line: line.stage_id == stage)
        if fields:
            values["field_ids"] = [cls.env["ir.model.fields"]._get("crm.lead", name).id for name in fields]
        return cls.env["opportunity.template.condition"].create({"template_stage_id": line.id, "kind": kind, **values})

    @classmethod
    def create_lead(cls, user=None, **values):
        """Create an opportunity as the user (the sales rep), who owns it."""
        user = user or cls.rep
        return (
            cls.env["crm.lead"]
            .with_user(user)
            .create({"name": "A deal", "type": "opportunity", "user_id": user.id, **values})
        )

    @contextmanager
    def at(self, moment):
        """Let Python and the cursor believe that it is that moment (UTC)."""
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield


@tagged("standard", "post_install", "-at_install")
class OpportunityCase(OpportunityBuilders, TransactionCase):
    """People, a template with four stages, and a clock that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.first = cls.create_stage("First", sequence=901)
        cls.second = cls.create_stage("Second", sequence=902)
        cls.third = cls.create_stage("Third", sequence=903)
        cls.won = cls.create_stage("Done deal", sequence=990, is_won=True)
        cls.stages = [(cls.first, 10, 5), (cls.second, 30, 10), (cls.third, 60, 0), (cls.won, 100, 0)]
        cls.template = cls.create_template()

    def setUp(self):
        super().setUp()
        self.enterContext(self.at(NOW))

    def assertRights(self, records, table):
        """Hold the rights on records against a truth table.

        :param records: records of one model; a right counts only when it holds for each of them
        :param dict table: ``{user: "crwd"}``, the letters of what the user may do
        """
        for user, letters in table.items():
            mine = records.with_user(user)
            allowed = "".join(letter for letter, operation in OPERATIONS.items() if mine.has_access(operation))
            self.assertEqual(allowed, letters, f"{records._name}, {user.login}")
