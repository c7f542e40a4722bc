from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError

from .common import NOW
from .common_timeline import TimelineCase

QUERIES = 60


class TestTimeline(TimelineCase):
    """The timeline of the Tasks tab: every kind, in order, in pages, counted."""

    def test_every_kind_in_order(self):
        later = self.plan(day=date(2026, 3, 9))
        overdue = self.plan(day=date(2026, 2, 27))
        coming = self.meet("Negotiation", NOW + timedelta(days=3))
        done = self.plan(day=date(2026, 2, 1))
        done.action_feedback(feedback="They want two")
        done.date_done = date(2026, 2, 10)
        past = self.meet(start=datetime(2026, 2, 25, 9))
        view = self.view()
        received, sent, note = self.post("received", day=9), self.post("sent", day=8), self.post("note", day=7)
        self.env.cr.execute("UPDATE opportunity_stage_move SET date = '2026-02-01'")
        self.assertEqual(
            self.keys(self.look()),
            [
                ("activity", overdue.id),
                ("meeting", coming.id),
                ("activity", later.id),
                ("meeting", past.id),
                ("view", view.id),
                ("activity", done.id),
                ("received", received.id),
                ("sent", sent.id),
                ("note", note.id),
                ("move", self.lead.stage_move_ids.id),
            ],
        )

    def test_what_is_shown(self):
        self.plan(note="<p>Ask for <b>Ann</b></p>", day=date(2026, 2, 27))
        done = self.plan(summary="Sent the offer")
        done.action_feedback(feedback="They want two")
        self.meet(location="Their office")
        self.view()
        entries = {entry["title"]: entry for entry in self.look()["entries"]}
        call, offer, meeting = entries["Call"], entries["Sent the offer"], entries["Demo"]
        self.assertEqual((call["state"], call["text"], call["is_day"]), ("overdue", "Ask for Ann", True))
        self.assertEqual((call["who"], call["who_id"]), (self.rep.name, self.rep.partner_id.id))
        self.assertEqual((offer["state"], offer["text"], offer["is_upcoming"]), ("done", "They want two", False))
        self.assertEqual((meeting["location"], meeting["date_end"]), ("Their office", "2026-03-01 10:00:00"))
        [view] = [entry for entry in entries.values() if entry["kind"] == "view"]
        self.assertEqual((view["who"], view["text"]), ("Ms Baker", "Viewed 3 times"))

    def test_clicks(self):
        click = self.click()
        [entry] = self.look(kinds=["click"])["entries"]
        self.assertEqual((entry["id"], entry["title"], entry["who"]), (click.id, "The offer", "Ms Baker"))

    def test_stage_moves(self):
        lead = self.create_lead(template_id=self.template.id)
        lead.stage_id = self.second
        entry = self.look(lead, kinds=["move"])["entries"][0]
        self.assertEqual((entry["from_stage"], entry["title"], entry["label"]), ("First", "Second", ""))

    def test_own_people_who_answer_from_their_mailbox_have_sent(self):
        self.post("received", author_id=self.rep.partner_id.id)
        self.post("sent", author_id=self.buyer.id)
        self.post("sent", message_type="email_outgoing", subtype_id=False)
        self.post("received", author_id=False, email_from="who@example.com")
        counts = self.look()["kinds"]
        self.assertEqual((counts["sent"], counts["received"]), (2, 2))
        self.assertIn("who@example.com", [entry["who"] for entry in self.look(kinds=["received"])["entries"]])

    def test_what_the_system_says_is_left_out(self):
        self.post("note", message_type="notification")
        self.post("note", message_type="user_notification")
        self.assertEqual(self.kinds(), ["move"])

    def test_a_meeting_and_its_activity_are_one_entry(self):
        meeting = self.meet(start=NOW + timedelta(days=1))
        activity = self.plan(calendar_event_id=meeting.id)
        page = self.look()
        self.assertEqual(page["kinds"], {"meeting": 1, "move": 1})
        self.assertEqual(page["entries"][0]["activity_id"], activity.id)
        meeting.active = False
        self.assertEqual(self.look()["kinds"], {"activity": 1, "move": 1})

    def test_pages_are_stable_over_equal_moments(self):
        for _number in range(7):
            self.post("note")
            self.post("received")
            self.plan()
        first = self.look(limit=100)
        self.assertEqual((len(first["entries"]), first["total"], first["next"]), (22, 22, False))
        pages, after = [], None
        while after is not False:
            page = self.look(after=after, limit=4)
            pages += self.keys(page)
            after = page["next"]
        self.assertEqual(pages, self.keys(first))

    def test_what_comes_in_between_moves_no_page(self):
        notes = [self.post("note", day=day) for day in range(1, 9)]
        first = self.look(limit=4, kinds=["note"])
        self.post("note", day=20)
        second = self.look(limit=4, kinds=["note"], after=first["next"])
        self.assertEqual([entry["id"] for entry in second["entries"]], [note.id for note in notes[3::-1]])
        self.assertNotIn("kinds", second, "counts come with the first page")

    def test_no_such_page(self):
        for after in ([1], ["x", "y", "z", "w"], "abc", [True, 1, "note", None]):
            with self.assertRaises(UserError):
                self.look(after=after)

    def test_filter_by_kind_and_person(self):
        self.post("note")
        self.post("received")
        self.plan(user=self.senior)
        page = self.look(kinds=["note", "received"])
        self.assertEqual((len(page["entries"]), page["total"]), (2, 2))
        self.assertEqual({one["name"]: one["count"] for one in page["people"]}, {"Ms Baker": 1, self.rep.name: 1})
        self.assertEqual(page["kinds"], {"note": 1, "received": 1, "activity": 1, "move": 1})
        page = self.look(person_id=self.senior.partner_id.id)
        self.assertEqual((page["kinds"], page["total"]), ({"activity": 1}, 1))
        self.assertEqual([entry["who"] for entry in page["entries"]], [self.senior.name])
        self.assertEqual(self.look(kinds=["meeting"])["entries"], [])

    def test_days_are_those_of_the_user(self):
        self.rep.tz = "Pacific/Auckland"
        self.plan(day=date(2026, 3, 4))
        self.assertEqual(self.look(kinds=["activity"])["entries"][0]["date"], "2026-03-03 23:00:00")

    def test_texts_are_plain(self):
        self.post("note", subject="<img src=x onerror=alert(1)>", body="<p>a<script>alert(1)</script> &lt;b&gt;</p>")
        [entry] = self.look(kinds=["note"])["entries"]
        self.assertEqual(entry["title"], "<img src=x onerror=alert(1)>")
        self.assertEqual(entry["text"], "a <b>")

    def test_queries_do_not_grow_with_the_entries(self):
        def fill(number):
            for _number in range(number):
                self.post("note")
                self.post("received")
                self.plan().action_feedback()
                self.plan()
                self.meet()
                self.view()

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.lead.with_user(self.rep).get_timeline(of_customer=True)
            return self.env.cr.sql_log_count - before

        fill(1)
        self.look(of_customer=True)
        few = measure()
        fill(4)
        self.assertLessEqual(measure(), few)
        self.assertLessEqual(few, QUERIES)


