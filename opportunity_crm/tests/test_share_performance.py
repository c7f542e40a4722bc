from odoo.fields import Command

from .test_share import ShareCase

MANY = 10_000
HUNDREDS = MANY // 100
SHARE_A_HUNDRED = 4
REVOKE_A_HUNDRED = 2


class TestSharePerformance(ShareCase):
    """Sharing very many opportunities costs a fixed number of queries and what Odoo writes a hundred rows a query."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.joining = cls.create_user("joining", "sales_team.group_sale_salesman")
        cls.leads = cls.insert_leads(MANY)

    @classmethod
    def insert_leads(cls, count):
        """Insert opportunities of the rep into the table, which is quicker than to create them."""
        cls.env.cr.execute(
            """
            INSERT INTO crm_lead (name, type, active, won_status, user_id, company_id, stage_id, priority, probability)
            SELECT 'Deal ' || n, 'opportunity', TRUE, 'pending', %s, %s, %s, '0', 20 FROM generate_series(1, %s) AS n
         RETURNING id
            """,
            [cls.rep.id, cls.company.id, cls.env["crm.stage"].search([], limit=1).id, count],
        )
        return cls.env["crm.lead"].browse(id_ for (id_,) in cls.env.cr.fetchall())

    def queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def share_by_wizard(self, leads, user):
        values = {"lead_ids": [Command.set(leads.ids)], "user_ids": [Command.set(user.ids)], "reason": "I leave"}
        return self.env["opportunity.share.wizard"].with_user(self.rep).create(values).action_share()

    def test_share_and_revoke_very_many(self):
        self.share_by_wizard(self.leads[:1], self.senior)
        hundred = self.queries(lambda: self.share_by_wizard(self.leads[:100], self.colleague))
        rest = self.leads[100:]
        many = self.queries(lambda: self.share_by_wizard(rest, self.colleague))
        shares = self.env["opportunity.share"].search([("user_id", "=", self.colleague.id)])
        self.assertEqual(len(shares), MANY)
        self.assertLessEqual(many - hundred, SHARE_A_HUNDRED * HUNDREDS)
        hundred = self.queries(shares[:100].with_user(self.rep).action_revoke)
        many = self.queries(shares[100:].with_user(self.rep).action_revoke)
        self.assertLessEqual(many - hundred, REVOKE_A_HUNDRED * HUNDREDS)
        self.assertFalse(self.leads.with_user(self.colleague)._filtered_access("read"))

    def test_share_with_many_people_at_once(self):
        """A team or a group of users is one row, however many they are."""
        many = self.env["res.groups"].create({"name": "Everybody", "user_ids": (self.colleague | self.senior).ids})
        self.share(leads=self.leads[:100], group_id=many.id)
        self.assertEqual(len(self.leads.share_ids), 100)

    def test_member_joins_a_group_that_covers_very_many(self):
        """One row: nothing is computed or written for the opportunities."""
        self.env.cr.execute(
            "INSERT INTO crm_lead_coverage_group_rel (lead_id, group_id)"
            " SELECT id, %s FROM crm_lead WHERE id = ANY(%s)",
            [self.group.id, self.leads.ids],
        )
        few = self.create_group("Few", (self.colleague, self.specialist), (self.senior, self.sponsor))
        self.join(few)
        queries = self.join(few)
        self.assertEqual(self.join(self.group), queries)
        self.assertEqual(self.leads.with_user(self.joining)._filtered_access("write"), self.leads)

    def join(self, group):
        values = {"group_id": group.id, "user_id": self.joining.id, "role_id": self.sponsor.id}
        self.env["opportunity.coverage.member"].search([("user_id", "=", self.joining.id)]).unlink()
        return self.queries(lambda: self.env["opportunity.coverage.member"].create(values))
