from .common import OpportunityCase


class LetterCase(OpportunityCase):
    """A letter template, a contact and an opportunity of the rep's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("fr_FR", "de_DE", "ar_001"):
            cls.env["res.lang"]._activate_lang(code)
        cls.ann = cls.create_contact("Ann Archer", city="Ghent", function="Buyer")
        cls.deal = cls.create_lead(name="New press", partner_id=cls.ann.id, expected_revenue=1234.5)
        cls.letter = cls.create_letter()

    @classmethod
    def create_contact(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "lang": "en_US", **values})

    @classmethod
    def create_letter(cls, user=None, **values):
        """Create a letter template as the sales manager."""
        return (
            cls.env["opportunity.letter.template"]
            .with_user(user or cls.manager)
            .create({"name": "Hello", "subject": "For {{contact.name}}", "body": "<p>Hello</p>", **values})
        )

    def merge(self, body, lead=None, partner=None, user=None, **values):
        """Return the letter with this body to the contact, merged by the rep."""
        letter = self.create_letter(body=body, **values).with_user(user or self.rep)
        return letter._merge([(self.deal if lead is None else lead, partner or self.ann)])[0]
