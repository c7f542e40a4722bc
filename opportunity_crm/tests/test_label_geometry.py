import subprocess

from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common_labels import LabelCase, read_pages

WITHIN = 0.5  # mm
LONG = "Internationale Gesellschaft zur Förderung überaus langer Firmennamen und Bezeichnungen mbH & Co. KG"


class TestLabelGeometry(LabelCase):
    """The printed PDF is read back: what counts is where the words are on paper."""

    def get_shipped_formats(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "opportunity_crm"), ("model", "=", "opportunity.label.format")]
        )
        formats = self.env["opportunity.label.format"].browse(data.mapped("res_id"))
        self.assertGreaterEqual(len(formats), 26)
        return formats

    def assertPlaced(self, wizard, pages, first, count):
        """Each label has one short word, in the middle of its height and at its inner margin."""
        sheet, padding = wizard.format_id._get_sheet(), wizard.format_id.padding
        expected = list(sheet.place(range(count), first=first))
        self.assertEqual(len(pages), len(expected), "exact page count")
        for boxes, words in zip(expected, pages, strict=True):
            self.assertEqual(len(words), len(boxes))
            found = {word.text: word for word in words}
            for box, number in boxes:
                word = found[f"N{number}"]
                self.assertAlmostEqual(word.left, box.left + padding, delta=WITHIN)
                self.assertAlmostEqual(word.middle, box.top + box.height / 2, delta=WITHIN)

    def test_every_label_of_every_shipped_format(self):
        most = max(self.get_shipped_formats().mapped("label_count"))
        contacts = self.env["res.partner"].create([{"name": f"N{number}"} for number in range(most + 20)])
        for label_format in self.get_shipped_formats():
            with self.subTest(label_format.display_name):
                count = label_format.label_count + 12
                first = min(3, label_format.label_count)
                wizard = self.create_wizard(
                    contacts[:count], format_id=label_format.id, first_label=first, with_address=False
                )
                pages = read_pages(self.print_labels(wizard))
                self.assertPlaced(wizard, pages, first, count)

    def test_the_page_has_the_size_of_the_paper(self):
        for label_format in self.get_shipped_formats():
            width, height = label_format._get_sheet().paper_size
            wizard = self.create_wizard(self.create_contact(), format_id=label_format.id)
            self.assertIn(
                f"{round(width / 25.4 * 72)} x {round(height / 25.4 * 72)}", self.page_size(self.print_labels(wizard))
            )

    def page_size(self, pdf):
        output = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        size = output.split("Page size:")[1].split("pts")[0].split(" x ")
        return " x ".join(str(round(float(side))) for side in size)

    def test_a_sheet_in_landscape_and_a_corrected_printer(self):
        contacts = self.env["res.partner"].create([{"name": f"N{number}"} for number in range(30)])
        self.l7160.write({"orientation": "landscape", "offset_x": 1.5, "offset_y": -2})
        wizard = self.create_wizard(contacts, with_address=False, first_label=2)
        pages = read_pages(self.print_labels(wizard))
        self.assertPlaced(wizard, pages, 2, 30)
        first = min(pages[1])
        # Turned to the left, what was down is to the right, and what was right is up.
        self.assertAlmostEqual(first.left, 15.15 - 2 + 3, delta=WITHIN)
        self.assertAlmostEqual(pages[1][0].middle, 210 - 7.25 - 1.5 - 2 * 66 - 63.5 / 2, delta=WITHIN)

    def test_long_text_stays_in_its_label(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "street": LONG, "street2": LONG, "zip": "1000", "city": city, "company_name": LONG}
                for name, city in (
                    ("X" * 200, "Y"),
                    (LONG, LONG),
                    ("שלום עולם " * 8, "תל אביב"),
                    ("مرحبا بالعالم " * 8, "القاهرة"),
                    ("東京都千代田区千代田" * 8, "東京都"),
                    ("W" * 60, "i" * 200),
                )
            ]
        )
        for label_format in self.get_shipped_formats():
            with self.subTest(label_format.display_name):
                wizard = self.create_wizard(contacts, format_id=label_format.id, with_sender=True, sender=LONG)
                boxes = [box for page in label_format._get_sheet().place(contacts) for box, __ in page]
                sheets = read_pages(self.print_labels(wizard))
                self.assertTrue(all(sheets))
                for word in (word for words in sheets for word in words):
                    inside = [
                        box
                        for box in boxes
                        if box.left <= word.left
                        and word.right <= box.left + box.width
                        and box.top <= word.top
                        and word.bottom <= box.top + box.height
                    ]
                    self.assertTrue(inside, word)

    def test_text_shrinks_before_it_wraps(self):
        short, longer, long = (self.create_contact(name) for name in ("Ann", "A" * 28, LONG))
        heights = []
        for contact in (short, longer, long):
            words = read_pages(self.print_labels(self.create_wizard(contact)))[0]
            heights.append(words[0].bottom - words[0].top)
        self.assertGreater(heights[0], heights[1])
        lines = self.read_lines(self.create_wizard(long))
        self.assertGreater(len(lines), 4)
        self.assertEqual("".join(lines[:-2]).replace(" ", ""), LONG.replace(" ", ""), "nothing is lost")

    def test_scripts_that_run_from_the_right(self):
        hebrew = self.create_contact("שלום", street="רחוב 5")
        words = read_pages(self.print_labels(self.create_wizard(hebrew)))[0]
        box = self.l7160._get_sheet().boxes()[0]
        name = min(words, key=lambda word: word.top)
        self.assertIn(name.text, ("שלום", "םולש"))
        self.assertAlmostEqual(name.right, box.left + box.width - 3, delta=WITHIN)

    def test_chinese_and_japanese(self):
        """The server needs a font that has the letters; Debian's fonts-droid-fallback does."""
        contact = self.create_contact("東京商事株式会社" * 4, street="千代田区丸の内一丁目", city="北京市")
        text = "".join(self.read_lines(self.create_wizard(contact))).replace(" ", "")
        self.assertTrue(text.startswith("東京商事株式会社" * 4 + "千代田区丸の内一丁目"), text)
        self.assertIn("北京市", text)

    def test_the_test_sheet_shows_each_label_where_it_is(self):
        for label_format in self.get_shipped_formats():
            with self.subTest(label_format.display_name):
                pdf = self.render(label_format.with_user(self.rep), "opportunity_crm.report_label_format")
                (words,) = read_pages(pdf)
                found = {word.text: word for word in words if word.text.isdigit()}
                for number, box in enumerate(label_format._get_sheet().boxes(), 1):
                    word = found[str(number)]
                    middle = (word.left + word.right) / 2
                    self.assertAlmostEqual(middle, box.left + box.width / 2, delta=WITHIN)

    def test_measures_that_do_not_fit_are_refused(self):
        for values, message in (
            ({"columns": 4}, "right edge"),
            ({"rows": 8}, "lower edge"),
            ({"pitch_x": 60}, "overlap"),
            ({"pitch_y": 38}, "overlap"),
            ({"margin_top": -1}, "negative"),
            ({"rows": 0}, "at least one"),
            ({"padding": 20}, "no room"),
            ({"font_size": 2}, "between 4 and 72"),
            ({"offset_x": 30}, "at most 20"),
            ({"page_width": 9000}, "at most 2000"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message):
                self.l7160.with_user(self.manager).write(values)

    def test_a_format_of_one_s_own(self):
        with Form(self.env["opportunity.label.format"].with_user(self.manager)) as form:
            form.maker, form.code, form.kind = "Ours", "R1", "roll"
            form.page_width, form.page_height = 62, 100
        own = form.record
        self.assertEqual((own.label_width, own.label_height, own.label_count), (62, 100, 1))
        self.assertEqual(own.copy().code, "R1 (copy)")
        self.assertEqual(
            len(read_pages(self.print_labels(self.create_wizard(self.create_contact(), format_id=own.id)))), 1
        )
