from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common_file_box import PRIVATE, FileBoxCase


class TestFileBoxAccess(FileBoxCase):
    """Who sees and changes a document that comes from an opportunity."""

    def share(self, access="read"):
        values = {"lead_id": self.lead.id, "user_id": self.colleague.id, "access": access}
        return self.env["opportunity.share"].with_user(self.rep).create(values)

    def test_everyone_who_sees_the_contact(self):
        document = self.put()
        for user, letters in ((self.rep, "rw"), (self.colleague, "rw"), (self.employee, "r"), (self.manager, "rw")):
            self.assertEqual(self.access(document, user), letters, user.login)
        self.assertEqual(document.with_user(self.colleague).box_origin, False)
        box = self.buyer.with_user(self.employee).get_file_box()
        self.assertEqual([(entry["name"], entry["can_edit"]) for entry in box["documents"]], [("Offer.txt", False)])
        self.assertFalse(box["can_add"] or box["documents"][0]["lead_id"] or box["documents"][0]["origin"])

    def test_only_who_sees_the_opportunity(self):
        document = self.put()
        self.set_scope(PRIVATE)
        for user, letters in (
            (self.rep, "rw"),
            (self.colleague, ""),
            (self.employee, ""),
            (self.senior, "rw"),
            (self.manager, "rw"),
        ):
            self.assertEqual(self.access(document, user), letters, user.login)
        self.assertFalse(document.with_user(self.portal).has_access("read"))
        for record in (self.buyer, self.create_lead(self.colleague, partner_id=self.buyer.id)):
            self.assertEqual(self.box(record, self.colleague), [])
            self.assertFalse(record.with_user(self.colleague).get_file_box()["documents"])

    def test_own_documents_of_the_contact_are_for_all_who_see_it(self):
        self.set_scope(PRIVATE)
        self.assertEqual(self.access(self.put(self.buyer), self.colleague), "rw")

    def test_share_widens_and_is_lost_at_once(self):
        document = self.put()
        self.set_scope(PRIVATE)
        share = self.share()
        self.assertEqual(self.access(document, self.colleague), "r")
        self.assertEqual(self.box(self.lead, self.colleague), ["Offer.txt"])
        share.with_user(self.rep).action_revoke()
        self.assertFalse(document.with_user(self.colleague).has_access("read"))
        self.assertEqual(self.access(document, self.colleague), "")
        self.assertEqual(self.access(document, self.rep), "rw")

    def test_editor_by_share(self):
        document = self.put()
        self.set_scope(PRIVATE)
        self.share("edit")
        self.assertEqual(self.access(document, self.colleague), "rw")
        document.with_user(self.colleague).name = "Better.txt"

    def test_covered(self):
        document = self.put()
        self.set_scope(PRIVATE)
        self.lead.coverage_group_ids = self.group
        self.assertEqual(self.access(document, self.colleague), "rw")
        self.lead.coverage_group_ids = False
        self.assertEqual(self.access(document, self.colleague), "")

    def test_on_an_opportunity_without_contact(self):
        document = self.put(self.create_lead(name="New"))
        self.assertEqual(self.access(document, self.rep), "rw")
        self.assertEqual(self.access(document, self.colleague), "")

    def test_protected_contact(self):
        """Who edits the opportunity files documents for it, and changes these; not those of the contact."""
        own = self.put(self.buyer, user=self.env.user, name="Their own.txt")
        self.protect(self.buyer)
        document = self.put()
        self.assertKeptWith(document, self.buyer)
        for scope in ("contact", PRIVATE):
            self.set_scope(scope)
            self.assertEqual(self.access(document, self.rep), "rw")
            self.assertEqual(self.access(own, self.rep), "r")
            with self.assertRaises(AccessError):
                self.put(self.buyer)
        mine = document.with_user(self.rep)
        mine.write({"name": "Better.txt", "box_category_id": self.contract.id})
        newer = mine._replace_in_file_box({"name": "Best.txt", "raw": b"Nine"})
        newer.with_user(self.rep).unlink()
        mine.unlink()
        self.assertEqual(self.box(self.lead), ["Their own.txt"])
        with self.assertRaises(AccessError):
            own.with_user(self.rep).unlink()

    def test_reader_of_the_opportunity_uploads_nothing(self):
        self.protect(self.buyer)
        self.share()
        with self.assertRaises(AccessError):
            self.put(user=self.colleague)
        self.assertFalse(self.lead.with_user(self.colleague).get_file_box()["can_add"])

    def test_rules_on_attachments_hold(self):
        document = self.put()
        self.env["ir.rule"].create(
            {
                "name": "Nobody changes it",
                "model_id": self.env["ir.model"]._get_id("ir.attachment"),
                "domain_force": f"[('id', '!=', {document.id})]",
                "perm_read": False,
            }
        )
        self.assertEqual(self.access(document, self.rep), "r")

    def test_deleted_opportunity(self):
        document = self.put()
        self.lead.with_user(self.manager).unlink()
        self.set_scope(PRIVATE)
        for user, letters in ((self.rep, "rw"), (self.colleague, ""), (self.manager, "rw"), (self.senior, "rw")):
            self.assertEqual(self.access(document, user), letters, user.login)

    def test_other_company(self):
        document = self.put()
        self.lead.company_id = self.company
        self.set_scope(PRIVATE)
        self.assertEqual(self.access(document, self.overseas), "")

    def test_setting_holds_at_once(self):
        document = self.put()
        values = {"opportunity_file_box_scope": PRIVATE}
        self.env["res.config.settings"].create(values).execute()
        self.assertEqual(self.access(document, self.colleague), "")
        self.env["res.config.settings"].create({**values, "opportunity_file_box_scope": "contact"}).execute()
        self.assertEqual(self.access(document, self.colleague), "rw")