class TestTimelineOfCustomer(TimelineCase):
    """The switch to the contact: its company, all its people, their other opportunities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["res.partner"].create({"name": "Mr Baker", "parent_id": cls.household.id})
        cls.other = cls.create_lead(name="Another deal", partner_id=cls.neighbour.id)
        cls.stranger = cls.create_lead(name="Strange", partner_id=cls.env["res.partner"].create({"name": "S"}).id)

    def test_of_the_people_and_their_deals(self):
        notes = [self.post("note", document) for document in (self.lead, self.other, self.neighbour, self.household)]
        self.post("note", self.stranger)
        meeting = self.meet(opportunity_id=False, partner_ids=[(6, 0, self.neighbour.ids)])
        self.assertEqual(self.look()["kinds"]["note"], 1)
        page = self.look(of_customer=True)
        found = self.keys(page)
        self.assertEqual({id_ for kind, id_ in found if kind == "note"}, {note.id for note in notes})
        self.assertIn(("meeting", meeting.id), found)
        named = {entry["document"]["name"] for entry in page["entries"] if entry["document"]}
        self.assertEqual(named, {"Another deal", "Bakers Ltd, Mr Baker", "Bakers Ltd"})

    def test_lost_and_archived_deals(self):
        self.other.action_set_lost()
        self.neighbour.active = False
        note = self.post("note", self.other)
        self.assertIn(("note", note.id), self.keys(self.look(of_customer=True)))
        self.assertIn("note", self.kinds(lead=self.other), "a lost opportunity has its timeline")

    def test_merged(self):
        note, done = self.post("note", self.other), self.plan(self.other)
        done.action_feedback()
        (self.lead | self.other).with_user(self.manager)._merge_opportunity(auto_unlink=True)
        survivor = (self.lead | self.other).exists()
        self.assertLessEqual({("note", note.id), ("activity", done.id)}, set(self.keys(self.look(survivor))))

    def test_without_contact(self):
        lead = self.create_lead()
        self.post("note", lead)
        self.assertEqual(self.look(lead, of_customer=True)["total"], self.look(lead)["total"])


class TestTimelineAccess(TimelineCase):
    """Nothing is shown, counted or named that the user may not see."""

    def test_opportunity_of_a_colleague(self):
        with self.assertRaises(AccessError):
            self.look(user=self.colleague)
        with self.assertRaises(AccessError):
            self.look(user=self.employee)

    def test_other_deals_of_the_contact(self):
        theirs = self.create_lead(user=self.colleague, partner_id=self.household.id)
        self.post("note", theirs)
        self.plan(theirs, user=self.colleague)
        self.click(theirs)
        self.view(theirs)
        self.meet("Secret", user=self.colleague, opportunity_id=theirs.id, partner_ids=[])
        self.assertEqual(self.look(of_customer=True)["kinds"], {"move": 1})
        self.assertEqual(set(self.look(of_customer=True, user=self.senior)["kinds"]), {
            "note", "activity", "click", "view", "meeting", "move"
        })  # fmt: skip

    def test_own_activity_on_a_deal_of_a_colleague_is_not_told_there(self):
        theirs = self.create_lead(user=self.colleague, partner_id=self.household.id)
        self.plan(theirs, user=self.rep)
        self.assertNotIn("activity", self.look(of_customer=True)["kinds"])

    def test_counts_agree_with_what_is_shown(self):
        self.post("note")
        self.meet()
        hidden = self.meet("Hidden")
        self.env["ir.rule"].create(
            {
                "name": "Some meetings are hidden",
                "model_id": self.env["ir.model"]._get_id("calendar.event"),
                "domain_force": f"[('id', '!=', {hidden.id})]",
            }
        )
        page = self.look()
        self.assertEqual(page["kinds"]["meeting"], 1)
        self.assertEqual(len(page["entries"]), page["total"])

    def test_private_meetings_say_busy(self):
        self.meet("Salary of Ann", user=self.manager, privacy="private", location="Home", partner_ids=[])
        [entry] = self.look(kinds=["meeting"])["entries"]
        self.assertEqual((entry["title"], entry["location"], entry["text"]), ("Busy", "", ""))

    def test_messages_are_those_that_odoo_shows(self):
        """Messages are found without Odoo's own search, so the two are held together."""
        for kind in ("note", "sent", "received"):
            self.post(kind)
            self.post(kind, self.household)
        self.post("note", message_type="user_notification")
        page = self.look(of_customer=True, kinds=["note", "sent", "received"])
        ids = [entry["id"] for entry in page["entries"]]
        found = self.env["mail.message"].with_user(self.rep).search([("id", "in", ids)])
        self.assertEqual(set(found.ids), set(ids))
        self.assertEqual(len(ids), 6)

    def test_shared_to_read(self):
        self.plan()
        self.post("note")
        self.env["opportunity.share"].with_user(self.rep).create(
            {"lead_id": self.lead.id, "user_id": self.colleague.id, "access": "read"}
        )
        page = self.look(user=self.colleague)
        self.assertEqual(page["kinds"], {"activity": 1, "note": 1, "move": 1})
        self.assertFalse(page["can_add"])

    def test_another_company(self):
        theirs = self.create_lead(
            user=self.overseas, company_id=self.other_company.id, partner_id=self.household.id, team_id=False
        )
        self.assertEqual(theirs.company_id, self.other_company)
        self.post("note", theirs)
        self.assertNotIn("note", self.look(of_customer=True, user=self.manager)["kinds"])
        with self.assertRaises(AccessError):
            self.look(lead=theirs, user=self.manager)
