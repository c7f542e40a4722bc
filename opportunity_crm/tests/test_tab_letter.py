from datetime import date, datetime

from odoo.fields import Command

from .common_letters import LetterCase
from .common_tab import TabCase


class TestTabLetter(TabCase, LetterCase):
    """The fields of custom tabs as merge fields of letters, in the language of who reads the letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a product and a contact that the rep may not read: their names are on the opportunity all the same
        voltage, media = (cls.field[label].option_ids for label in ("Voltage", "Media"))
        product = cls.env["product.product"].create({"name": "Press 9", "default_code": "P9"})
        planner = cls.env["res.partner"].create({"name": "Pia Plan", "parent_id": cls.ann.id})
        engineer = cls.colleague
        cls.values = {
            "Machine": ("Filler <X>", "Filler &lt;X&gt;", "Filler &lt;X&gt;"),
            "Remarks of the Engineer": ("One\nTwo", "One<br/>Two", "One<br/>Two"),
            "Lines": (12345, "12,345", "12.345"),
            "Speed": (1234.5, "1,234.50", "1.234,50"),
            "Budget": (99.5, "$\xa099.50", "$\xa099,50"),
            "Start of Works": (date(2026, 5, 1), "May 1, 2026", "1. Mai 2026"),
            "Visit": (datetime(2026, 5, 1, 14, 30), "5/1/26", "01.05.26"),
            # in German it is what the translations say
            "Certified": (True, "Yes", ""),
            "Voltage": (voltage[1].id, "400 V", "400 V"),
            "Media": (
                [Command.set((media[0] | media[2]).ids)],
                "Water and Oil",
                "Water und Oil",
            ),
            "Planner": (planner.id, "Pia Plan", "Pia Plan"),
            "Engineer": (engineer.id, engineer.name, engineer.name),
            "Model": (product.id, "Press 9", "Press 9"),
            "Data Sheet": ("https://example.com/p9", "https://example.com/p9", "https://example.com/p9"),
        }
        cls.deal.write({cls.field[label].technical_name: given for label, (given, *_texts) in cls.values.items()})

    def print_field(self, label, **values):
        return self.merge(f"<p>{{{{opportunity.{self.column(label)}}}}}</p>", **values)["body"]

    def test_every_kind_in_the_language_of_the_reader(self):
        labels = self.env["opportunity.letter.field"].with_user(self.rep)._get_labels()
        for label, (_given, english, german) in self.values.items():
            with self.subTest(label=label):
                self.assertEqual(labels[f"opportunity.{self.column(label)}"], label)
                self.assertIn(english, self.print_field(label))
                self.assertIn(german, self.print_field(label, lang="de_DE"))

    def test_yes_and_no(self):
        self.deal[self.column("Certified")] = False
        self.assertEqual(self.print_field("Certified"), "<p>No</p>")

    def test_empty_is_nothing(self):
        empty = self.create_lead(partner_id=self.ann.id)
        for label in self.values.keys() - {"Certified"}:
            with self.subTest(label=label):
                self.assertEqual(self.print_field(label, lead=empty), "<p></p>")

    def test_what_is_no_merge_field(self):
        """A file, and what points to anything else than contacts, people, products and options."""
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "name": "x_secret",
                "field_description": "Secret",
                "ttype": "many2one",
                "relation": "ir.config_parameter",
                "state": "manual",
            }
        )
        labels = self.env["opportunity.letter.field"]._get_labels()
        self.assertNotIn("opportunity.x_secret", labels)
        self.assertNotIn(f"opportunity.{self.column('Drawing')}", labels)
