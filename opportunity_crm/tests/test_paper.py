import base64
import io
import re
import subprocess
import sys
from pathlib import Path
from unittest import skipUnless
from unittest.mock import patch

from PIL import Image

from odoo.tests import HttpCase
from odoo.tools.misc import file_path

from ..tools import paper, self_contained
from .common import OpportunityCase

PIXELS = io.BytesIO()
Image.new("RGB", (3, 2), "red").save(PIXELS, "png")
PNG = PIXELS.getvalue()
ELSEWHERE = (
    "http://example.com/a.png",
    "//example.com/a.png",
    "https://database.invalid.example.com/web/image/1",
    "https://user@database.invalid/web/image/1",
    "file:///etc/passwd",
    "/etc/passwd",
    "ftp://example.com/a",
    "/web/static/fonts/../../../etc/passwd",
    "/web/static/fonts/%2e%2e/x.ttf",
    "/web/session/logout",
    "/web/image/999999999",
    "http://[broken",
)
# More sizes than the cache of fonts keeps until the process ends.
PRINT_WITH_FONT = """
import sys, paper
with open(sys.argv[1], "rb") as file:
    font = file.read()
printer = paper.Printer(fetch=lambda url: (font, "font/ttf"))
sizes = [f"{1 + size / 10}pt" for size in range(300)]
text = "".join(f"<p style='font: {size} {family}'>Text</p>" for family in ("F", "serif") for size in sizes)
printer.add("<style>@font-face {font-family: F; src: url(/f)}</style>" + text)
printer.finish()
"""


def pdf_text(pdf, *options):
    """Return what poppler reads in a PDF."""
    return subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def pdf_images(pdf):
    """Return how many pictures a PDF holds."""
    listing = subprocess.run(["pdfimages", "-list", "-"], input=pdf, capture_output=True, check=True).stdout
    return len(listing.splitlines()) - 2


class PaperCase:
    """A report on contacts that is exact on paper."""

    @classmethod
    def create_report(cls, body, name="opportunity_crm.test_paper"):
        cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "key": name,
                "name": "Test",
                "arch": f"""
                <t t-name="{name}">
                    <t t-call="opportunity_crm.paper_layout">
                        <t t-set="paper_size" t-value="(100, 50)"/>
                        <t t-set="paper_css"><style>.o_page {{ break-after: page; page-break-after: always; }}
                            .o_page:last-child {{ break-after: auto; page-break-after: auto; }}</style></t>
                        <div class="o_page" t-foreach="docs" t-as="doc">{body}</div>
                    </t>
                </t>""",
            }
        )
        return cls.env["ir.actions.report"].create(
            {"name": "Test", "model": "res.partner", "report_name": name, "exact_paper": True}
        )

    @classmethod
    def create_contacts(cls, count):
        return cls.env["res.partner"].create([{"name": f"Contact number {n}"} for n in range(count)])


