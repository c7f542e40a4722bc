from ..tools import letter_page
from .common_labels import read_pages
from .common_letter_print import PARAGRAPH, LetterPrintCase

WITHIN = 0.5  # mm
LONG = "Internationale Gesellschaft zur Förderung überaus langer Firmennamen und Bezeichnungen mbH"


class TestLetterGeometry(LetterPrintCase):
    """The printed PDF is read back: what counts is where the words are on paper."""

    def assertInside(self, words, box):
        for word in words:
            self.assertGreaterEqual(word.left, box.left - WITHIN, word)
            self.assertLessEqual(word.right, box.left + box.width + WITHIN, word)
            self.assertGreaterEqual(word.top, box.top - WITHIN, word)
            self.assertLessEqual(word.bottom, box.top + box.height + WITHIN, word)

    def find(self, words, *texts):
        found = {word.text: word for word in words}
        return [found[text] for text in texts]

    def test_the_address_is_in_every_window(self):
        contact = self.create_contact("Ann Quixote")
        for window in letter_page.WINDOWS:
            for paper_size in letter_page.PAPERS:
                with self.subTest(window=window, paper=paper_size):
                    template = self.create_letter_template(window=window, paper=paper_size)
                    (words,) = self.print_pages(self.draw_up(self.create_deal(contact), template))
                    page = letter_page.get_page(paper_size, window)
                    address = self.find(words, "Quixote", "Main", "Brussels")
                    self.assertInside(address, page.address)
                    self.assertAlmostEqual(address[0].top, page.address.top, delta=1)
                    sender = self.find(words, "Sender")
                    self.assertInside(sender, page.sender)
                    if page.window:
                        self.assertInside(address + sender, page.window)
                    others = [
                        word
                        for word in words
                        if word.left < page.address.left + page.address.width
                        and page.sender.top < word.middle < page.address.top + page.address.height
                    ]
                    self.assertInside(others, page.window or page.address._replace(top=page.sender.top, height=40))

    def test_din_5008_in_millimetres(self):
        for window, top, text_top in (("din5008a", 44.7, 80.46), ("din5008b", 62.7, 98.46)):
            template = self.create_letter_template(window=window)
            (words,) = self.print_pages(self.draw_up(self.create_deal(self.create_contact("Quixote")), template))
            (name,) = self.find(words, "Quixote")
            self.assertAlmostEqual(name.left, 25, delta=WITHIN)
            self.assertAlmostEqual(name.top, top, delta=WITHIN)
            date = self.find(words, "2026")[0]
            self.assertGreaterEqual(date.top, text_top - WITHIN)
            self.assertLess(date.top, text_top + 3)

    def test_the_longest_address_stays_in_the_window(self):
        contact = self.create_contact(
            LONG, street=LONG, street2=LONG, city=LONG, company_name=LONG, country_id=self.env.ref("base.us").id
        )
        for window in letter_page.WINDOWS[1:]:
            with self.subTest(window):
                template = self.create_letter_template(window=window, body="<p>x</p>", subject=False)
                (words,) = self.print_pages(self.draw_up(self.create_deal(contact), template))
                page = letter_page.get_page("a4", window)
                inside = [word for word in words if page.address.top <= word.middle <= page.text_top - 8]
                inside = [word for word in inside if word.left < page.head.left]
                self.assertGreater(len(inside), 10)
                self.assertInside(inside, page.address)

    def test_head_and_foot_on_the_first_page_and_numbers_on_the_others(self):
        template = self.create_letter_template(body=PARAGRAPH * 60)
        pages = self.print_pages(self.draw_up(self.create_deal(), template))
        self.assertEqual(len(pages), 3)
        texts = [self.text_of(words) for words in pages]
        for word in ("HEADLINE", "FOOTLINE", "SUBJECTLINE"):
            self.assertEqual([word in text for text in texts], [True, False, False])
        self.assertEqual(["Page" in text for text in texts], [False, True, True])
        self.assertIn("Page 2 of 3", texts[1])
        self.assertIn("Page 3 of 3", texts[2])

    def test_nothing_is_lost_or_cut_at_the_end_of_a_page(self):
        numbers = [f"N{number}" for number in range(400)]
        template = self.create_letter_template(body="".join(f"<p>{number}</p>" for number in numbers))
        pages = self.print_pages(self.draw_up(self.create_deal(), template))
        words = [word for page in pages for word in page if word.text in set(numbers)]
        self.assertEqual([word.text for word in words], numbers)
        for word in words:
            self.assertGreater(word.top, letter_page.TOP - WITHIN)
            self.assertLess(word.bottom, 297 - letter_page.BOTTOM + WITHIN)

    def test_long_words_and_wide_tables_stay_on_the_page(self):
        row = "<td>Wort</td>" * 12
        template = self.create_letter_template(body=f"<p>{'x' * 300}</p><table><tr>{row}</tr></table>")
        (words,) = self.print_pages(self.draw_up(self.create_deal(), template))
        self.assertTrue(all(word.left > 24 and word.right < 191 for word in words), words)

    def test_preprinted_paper_has_no_head_and_a_margin(self):
        template = self.create_letter_template(letterhead="preprinted", margin_top=140)
        (words,) = self.print_pages(self.draw_up(self.create_deal(), template))
        text = self.text_of(words)
        for word in ("HEADLINE", "FOOTLINE", "Sender"):
            self.assertNotIn(word, text)
        self.assertGreaterEqual(self.find(words, "SUBJECTLINE")[0].top, 140)

    def test_each_letter_begins_on_the_front_of_a_sheet(self):
        short, long = self.letter, self.create_letter_template(body=PARAGRAPH * 60)
        letters = self.draw_up(self.create_deal(self.create_contact("ONE")), short)
        letters |= self.draw_up(self.create_deal(self.create_contact("TWO")), long)
        letters |= self.draw_up(self.create_deal(self.create_contact("THREE")), short)
        pages = self.print_pages(letters, duplex=True)
        self.assertEqual(letters.mapped("page_count"), [1, 3, 1])
        self.assertEqual(len(pages), 7)
        starts = {
            name: number
            for name in ("ONE", "TWO", "THREE")
            for number, page in enumerate(pages, 1)
            if name in self.text_of(page)
        }
        self.assertEqual(starts, {"ONE": 1, "TWO": 3, "THREE": 7})
        self.assertEqual([len(page) for page in (pages[1], pages[5])], [0, 0], "the backs are empty")
        again = self.print_pages(letters, duplex=True)
        self.assertEqual([self.text_of(page) for page in again], [self.text_of(page) for page in pages])

    def test_the_order_of_the_list(self):
        names = ["CY", "ANN", "BOB"]
        contacts = self.env["res.partner"].union(*(self.create_contact(name) for name in names))
        pages = self.print_pages(self.draw_up(contacts))
        self.assertEqual([[word.text for word in page if word.text in names][0] for page in pages], names)

    def test_scripts_from_the_right_and_ideographs(self):
        self.env["res.lang"]._activate_lang("he_IL")
        hebrew = self.create_contact("שלום", street="רחוב 5", lang="he_IL")
        template = self.create_letter_template(body="<p>שלום עולם</p><p>東京都千代田区</p>", subject="مرحبا")
        (words,) = self.print_pages(self.draw_up(self.create_deal(hebrew), template))
        text = self.text_of(words)
        self.assertIn("東京都千代田区", text)
        self.assertTrue("שלום" in text or "םולש" in text, text)
        body = next(word for word in words if word.text in ("שלום", "םולש") and word.top > 98)
        self.assertAlmostEqual(body.right, 190, delta=WITHIN, msg="text begins at the right")
        page = letter_page.get_page("a4", "din5008b")
        self.assertInside([word for word in words if 63 < word.middle < 89 and word.left < 105], page.address)

    def test_letters_that_share_a_document_come_out_as_each_alone(self):
        contacts = [self.create_contact(name) for name in ("ONE", "TWO", "THREE", "FOUR", "FIVE")]
        letters = self.draw_up(self.env["res.partner"].union(*contacts), self.create_letter_template(body=PARAGRAPH))
        letters[3].body = PARAGRAPH * 60
        together, alone = letters._render()[1], [letter._render()[1][0] for letter in letters]
        for (pdf, count), (expected, expected_count) in zip(together, alone, strict=True):
            self.assertEqual(count, expected_count)
            for words, others in zip(read_pages(pdf), read_pages(expected), strict=True):
                for word, other in zip(sorted(words), sorted(others), strict=True):
                    self.assertEqual(word.text, other.text)
                    self.assertAlmostEqual(word.left, other.left, delta=0.1)
                    self.assertAlmostEqual(word.top, other.top, delta=0.1)
