from odoo.exceptions import UserError

from .common_file_box import FileBoxCase


class TestFileBox(FileBoxCase):
    def test_kept_with_the_contact(self):
        document = self.put(box_category_id=self.contract.id)
        self.assertKeptWith(document, self.buyer)
        self.assertEqual((document.create_uid, document.box_version), (self.rep, 1))
        self.assertEqual(document.with_user(self.rep).box_origin, "Turbine")
        other = self.create_lead(name="Boiler", partner_id=self.buyer.id)
        for record in (self.lead, other, self.buyer):
            self.assertEqual(self.box(record), ["Offer.txt"])
        self.assertEqual(self.box(self.buyers), [])

    def test_documents_of_the_company_are_those_of_its_people(self):
        self.put(self.buyers, name="Frame agreement.pdf")
        self.assertEqual(self.box(self.lead), ["Frame agreement.pdf"])
        self.assertEqual(self.box(self.buyer), ["Frame agreement.pdf"])

    def test_moved_when_there_is_a_contact(self):
        lead = self.create_lead(name="New")
        document = self.put(lead)
        newer = document._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})
        self.assertKeptWith(document, lead)
        lead.write({"partner_id": self.buyer.id, "priority": "2"})
        for version in document | newer:
            self.assertKeptWith(version, self.buyer)
        self.assertEqual(self.box(lead), ["Offer 2.txt"])

    def test_moved_when_a_stage_is_given_along(self):
        lead = self.create_lead(name="New", template_id=self.template.id)
        document = self.put(lead)
        lead.write({"partner_id": self.buyer.id, "stage_id": self.second.id})
        self.assertKeptWith(document, self.buyer)

    def test_attachments_of_messages_stay_with_the_opportunity(self):
        lead = self.create_lead(name="New")
        lead.message_post(body="See there", attachments=[("Plan.txt", b"Plan")])
        lead.partner_id = self.buyer
        self.assertEqual(self.box(lead), ["Plan.txt"])
        self.assertEqual(self.box(self.buyer), [])
        entry = lead.get_file_box()["documents"][0]
        self.assertTrue(entry["is_told"])

    def test_another_contact(self):
        """What was agreed with the former contact stays there, and is found from the opportunity all the same."""
        document = self.put()
        self.put(self.buyer, name="Their own.txt")
        other = self.env["res.partner"].create({"name": "Bob"})
        self.lead.partner_id = other
        self.assertKeptWith(document, self.buyer)
        self.assertEqual(self.box(self.lead), ["Offer.txt"])
        self.assertEqual(self.box(other), [])
        entry = self.lead.get_file_box()["documents"][0]
        self.assertEqual(entry["kept_with"], self.buyer.display_name)
        self.lead.action_move_document(document.id)
        self.assertKeptWith(document, other)
        self.assertEqual(self.box(other), ["Offer.txt"])

    def test_moved_to_the_contact_only_what_comes_from_the_opportunity(self):
        document = self.put(self.buyers)
        with self.assertRefused(UserError, "Only documents from this opportunity"):
            self.lead.action_move_document(document.id)

    def test_no_contact_any_more(self):
        document = self.put()
        self.lead.partner_id = False
        self.assertKeptWith(document, self.buyer)
        self.assertEqual(self.box(self.lead), ["Offer.txt"])

    def test_versions(self):
        first = self.put(box_category_id=self.contract.id)
        tag = self.env["opportunity.document.tag"].with_user(self.rep).create({"name": "Night"})
        first.write({"box_tag_ids": tag.ids})
        second = first.with_user(self.rep)._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})
        third = first.with_user(self.colleague)._replace_in_file_box({"name": "Offer 3.txt", "raw": b"Eight"})
        self.assertEqual((first | second | third).mapped("box_version"), [1, 2, 3])
        self.assertEqual((first | second).box_current_id, third)
        self.assertEqual(third.create_uid, self.colleague)
        self.assertEqual((third.box_category_id, third.box_tag_ids), (self.contract, tag))
        self.assertEqual(self.box(self.lead), ["Offer 3.txt"])
        (entry,) = self.lead.get_file_box()["documents"]
        self.assertEqual(entry["origin"], "Turbine")
        self.assertEqual([version["name"] for version in entry["versions"]], ["Offer 2.txt", "Offer.txt"])
        self.assertEqual(first.raw, b"Ten turbines")

    def test_deleted_version(self):
        first = self.put()
        second = first._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})
        third = second._replace_in_file_box({"name": "Offer 3.txt", "raw": b"Eight"})
        third.with_user(self.rep).unlink()
        self.assertEqual(self.box(self.lead), ["Offer 2.txt"])
        self.assertEqual(first.box_current_id, second)
        (first | second).unlink()
        self.assertEqual(self.box(self.lead), [])

    def test_version_of_what_came_with_a_message(self):
        self.lead.message_post(body="See there", attachments=[("Plan.txt", b"Plan")])
        plan = self.lead.file_box_ids
        newer = plan._replace_in_file_box({"name": "Plan 2.txt", "raw": b"Better"})
        self.assertEqual((plan.box_version, newer.box_version), (1, 2))
        self.assertKeptWith(plan, self.lead)
        self.assertKeptWith(newer, self.buyer)
        self.assertEqual((plan | newer).sudo().box_lead_id, self.lead)
        self.assertEqual(self.lead.message_ids.attachment_ids, plan)
        self.assertEqual(self.box(self.lead), ["Plan 2.txt"])

    def test_what_is_no_document_has_no_versions(self):
        attachment = self.env["ir.attachment"].with_user(self.rep).create({"name": "Loose", "raw": b"x"})
        with self.assertRefused(UserError, "not in a file box"):
            attachment._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})

    def test_search(self):
        self.put(raw=b"warranty of ten years")
        self.put(name="Floor plan.txt", raw=b"ground floor", box_category_id=self.contract.id)

        def found(**search):
            return [entry["name"] for entry in self.lead.get_file_box(**search)["documents"]]

        self.assertEqual(found(), ["Floor plan.txt", "Offer.txt"])
        self.assertEqual(found(search="FLOOR"), ["Floor plan.txt"])
        self.assertEqual(found(search="offer warranty"), ["Offer.txt"])
        self.assertEqual(found(search="nothing"), [])
        self.assertEqual(found(category_id=self.contract.id), ["Floor plan.txt"])
        box = self.lead.get_file_box(limit=1)
        self.assertEqual((len(box["documents"]), box["count"]), (1, 2))

    def test_search_opportunities_and_contacts(self):
        lead = self.create_lead(name="New")
        self.put(lead, name="Sketch.txt")
        self.put(self.buyers, raw=b"warranty of ten years")
        leads, partners = (self.env[name].with_user(self.rep) for name in ("crm.lead", "res.partner"))
        mine = [("id", "in", (self.lead | lead).ids)]
        self.assertEqual(leads.search([*mine, ("file_box_ids.name", "ilike", "sketch")]), lead)
        self.assertEqual(leads.search([*mine, ("file_box_ids.index_content", "ilike", "warranty")]), self.lead)
        self.assertEqual(leads.search([*mine, ("file_box_ids", "!=", False)]), self.lead | lead)
        self.assertFalse(leads.search([*mine, ("file_box_ids", "=", False)]))
        self.assertEqual(leads.search([*mine, ("file_box_ids", "in", self.lead.file_box_ids.ids)]), self.lead)
        theirs = [("id", "in", (self.buyer | self.buyers).ids), ("file_box_ids.index_content", "ilike", "warranty")]
        self.assertEqual(partners.search(theirs), self.buyer | self.buyers)

    def test_in_a_number_of_queries_that_stays(self):
        partners = self.env["res.partner"].create([{"name": f"Buyer {n}"} for n in range(500)])
        leads = self.env["crm.lead"].with_user(self.rep).with_context(tracking_disable=True)
        leads = leads.create(
            [
                {"name": f"Deal {n}", "user_id": self.rep.id, "partner_id": partner.id}
                for n, partner in enumerate(partners)
            ]
        )
        leads._add_to_file_boxes([(lead, {"name": "Offer.txt", "raw": b"Ten"}) for lead in leads])
        self.set_scope("opportunity")

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(records.mapped("file_box_ids.name"), ["Offer.txt"] * len(records))
            return self.env.cr.sql_log_count - before

        count(leads[:2])
        few = count(leads[:2])
        self.assertLessEqual(count(leads), few)
        self.assertLess(few, 20)

    def test_one_box_in_a_number_of_queries_that_stays(self):
        self.put()
        few = self.count_box()
        for number in range(40):
            self.put(name=f"Offer {number}.txt", user=self.senior if number % 2 else self.rep)
        self.assertLessEqual(self.count_box(), few + 1)  # the name of a second person

    def count_box(self):
        self.env.flush_all()
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.lead.get_file_box()
        return self.env.cr.sql_log_count - before


