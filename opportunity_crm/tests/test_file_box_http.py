import json

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import OpportunityBuilders

UPLOAD = "/opportunity_crm/file_box/upload"
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@tagged("standard", "post_install", "-at_install")
class TestFileBoxHttp(OpportunityBuilders, HttpCase):
    """Uploads and downloads as a browser makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.rep.write({"password": "rep-password"})
        cls.colleague.write({"password": "colleague-password"})
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls.other = cls.env["res.partner"].create({"name": "Other"})
        cls.lead = cls.create_lead(name="Turbine", partner_id=cls.customer.id)

    def log_in(self, login):
        self.authenticate(login, f"{login}-password")

    def upload(self, record=None, name="Offer.txt", raw=b"Ten turbines", **values):
        record = self.lead if record is None else record
        data = {"csrf_token": http.Request.csrf_token(self), "model": record._name, "id": record.id, **values}
        return self.url_open(UPLOAD, data=data, files={"ufile": (name, raw)})

    def document(self, response):
        (answer,) = json.loads(response.content)
        self.assertNotIn("error", answer)
        return self.env["ir.attachment"].browse(answer["id"])

    def assertRefused(self, response, message):
        (answer,) = json.loads(response.content)
        self.assertIn(message, answer["error"])

    def test_upload(self):
        self.log_in("rep")
        document = self.document(self.upload())
        self.assertEqual((document.res_model, document.res_id), ("res.partner", self.customer.id))
        self.assertEqual(
            (document.create_uid, document.box_lead_id, document.raw), (self.rep, self.lead, b"Ten turbines")
        )
        newer = self.document(self.upload(name="Offer 2.txt", replaces=document.id))
        self.assertEqual((newer.box_version, document.box_current_id), (2, newer))

    def test_upload_from_the_gate(self):
        self.log_in("rep")
        document = self.document(self.upload(self.customer, lead_id=self.lead.id))
        self.assertEqual((document.res_id, document.box_lead_id), (self.customer.id, self.lead))
        self.assertRefused(self.upload(self.other, lead_id=self.lead.id), "must be able to edit")

    def test_upload_to_others(self):
        self.log_in("colleague")
        self.assertRefused(self.upload(), "must be able to edit")
        self.assertRefused(self.upload(self.customer, lead_id=self.lead.id), "must be able to edit")
        self.assertRefused(self.upload(self.env.company), "Only opportunities and contacts")
        document = self.lead._add_to_file_box([{"name": "Offer.txt", "raw": b"x"}])
        self.env["ir.config_parameter"].set_param("opportunity_crm.file_box_scope", "opportunity")
        self.assertRefused(self.upload(replaces=document.id), "must be able to edit")
        self.assertFalse(document.box_current_id)

    def test_upload_needs_its_token_and_a_login(self):
        self.log_in("rep")
        with mute_logger("odoo.http"):
            response = self.url_open(
                UPLOAD, data={"model": "crm.lead", "id": self.lead.id}, files={"ufile": ("x.txt", b"x")}
            )
        self.assertEqual(response.status_code, 400)

    def test_limit(self):
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", "2000")
        self.log_in("rep")
        self.document(self.upload(raw=b"x" * 100))
        with mute_logger("odoo.http"):
            self.assertEqual(self.upload(raw=b"x" * 4000).status_code, 413)

    def test_download(self):
        document = self.lead._add_to_file_box([{"name": "Offer.txt", "raw": b"secret"}])
        picture = self.lead._add_to_file_box([{"name": "Photo.gif", "raw": b"GIF89a", "mimetype": "image/gif"}])
        token = (document | picture).generate_access_token()
        self.env["ir.config_parameter"].set_param("opportunity_crm.file_box_scope", "opportunity")
        urls = [
            f"/web/content/{document.id}",
            f"/web/content/{document.id}?access_token={token[0]}",
            f"/web/content/{document.id}?access_token={document._get_raw_access_token()}",
            f"/web/content/ir.attachment/{document.id}/datas?download=1",
            f"/web/content?model=ir.attachment&id={document.id}&field=index_content",
            f"/mail/attachment/pdf_first_page/{document.id}?access_token={document._get_ownership_token()}",
        ]
        for login in ("colleague", None):
            self.authenticate(login, login and f"{login}-password")
            for url in urls:
                with mute_logger("odoo.http"):
                    response = self.url_open(url)
                self.assertNotEqual(response.status_code, 200, (login, url))
                self.assertNotIn(b"secret", response.content)
            with mute_logger("odoo.http"):
                image = self.url_open(f"/web/image/{picture.id}?access_token={token[1]}")
            self.assertNotIn(b"GIF89a", image.content)
        self.log_in("rep")
        response = self.url_open(urls[0])
        self.assertEqual((response.status_code, response.content), (200, b"secret"))
        self.assertEqual(response.headers["Content-Type"].split(";")[0], "text/plain")

    def test_unsafe_types_are_never_shown(self):
        """Not even those of an administrator, whose HTML Odoo serves as such, and whatever the address asks for."""
        self.env["res.users"].browse(self.env.ref("base.user_admin").id).write({"password": "admin-password"})
        box = self.lead.with_user(self.env.ref("base.user_admin"))
        documents = box._add_to_file_box(
            [
                {"name": "page.html", "raw": HTML, "mimetype": "text/html"},
                {"name": "drawing.svg", "raw": SVG, "mimetype": "image/svg+xml"},
                {"name": "data.xml", "raw": b"<a/>", "mimetype": "text/xml"},
                {"name": "page.xhtml", "raw": HTML, "mimetype": "application/xhtml+xml"},
                {"name": "script.js", "raw": b"alert(1)", "mimetype": "text/javascript"},
                {"name": "plain.txt", "raw": HTML, "mimetype": "text/plain"},
            ]
        )
        self.assertEqual(documents[0].mimetype, "text/html")
        self.log_in("admin")
        for document in documents:
            for url in (f"/web/content/{document.id}", f"/web/image/{document.id}"):
                for asked in ("", "?mimetype=text/html", "?mimetype=TEXT/HTML;x", "?mimetype=image/svg%2Bxml"):
                    if not asked and document == documents[-1]:
                        continue
                    if asked and "/web/image" in url:
                        continue
                    response = self.url_open(url + asked)
                    self.assertIn(
                        response.headers["Content-Type"].split(";")[0],
                        ("application/octet-stream", "image/png"),
                        (document.name, url + asked),
                    )
                    self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")

    def test_safe_types_are_shown(self):
        self.log_in("rep")
        documents = self.lead._add_to_file_box(
            [
                {"name": "Offer.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf"},
                {"name": "Offer.txt", "raw": b"Ten", "mimetype": "text/plain"},
            ]
        )
        for document in documents:
            response = self.url_open(f"/web/content/{document.id}")
            self.assertEqual(response.headers["Content-Type"].split(";")[0], document.mimetype)
