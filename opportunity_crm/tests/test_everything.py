from .common_everything import EverythingCase


class TestEverything(EverythingCase):
    """An opportunity with everything: whatever becomes of it, nothing points nowhere and nothing runs on."""

    def setUp(self):
        super().setUp()
        self.lead = self.create_everything()
        self.orphans = self.find_orphans()

    def assertNothingOrphaned(self):
        self.assertEqual(self.find_orphans() - self.orphans, set())

    def running(self, leads=None):
        leads = self.lead if leads is None else leads
        return leads.sudo().enrollment_ids.filtered(lambda one: one.state in ("active", "paused"))

    def due(self):
        """The steps of follow-up that would still be done."""
        rows = self.env["opportunity.enrollment.step"]
        return rows.search([("enrollment_id", "in", self.lead.sudo().enrollment_ids.ids), ("state", "=", "due")])

    def test_has_everything(self):
        lead = self.lead.sudo()
        for name in ("step_ids", "share_ids", "line_ids", "buy_link_ids", "order_ids", "enrollment_ids", "letter_ids"):
            self.assertTrue(lead[name], name)
        for name in ("file_box_ids", "stage_move_ids", "coverage_group_ids", "activity_ids", "calendar_event_ids"):
            self.assertTrue(lead[name], name)
        self.assertTrue(self.running())

    def test_lost_and_reopened(self):
        links = self.lead.sudo().buy_link_ids
        self.lead.action_set_lost()
        self.assertFalse(self.running())
        self.assertFalse(self.due())
        self.assertFalse(self.lead.step_ids.activity_id.filtered("active"), "no step is to be done any more")
        self.assertFalse(any(link._is_lead_open() for link in links), "no customer can accept it")
        self.assertNothingOrphaned()
        self.lead.action_restore()
        self.assertEqual(self.lead.stage_move_ids[:2].mapped("cause"), ["reopened", "lost"])
        self.assertTrue(self.lead.step_ids)
        self.assertTrue(links._is_lead_open())
        self.assertFalse(self.running(), "nobody started it again")
        self.assertNothingOrphaned()

    def test_won(self):
        self.lead.with_user(self.manager).action_advance(self.won.id, "They have signed")
        self.assertEqual(self.lead.won_status, "won")
        self.assertFalse(self.running())
        self.assertFalse(self.due())
        self.assertNothingOrphaned()

    def test_archived_and_back(self):
        self.lead.active = False
        self.assertFalse(self.due())
        self.assertNothingOrphaned()
        self.lead.active = True
        self.assertEqual(self.lead.stage_move_ids[0].cause, "reopened")
        self.assertNothingOrphaned()

    def test_merged(self):
        other = self.create_everything("The other")
        both = self.lead | other
        owned = ("share_ids", "line_ids", "buy_link_ids", "order_ids", "letter_ids", "enrollment_ids")
        kept = {name: both.sudo()[name] for name in owned}
        both.with_user(self.manager).merge_opportunity()
        survivor = both.exists()
        self.assertEqual(len(survivor), 1)
        self.assertNothingOrphaned()
        for name in ("line_ids", "buy_link_ids", "order_ids", "letter_ids", "enrollment_ids"):
            self.assertEqual(survivor.sudo()[name], kept[name], name)
        self.assertEqual(len(self.running(survivor)), 1, "in each sequence once")
        self.assertEqual(set(survivor.file_box_ids.mapped("name")), {"Everything.txt", "The other.txt"})

    def test_deleted(self):
        lead = self.lead.sudo()
        documents, letters, orders = lead.file_box_ids, lead.letter_ids, lead.order_ids
        gone = lead.share_ids | self.env["opportunity.share"]
        rows, links = lead.enrollment_ids.step_ids, lead.buy_link_ids
        self.lead.with_user(self.manager).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNothingOrphaned()
        for records in (gone, rows):
            self.assertFalse(records.exists())
        for records in (documents, letters, orders):
            self.assertEqual(records.exists(), records, "is kept with the customer")
        self.assertFalse(links.exists().filtered(lambda link: link.state == "active"))

    def test_customer_merged(self):
        twin = self.customer.copy({"name": "Ada Purchaser", "email": self.customer.email})
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer | twin).ids, twin, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(self.lead.sudo().partner_id, twin)
        self.assertEqual(self.lead.sudo().letter_ids.partner_id, twin)
        self.assertEqual(self.lead.sudo().file_box_ids.mapped("name"), ["Everything.txt"])
        self.assertNothingOrphaned()
