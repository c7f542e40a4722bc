from datetime import timedelta

from .test_share import NOW, ShareCase

DAY = timedelta(days=1)


class TestGrantKeys(ShareCase):
    """The database keeps up, whatever writes, whom an opportunity lets in."""

    def keys(self, lead=None):
        self.env.flush_all()
        self.env.cr.execute("SELECT grant_keys FROM crm_lead WHERE id = %s", [(lead or self.lead).id])
        return self.env.cr.fetchone()[0]

    def key(self, kind, record):
        return f"{kind}{record.id}"

    def test_nothing_granted(self):
        self.assertIsNone(self.keys())

    def test_each_kind_of_recipient(self):
        mine = self.key("u", self.colleague)
        share = self.share()
        self.assertEqual(self.keys(), [mine])
        share.with_user(self.rep).access = "edit"
        self.assertEqual(self.keys(), [mine, f"{mine}!"])
        share.with_user(self.rep).action_revoke()
        self.assertIsNone(self.keys())
        self.lead.coverage_group_ids = self.group
        self.assertEqual(self.keys(), [self.key("c", self.group), f"{self.key('c', self.group)}!"])
        self.lead.coverage_group_ids = False
        self.assertIsNone(self.keys())

    def test_written_by_sql(self):
        share = self.share()
        self.env.flush_all()
        self.env.cr.execute("UPDATE opportunity_share SET active = FALSE WHERE id = %s", [share.id])
        self.assertIsNone(self.keys())
        self.env.cr.execute("UPDATE opportunity_share SET active = TRUE WHERE id = %s", [share.id])
        self.assertEqual(self.keys(), [self.key("u", self.colleague)])
        self.env.cr.execute("DELETE FROM opportunity_share WHERE id = %s", [share.id])
        self.assertIsNone(self.keys())

    def test_moved_to_another_opportunity(self):
        share, other = self.share(), self.create_lead()
        share.sudo().lead_id = other
        self.assertIsNone(self.keys())
        self.assertEqual(self.keys(other), [self.key("u", self.colleague)])

    def test_begins_and_ends_without_the_scheduled_action(self):
        leads = self.env["crm.lead"]
        share = self.share(date_start=NOW.date() + DAY, date_end=NOW.date() + DAY)
        self.env.flush_all()
        leads._set_grant_keys(self.lead.ids)  # as of the day of the test, which is not the database's
        mine = self.lead.with_user(self.colleague)
        for days, seen in enumerate((False, True, False)):
            with self.at(NOW + days * DAY):
                self.assertEqual(bool(mine.search_count([("id", "=", self.lead.id)])), seen, days)
                self.assertEqual(self.lead.id in leads._get_stale_ids(), days > 0)
        with self.at(NOW + DAY), self.enter_registry_test_mode():
            self.env.ref("opportunity_crm.ir_cron_update_grant_keys").method_direct_trigger()
        with self.at(NOW + DAY):
            self.assertEqual(self.keys(), [self.key("u", share.user_id)])
            self.assertFalse(leads._get_stale_ids())
            self.assertTrue(mine.search_count([("id", "=", self.lead.id)]))

    def test_only_what_changed_is_written(self):
        self.share()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin::text FROM crm_lead WHERE id = %s", [self.lead.id])
        version = self.env.cr.fetchone()
        self.env.cr.execute("SAVEPOINT another")
        self.env["crm.lead"]._set_grant_keys(self.lead.ids)
        self.env.cr.execute("SELECT xmin::text FROM crm_lead WHERE id = %s", [self.lead.id])
        self.assertEqual(self.env.cr.fetchone(), version)

    def test_no_field_stands_for_it(self):
        self.assertFalse({name for name in self.env["crm.lead"]._fields if name.startswith("grant_keys")})