class TestFileBoxLosesNothing(FileBoxCase):
    def test_merged_opportunities(self):
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        bare = self.create_lead(name="Bare")
        sketch = self.put(bare, name="Sketch.txt")
        offer = self.put()
        bare.message_post(body="See there", attachments=[("Plan.txt", b"Plan")])
        other = self.create_lead(name="Boiler", partner_id=self.env["res.partner"].create({"name": "Bob"}).id)
        quote = self.put(other, name="Quote.txt")
        head = (self.lead | bare | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(self.env["crm.lead"].search_count([("id", "in", (self.lead | bare | other).ids)]), 1)
        self.assertEqual((sketch | offer | quote).sudo().box_lead_id, head)
        names = {"Sketch.txt", "Offer.txt", "Quote.txt"}
        self.assertLessEqual(names, set(self.box(head, self.manager)))
        self.assertTrue(any("Plan.txt" in name for name in self.box(head, self.manager)))
        self.assertEqual(sketch.sudo().res_model, "res.partner")

    def test_merged_contacts(self):
        document = self.put()
        newer = document._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})
        other = self.env["res.partner"].create({"name": "Ann B.", "parent_id": self.buyers.id})
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.buyer | other).ids, dst_partner=other)
        for version in document | newer:
            self.assertKeptWith(version, other)
        self.env.invalidate_all()
        self.assertEqual(self.box(self.lead), ["Offer 2.txt"])

    def test_deleted_opportunity(self):
        document = self.put()
        self.lead.with_user(self.manager).unlink()
        self.assertTrue(document.exists())
        self.assertEqual(self.box(self.buyer), ["Offer.txt"])
        self.assertEqual(document.with_user(self.manager).box_origin, "Turbine")

    def test_deleted_opportunity_without_contact(self):
        lead = self.create_lead(name="New")
        document = self.put(lead)
        with self.assertRefused(UserError, "no contact to keep them"):
            lead.with_user(self.manager).unlink()
        document.unlink()
        lead.with_user(self.manager).unlink()
        self.assertFalse(lead.exists())

    def test_deleted_contact(self):
        document = self.put()
        own = self.put(self.buyer, name="Their own.txt")
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        self.buyer.with_user(self.manager).unlink()
        self.assertKeptWith(document, self.lead)
        self.assertKeptWith(own, self.buyers)
        self.lead.invalidate_recordset()
        self.assertEqual(self.box(self.lead), ["Offer.txt"])
        with self.assertRefused(UserError, "Archive the contact"):
            self.buyers.with_user(self.manager).unlink()

    def test_archived(self):
        document = self.put()
        newer = document._replace_in_file_box({"name": "Offer 2.txt", "raw": b"Nine"})
        for scope in ("contact", "opportunity"):
            self.set_scope(scope)
            self.lead.action_set_lost()
            self.assertEqual(self.access(newer, self.rep), "rw")
            self.assertEqual(self.box(self.lead), ["Offer 2.txt"])
        self.buyer.active = False
        self.assertEqual(self.access(document, self.rep), "rw")
        self.assertEqual(self.box(self.lead), ["Offer 2.txt"])

    def test_category_in_use(self):
        self.put(box_category_id=self.contract.id)
        self.contract.with_user(self.manager).active = False
        self.assertEqual(self.lead.file_box_ids.box_category_id, self.contract)
        told = self.lead.get_file_box()["categories"]
        self.assertEqual([row["active"] for row in told if row["id"] == self.contract.id], [False])


class TestFileBoxOfTheGate(FileBoxCase):
    def test_document_of_a_former_contact(self):
        self.add_condition(self.template, self.first, "document")
        lead = self.create_lead(name="Gated", template_id=self.template.id, partner_id=self.buyer.id)
        self.assertEqual(len(lead.get_gate(self.second.id)["leads"]), 1)
        self.put(lead)
        self.assertFalse(lead.get_gate(self.second.id)["leads"])
        lead.partner_id = self.env["res.partner"].create({"name": "Bob"})
        self.assertFalse(lead.get_gate(self.second.id)["leads"])
