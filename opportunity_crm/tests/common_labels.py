import re
import subprocess
from html import unescape
from typing import NamedTuple
from unittest import skipUnless

from ..tools import paper
from .common import OpportunityCase

MM = 25.4 / 72
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
ADDRESS = {"street": "1 Main Street", "zip": "1000", "city": "Brussels"}


class Word(NamedTuple):
    """A word of a PDF and where it is on its page, in mm."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self):
        return (self.top + self.bottom) / 2


def read_pages(pdf):
    """Return the words of each page of a PDF as poppler finds them: a list of lists of :class:`Word`."""
    html = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [
        [Word(*(float(side) * MM for side in match.groups()[:4]), unescape(match[5])) for match in WORD.finditer(page)]
        for page in html.split("<page ")[1:]
    ]


@skipUnless(paper.is_available(), "PlutoPrint is not installed")
class LabelCase(OpportunityCase):
    """Contacts, a format, and what the printed PDF says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.company.write({"country_id": cls.belgium.id, "street": "9 Sender Road", "zip": "2000", "city": "Antwerp"})
        cls.company.partner_id.lang = "en_US"
        cls.l7160 = cls.env.ref("opportunity_crm.opportunity_label_format_avery_l7160")

    @classmethod
    def create_contact(cls, name="Ann", **values):
        return cls.env["res.partner"].create({"name": name, "country_id": cls.belgium.id, **ADDRESS, **values})

    def create_wizard(self, records, user=None, **values):
        records = records.with_user(user or self.rep)
        action = records.action_print_labels()
        wizard = records.env["opportunity.label.wizard"].browse(action["res_id"])
        wizard.write({"format_id": self.l7160.id, **values})
        return wizard

    def print_labels(self, wizard):
        """Return the words of each page, by line, as they are printed for the owner of the wizard."""
        action = wizard.action_print()
        self.assertEqual(action["report_name"], "opportunity_crm.report_labels")
        return self.render(wizard, "opportunity_crm.report_labels")

    def render(self, record, report_name):
        report = record.env["ir.actions.report"].with_context(force_report_rendering=True)
        return report._render_qweb_pdf(report_name, record.ids)[0]

    def read_lines(self, wizard, page=0):
        """Return the lines of a page, top down."""
        lines = {}
        for word in read_pages(self.print_labels(wizard))[page]:
            lines.setdefault(round(word.middle, 1), []).append(word)
        return [" ".join(word.text for word in sorted(words)) for __, words in sorted(lines.items())]