class TestFileBoxAttacks(FileBoxCase):
    """A colleague who sees the contact, and is after the document of an opportunity that they do not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scope(PRIVATE)
        cls.document = cls.put(raw=b"secret price")
        cls.env.flush_all()
        cls.theirs = cls.document.with_user(cls.colleague)
        cls.attachments = cls.env["ir.attachment"].with_user(cls.colleague)

    def test_by_id(self):
        self.colleague.group_ids += self.env.ref("base.group_allow_export")
        for attempt in (
            lambda: self.theirs.read(["name"]),
            lambda: self.theirs.read(["raw", "datas", "checksum", "index_content"]),
            lambda: self.theirs.export_data(["name", "datas"]),
            lambda: self.theirs.web_read({"name": {}}),
            lambda: self.theirs.copy(),
            lambda: self.theirs.write({"name": "Mine"}),
            lambda: self.theirs.unlink(),
            lambda: self.theirs.generate_access_token(),
            lambda: self.theirs._replace_in_file_box({"name": "Mine", "raw": b"x"}),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    def test_by_search(self):
        for domain in (
            [("index_content", "ilike", "secret")],
            [("checksum", "=", self.document.checksum)],
            [("store_fname", "=", self.document.store_fname)],
            [("res_model", "=", "res.partner"), ("res_id", "=", self.buyer.id)],
            [("res_id", "=", self.buyer.id)],
            [("name", "=", "Offer.txt"), ("res_field", "=", False)],
            ["|", ("id", "=", self.document.id), ("name", "=", "Offer.txt")],
        ):
            self.assertNotIn(self.document.id, self.attachments.search(domain).ids, domain)
            self.assertNotIn(self.document.id, self.attachments.search(domain, limit=5).ids, domain)
            self.assertNotIn(self.document.id, [row["id"] for row in self.attachments.search_read(domain, ["id"])])
            groups = self.attachments._read_group(domain, ["name"], ["id:array_agg"])
            self.assertFalse([ids for _name, ids in groups if self.document.id in ids], domain)
        partners = self.env["res.partner"].with_user(self.colleague)
        found = partners.search([("file_box_ids.index_content", "ilike", "secret"), ("id", "=", self.buyer.id)])
        self.assertFalse(found)

    def test_by_its_origin(self):
        for name in ("box_lead_id", "box_lead_name"):
            with self.assertRaises(AccessError):
                self.document.with_user(self.rep).read([name])
            with self.assertRaises(AccessError):
                self.attachments.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                self.attachments.search([], order=f"{name} desc")

    def test_by_a_message(self):
        """On the contact's own messages, about whose attachments Odoo does not ask where it writes as superuser."""
        contact = self.buyer.with_user(self.colleague)
        with self.assertRaises(AccessError), self.cr.savepoint():
            contact.message_post(body="Look", attachment_ids=self.document.ids)
        message = contact.message_post(body="Look", message_type="comment")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["mail.message"].with_user(self.colleague).sudo().create(
                {
                    "model": "res.partner",
                    "res_id": self.buyer.id,
                    "body": "Look",
                    "attachment_ids": [Command.link(self.document.id)],
                }
            )
        with self.assertRaises(AccessError), self.cr.savepoint():
            contact._message_update_content(message.sudo(), body="Look", attachment_ids=self.document.ids)
        with self.assertRaises(AccessError), self.cr.savepoint():
            message.with_user(self.colleague).write({"attachment_ids": [Command.link(self.document.id)]})
        self.buyer.with_user(self.rep).message_post(body="Look", attachment_ids=self.document.ids)

    def test_public_and_tokens(self):
        mine = self.document.with_user(self.rep)
        with self.assertRefused(UserError, "is in a file box"):
            mine.write({"public": True})
        self.document.sudo().public = True
        self.assertEqual(self.access(self.document, self.colleague), "")
        token = mine.generate_access_token()[0]
        limited = mine._get_raw_access_token()
        binary = self.env["ir.binary"].with_user(self.colleague)
        for given in (token, limited, None):
            with self.assertRaises(AccessError):
                binary._find_record(res_id=self.document.id, access_token=given, field="raw")
        self.assertFalse(self.theirs._has_attachments_ownership([mine._get_ownership_token()]))
        self.assertTrue(self.env["ir.binary"].with_user(self.rep)._find_record(res_id=self.document.id, field="raw"))

    def test_tokens_of_the_past(self):
        """A token from the days of a share opens nothing when the share is revoked."""
        share = self.env["opportunity.share"].with_user(self.rep)
        share = share.create({"lead_id": self.lead.id, "user_id": self.colleague.id})
        limited = self.theirs._get_raw_access_token()
        binary = self.env["ir.binary"].with_user(self.colleague)
        self.assertTrue(binary._find_record(res_id=self.document.id, access_token=limited, field="raw"))
        share.action_revoke()
        with self.assertRaises(AccessError):
            binary._find_record(res_id=self.document.id, access_token=limited, field="raw")

    def test_moving(self):
        own = self.create_lead(self.rep, name="Boiler")
        mine = self.document.with_user(self.rep)
        for values in (
            {"res_id": self.buyers.id},
            {"res_model": "crm.lead", "res_id": own.id},
            {"res_model": False, "res_id": 0},
            {"res_field": "image_1920"},
            {"type": "url", "url": "https://example.com"},
        ):
            with self.assertRefused(UserError, "is in a file box"):
                mine.write(values)
            with self.assertRaises(AccessError):
                self.theirs.write(values)
        mine.write({"res_id": self.buyer.id, "name": "Same place.txt"})

    def test_changing_without_a_trace(self):
        for values in ({"raw": b"x"}, {"datas": "eA=="}, {"mimetype": "text/html"}):
            with self.assertRefused(UserError, "Use Replace"):
                self.document.with_user(self.rep).write(values)

    def test_forged_origin(self):
        """A client cannot say from where a document comes: in that way it could hide the documents of others."""
        values = {"name": "x", "raw": b"x", "res_model": "res.partner", "res_id": self.buyer.id}
        forged = {"box_lead_id": self.lead.id, "box_lead_name": "x", "box_version": 7, "box_current_id": 1}
        versions = {f"default_{name}": forged[name] for name in ("box_version", "box_current_id")}
        for document in (
            self.attachments.create({**values, **forged}),
            self.attachments.with_context(**versions).create(values),
        ):
            kept = document.sudo()
            self.assertFalse(kept.box_lead_id or kept.box_lead_name or kept.box_version or kept.box_current_id)
            for name, value in forged.items():
                with self.assertRaises(UserError), self.cr.savepoint():
                    document.write({name: value})
        for name in ("box_lead_id", "box_lead_name"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.attachments.with_context(**{f"default_{name}": forged[name]}).create(values)

    def test_copied(self):
        copied = self.document.with_user(self.rep).copy()
        self.assertFalse(copied.sudo().box_lead_id)

    def test_uploading_to_the_contact_of_another(self):
        self.protect(self.buyer)
        with self.assertRaises(AccessError):
            self.put(self.buyer, user=self.colleague)
        with self.assertRaises(AccessError):
            self.put(self.lead, user=self.colleague)
        with self.assertRaises(AccessError):
            self.put(self.buyer, user=self.colleague, lead_id=self.lead.id)
        with self.assertRaises(AccessError):
            self.attachments.create({"name": "x", "raw": b"x", "res_model": "res.partner", "res_id": self.buyer.id})

    def test_categories_and_tags(self):
        self.assertRights(self.contract, {self.rep: "r", self.manager: "crwd", self.employee: "r", self.portal: ""})
        tag = self.env["opportunity.document.tag"].create({"name": "Night"})
        self.assertRights(tag, {self.rep: "cr", self.manager: "crwd", self.employee: "r", self.portal: ""})