@skipUnless(paper.is_available(), "PlutoPrint is not installed")
class TestPaper(PaperCase, OpportunityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.create_report('<t t-out="doc.name"/>')

    def print_report(self, records, user=None):
        report = self.report.with_user(user or self.rep).with_context(force_report_rendering=True)
        return report._render_qweb_pdf(self.report.report_name, records.ids)[0]

    def test_pages_have_the_size_and_order_that_was_asked_for(self):
        contacts = self.create_contacts(3)
        pdf = self.print_report(contacts)
        pages = pdf_text(pdf).split("\f")[:-1]
        self.assertEqual([page.strip() for page in pages], contacts.mapped("name"))
        width, height = re.search(r'page width="([\d.]+)" height="([\d.]+)"', pdf_text(pdf, "-bbox")).groups()
        self.assertAlmostEqual(float(width) / 72 * 25.4, 100, places=2)
        self.assertAlmostEqual(float(height) / 72 * 25.4, 50, places=2)

    def test_many_documents_are_rendered_in_parts_and_counted(self):
        contacts = self.create_contacts(205)
        pdf, counts = self.env["ir.actions.report"].with_user(self.rep)._render_exact(self.report, contacts.ids)
        self.assertEqual(counts, [100, 100, 5])
        self.assertEqual(pdf_text(pdf).count("\f"), 205)

    def test_a_report_without_records_is_rendered_once(self):
        self.assertEqual(len(self.env["ir.actions.report"]._render_exact(self.report, None)[1]), 1)

    def test_other_reports_are_left_alone(self):
        self.report.exact_paper = False
        with patch.object(paper, "Printer", side_effect=AssertionError):
            rendered = self.report._render_qweb_pdf(self.report, self.create_contacts(1).ids)
        self.assertEqual(rendered[1], "html", "Odoo's own way in a test")

    def test_the_client_need_not_ask_for_wkhtmltopdf(self):
        self.assertTrue(self.report.report_action([1], config=False)["is_self_sufficient"])
        self.report.exact_paper = False
        self.assertNotIn("is_self_sufficient", self.report.report_action([1], config=False))

    def test_each_document_can_begin_on_the_front_of_a_sheet(self):
        printer = paper.Printer()
        page = "<style>@page{size:50mm 50mm} p{break-after:page}</style>"
        counts = [printer.add(page + "<p>x</p>" * count, start_odd=True) for count in (1, 2, 3)]
        self.assertEqual(printer.page_count, 1 + 1 + counts[1] + counts[2])
        self.assertEqual(pdf_text(printer.finish()).count("\f"), printer.page_count)

    def test_a_process_that_printed_with_a_fetched_font_ends_well(self):
        result = subprocess.run(
            [sys.executable, "-c", PRINT_WITH_FONT, file_path("web/static/fonts/google/Roboto/Roboto-Regular.ttf")],
            cwd=Path(paper.__file__).parent,
            capture_output=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)


@skipUnless(paper.is_available(), "PlutoPrint is not installed")
class TestPaperFetchesNothing(PaperCase, OpportunityCase):
    def print_html(self, html, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.rep)
        printer = paper.Printer(report._get_paper_resource)
        printer.add(html)
        return printer.finish()

    def create_attachment(self, **values):
        return self.env["ir.attachment"].create({"name": "a.png", "raw": PNG, **values})

    def test_nothing_from_elsewhere(self):
        get = self.env["ir.actions.report"]._get_local_resource
        self.assertEqual([url for url in ELSEWHERE if get(url)], [])

    def test_plutoprint_asks_for_nothing_but_local_addresses(self):
        asked = []
        printer = paper.Printer(asked.append)
        tags = "".join(f'<img src="{url}"><link rel="stylesheet" href="{url}">' for url in ELSEWHERE)
        printer.add(f"<p style=\"background:url('http://example.com/b')\">{tags}<iframe src='file:///etc/hosts'></p>")
        self.assertTrue(printer.finish())
        self.assertTrue(asked)
        self.assertEqual([path for path in asked if not path.startswith("/")], [])

    def test_an_image_that_the_user_may_read_is_printed(self):
        mine = self.create_attachment(res_model="res.partner", res_id=self.create_contacts(1).id)
        self.assertEqual(pdf_images(self.print_html(f'<img src="/web/image/{mine.id}">')), 1)
        data = base64.b64encode(PNG).decode()
        self.assertEqual(pdf_images(self.print_html(f'<img src="data:image/png;base64,{data}">')), 1)

    def test_an_image_that_the_user_may_not_read_is_not(self):
        lead = self.create_lead(self.colleague)
        theirs = self.create_attachment(res_model="crm.lead", res_id=lead.id)
        html = f'<img src="/web/image/{theirs.id}"><img src="/web/content/{theirs.id}">'
        self.assertEqual(pdf_images(self.print_html(html)), 0)
        self.assertEqual(pdf_images(self.print_html(html, self.colleague)), 2)

    def test_a_file_that_is_no_image_is_not_read(self):
        text = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"secret", "public": True})
        drawing = self.env["ir.attachment"].create({"name": "a.svg", "raw": b"<svg/>", "mimetype": "image/svg+xml"})
        link = self.env["ir.attachment"].create({"name": "a", "type": "url", "url": "http://example.com/a.png"})
        for attachment in text | drawing | link:
            self.assertFalse(self.env["ir.actions.report"]._get_paper_resource(f"/web/image/{attachment.id}"))

    def test_fonts_of_odoo_can_be_used(self):
        get = self.env["ir.actions.report"]._get_paper_resource
        self.assertTrue(get("/web/static/fonts/google/Roboto/Roboto-Regular.ttf"))
        self.assertFalse(get("/web/static/fonts/google/Roboto/Nothing.ttf"))


class TestContained(OpportunityCase):
    def test_what_loads_is_gone(self):
        attacks = b"""<html><head><base href="http://a.example/"><meta http-equiv="refresh" content="0;http://a.example">
            <link rel="stylesheet" href="http://a.example"><style>@import "http://a.example"; @\\69mport 'http://a.example';
            p { color: u\\72l(http://a.example) } q { background: URL ('http://a.example') }</style></head>
            <body background="http://a.example" style="background:ur/**/l(http://a.example)"><script src="http://a.example">
            </script><img src="http://a.example" srcset="http://a.example"><iframe src="http://a.example"></iframe>
            <svg><image href="http://a.example"/></svg><object data="http://a.example"></object>
            <video poster="http://a.example"></video><input type="image" src="http://a.example"><p>Dear Sir</p></body>
            </html>"""
        contained = self_contained.contain(attacks, lambda url: None)
        self.assertNotRegex(contained, rb"(?i)(src|href|url *\(|@import|background|data|poster)[^>}]*a\.example")
        self.assertNotIn(b"\\", contained, "an escape could hide any of these words")
        self.assertIn(b"Dear Sir", contained)


class TestPaperWithoutPlutoPrint(PaperCase, HttpCase, OpportunityCase):
    """The standard engine asks the server for styles, so it has to run."""

    def test_the_same_content_comes_from_the_standard_engine(self):
        report = self.create_report('<b t-out="doc.name"/> Grüße')
        contacts = self.create_contacts(3)
        texts = []
        for module in (None, paper.plutoprint):
            with patch.object(paper, "plutoprint", module):
                action = report.report_action(contacts, config=False)
                printing = report.with_user(self.rep).with_context(force_report_rendering=True)
                pdf = printing._render_qweb_pdf(report.report_name, contacts.ids)[0]
            self.assertEqual("is_self_sufficient" in action, module is not None)
            texts.append([page.split() for page in pdf_text(pdf).split("\f")])
        self.assertEqual(texts[0][0][:3], ["Contact", "number", "0"])
        self.assertEqual(len(texts[0]), 4)
        if paper.is_available():
            self.assertEqual(texts[0], texts[1])

    def test_the_standard_engine_is_given_nothing_to_fetch(self):
        url = "http://example.com/a.png"
        report = self.create_report(f'<img src="{url}"/><p t-attf-style="background: url({url})" t-out="doc.name"/>')
        given = []
        with (
            patch.object(paper, "plutoprint", None),
            patch.object(type(report), "_run_wkhtmltopdf", lambda self, bodies, **options: given.extend(bodies) or b""),
        ):
            report._render_qweb_pdf_prepare_streams(report.report_name, {}, self.rep.partner_id.ids)
        self.assertIn(self.rep.name, given[0])
        self.assertNotIn("example.com/a.png", given[0])
