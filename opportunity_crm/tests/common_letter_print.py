from unittest import skipUnless

from ..tools import paper
from .common import OpportunityCase
from .common_labels import ADDRESS, read_pages

PARAGRAPH = "<p>We are glad that you think about our turbines, and write to you how the matter stands.</p>"


@skipUnless(paper.is_available(), "PlutoPrint is not installed")
class LetterPrintCase(OpportunityCase):
    """Contacts, opportunities, a letter of the library, and what the printed PDF says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.company.write({"country_id": cls.belgium.id, "street": "9 Sender Road", "zip": "2000", "city": "Antwerp"})
        cls.company.write({"company_details": "<p>HEADLINE details</p>", "report_footer": "<p>FOOTLINE account</p>"})
        cls.company.partner_id.lang = "en_US"
        cls.letter = cls.create_letter_template()

    @classmethod
    def create_letter_template(cls, name="Thank you", body=PARAGRAPH, **values):
        return cls.env["opportunity.letter.template"].create(
            {"name": name, "subject": "Our SUBJECTLINE", "body": body, "with_signature": False, **values}
        )

    @classmethod
    def create_contact(cls, name="Ann Miller", **values):
        return cls.env["res.partner"].create({"name": name, "country_id": cls.belgium.id, **ADDRESS, **values})

    @classmethod
    def create_deal(cls, contact=None, user=None, **values):
        contact = contact or cls.create_contact()
        return cls.create_lead(user=user, partner_id=contact.id, **values)

    def draw_up(self, records, template=None, user=None, **values):
        """Return letters for opportunities or contacts, as the user (the rep)."""
        records = records.with_user(user or self.rep)
        leads = self.env["crm.lead"]
        pairs = [(record, record.partner_id) if record._name == "crm.lead" else (leads, record) for record in records]
        template = (template or self.letter).with_user(user or self.rep)
        return records.env["opportunity.letter"]._draw_up(template, pairs, **values)

    def print_pages(self, letters, duplex=False):
        """Return the words of each page."""
        return read_pages(letters._print(duplex))

    def open_wizard(self, records, user=None, **values):
        records = records.with_user(user or self.rep)
        wizard = records.env["opportunity.letter.wizard"].browse(records.action_print_letter()["res_id"])
        wizard.write({"template_id": self.letter.id, **values})
        return wizard

    def text_of(self, words):
        return " ".join(word.text for word in words)
