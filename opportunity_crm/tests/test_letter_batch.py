from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..models import opportunity_letter_batch as batches
from ..models import opportunity_letter_batch_job as job
from ..tools import pdf_pages
from .common_labels import read_pages
from .common_letter_print import LetterPrintCase


class TestLetterBatch(LetterPrintCase):
    """Letters that are printed together, now, later or as one long job."""

    def setUp(self):
        super().setUp()
        self.patch(job, "CHUNK", 4)
        # The job commits after each chunk; here the test's transaction goes on.
        self.enterContext(patch.object(self.env.cr, "commit", self.env.flush_all))

    def contacts(self, count):
        values = {"country_id": self.belgium.id, "street": "1 Main Street", "zip": "1000", "city": "Brussels"}
        return self.env["res.partner"].create([{"name": f"N{number}", **values} for number in range(count)])

    def gather(self, count=10, **values):
        letters = self.draw_up(self.contacts(count), merge=False)
        return self.env["opportunity.letter.batch"].with_user(self.rep)._gather(letters, **values)

    def start(self, batch):
        self.patch(batches, "AT_ONCE", 0)
        action = batch.action_print()
        self.assertEqual((action["res_model"], batch.state), (batch._name, "waiting"))

    def run_job(self):
        self.env["opportunity.letter.batch"]._cron_print()

    def names(self, pdf):
        return [[word.text for word in page if word.text.startswith("N")][:1] for page in read_pages(pdf)]

    def test_a_job_of_several_chunks(self):
        batch = self.gather()
        letters = batch.letter_ids
        self.assertFalse(any(letters.mapped("body")), "the text is merged when it is printed")
        self.start(batch)
        self.run_job()
        self.assertEqual((batch.state, batch.progress, batch.done_count), ("done", 100, 10))
        self.assertEqual(self.names(batch.attachment_id.raw), [[f"N{number}"] for number in range(10)])
        self.assertEqual(set(letters.mapped("state")), {"printed"})
        self.assertEqual(letters.printed_by_id, self.rep)
        self.assertFalse(batch.part_ids)
        documents = self.env["ir.attachment"].search([("res_model", "=", batch._name), ("res_id", "=", batch.id)])
        self.assertEqual(documents, batch.sudo().attachment_id.with_env(self.env), "the parts are gone")

    def test_duplex_holds_over_the_chunks(self):
        batch = self.gather(5, duplex=True)
        self.start(batch)
        self.run_job()
        pages = self.names(batch.attachment_id.raw)
        self.assertEqual(pages, [["N0"], [], ["N1"], [], ["N2"], [], ["N3"], [], ["N4"]])

    def test_cancelled_in_the_middle(self):
        batch = self.gather(300)
        self.patch(job, "CHUNK", 100)
        self.start(batch)
        run_chunk = type(batch)._run_chunk
        chunks = []

        def cancel_after_two(printing):
            chunks.append(run_chunk(printing))
            if len(chunks) == 2:
                batch.action_cancel()
            return chunks[-1]

        self.patch(type(batch), "_run_chunk", cancel_after_two)
        self.run_job()
        self.assertEqual((len(chunks), batch.state), (2, "cancelled"))
        states = self.env["opportunity.letter"]._read_group([("batch_id", "=", batch.id)], ["state"], ["__count"])
        self.assertEqual(dict(states), {"printed": 200, "cancelled": 100})
        self.assertEqual(pdf_pages.count(batch.attachment_id.raw), 200)
        with self.assertRaisesRegex(UserError, "finished already"):
            batch.action_cancel()

    def test_a_job_that_was_interrupted_goes_on_where_it_was(self):
        batch = self.gather()
        self.start(batch)
        batch.sudo()._run_chunk()
        printed = batch.letter_ids.filtered(lambda letter: letter.state == "printed")
        self.assertEqual((len(printed), batch.progress), (4, 40))
        frozen = printed.mapped("attachment_id")
        self.run_job()
        self.assertEqual(printed.mapped("attachment_id"), frozen)
        self.assertEqual(self.names(batch.attachment_id.raw), [[f"N{number}"] for number in range(10)])

    def test_one_that_cannot_be_printed_does_not_keep_the_others_from_it(self):
        batch = self.gather(6)
        bad = batch.letter_ids.sorted("sequence")[2]
        bad.sudo().write({"template_id": False})
        self.start(batch)
        self.run_job()
        self.assertEqual(batch.state, "done")
        self.assertEqual(self.names(batch.attachment_id.raw), [["N0"], ["N1"], ["N3"], ["N4"], ["N5"]])
        self.assertEqual((batch.failed_ids, bad.state), (bad, "to_print"))
        self.assertIn("template was deleted", bad.failure)

    def test_a_letter_whose_page_cannot_be_drawn_does_not_stop_the_job(self):
        batch = self.gather(3)
        bad = batch.letter_ids.sorted("sequence")[1]
        page_of = type(bad)._get_page_values

        def fail_for_one(letter, *args):
            if letter == bad:
                raise ValueError("no such page")
            return page_of(letter, *args)

        self.patch(type(bad), "_get_page_values", fail_for_one)
        self.start(batch)
        self.run_job()
        self.assertEqual((batch.state, batch.failed_ids), ("done", bad))
        self.assertEqual(self.names(batch.attachment_id.raw), [["N0"], ["N2"]])

    def test_rights_hold_when_the_job_runs(self):
        deal = self.create_deal(self.create_contact("GONE"))
        letters = self.draw_up(deal) | self.draw_up(self.contacts(1))
        batch = self.env["opportunity.letter.batch"].with_user(self.rep)._gather(letters)
        self.start(batch)
        deal.sudo().user_id = self.colleague
        self.run_job()
        self.assertEqual(self.names(batch.attachment_id.raw), [["N0"]])
        self.assertEqual(batch.sudo().failed_ids.lead_id, deal.sudo())

    def test_sequences_collect_letters(self):
        leads = self.create_deal() | self.create_deal(user=self.colleague)
        queue = self.env["opportunity.letter"].sudo()._queue
        letters = queue(self.letter, leads[0].sudo()) | queue(self.letter, leads[1].sudo())
        batch = letters.batch_id
        self.assertEqual((len(batch), batch.state, batch.template_id), (1, "open", self.letter))
        self.assertEqual(letters.mapped("sequence"), [1, 2])
        self.assertEqual(set(letters.mapped("state")), {"to_print"})
        self.assertEqual(letters.user_id, self.rep | self.colleague)
        self.assertFalse(batch.with_user(self.rep).has_access("read"), "it has letters of others")
        clerk = batch.with_user(self.senior)
        clerk.duplex = True
        labels = self.env["opportunity.label.wizard"].browse(clerk.action_labels()["res_id"])
        self.assertEqual((labels.res_model, labels.res_ids), ("res.partner", leads.partner_id.ids))
        clerk.action_print()
        self.assertEqual((batch.state, batch.user_id), ("done", self.senior))
        self.assertEqual(set(letters.mapped("state")), {"printed"})
        other = queue(self.letter, leads[0].sudo())
        self.assertNotEqual(other.batch_id, batch)

    def test_a_rep_prints_what_a_sequence_collected_for_them(self):
        leads = self.create_deal() | self.create_deal()
        letters = self.env["opportunity.letter"].sudo()._queue(self.letter, leads.sudo()).with_user(self.rep)
        collected = letters.sudo().batch_id
        letters.action_print()
        self.assertEqual(set(letters.mapped("state")), {"printed"})
        self.assertEqual(letters.batch_id.user_id, self.rep)
        self.assertFalse(collected.letter_ids)

    def test_printed_letters_together_come_as_they_were(self):
        letters = self.draw_up(self.contacts(3))
        letters[0]._print()
        notes = self.env["mail.message"].search_count([])
        action = letters.action_print()
        self.assertEqual(self.env["mail.message"].search_count([]), notes + 2)
        document = self.env["ir.attachment"].browse(int(action["url"].split("/")[-1].split("?")[0]))
        self.assertEqual(self.names(document.raw), [["N0"], ["N1"], ["N2"]])
        letters.action_print()
        self.assertEqual(self.env["mail.message"].search_count([]), notes + 2, "told once")

    def test_who_sees_batches_and_their_pdf(self):
        batch = self.gather(3)
        batch.action_print()
        self.assertRights(
            batch,
            {
                self.rep: "rw",
                self.colleague: "",
                self.senior: "rw",
                self.manager: "rw",
                self.overseas: "",
                self.employee: "",
            },
        )
        self.assertTrue(batch.attachment_id.with_user(self.rep).has_access("read"))
        self.assertFalse(batch.attachment_id.with_user(self.colleague).has_access("read"))
        with self.assertRaisesRegex(UserError, "with its buttons"):
            batch.state = "open"
        for act in ("action_print", "action_cancel", "action_download", "action_labels"):
            with self.subTest(act), self.assertRaises(AccessError):
                getattr(batch.with_user(self.colleague), act)()

    def test_pdf_is_lost_with_one_of_its_opportunities(self):
        """What was printed with others is seen as they are: a share that ends takes the PDF along."""
        mine, theirs = self.create_deal(), self.create_deal(user=self.colleague)
        values = {"lead_id": theirs.id, "user_id": self.rep.id, "access": "edit", "reason": "Help me"}
        share = self.env["opportunity.share"].with_user(self.colleague).create(values)
        letters = self.draw_up(mine | theirs, merge=False)
        batch = self.env["opportunity.letter.batch"].with_user(self.rep)._gather(letters)
        self.start(batch)
        self.run_job()
        pdf = batch.attachment_id
        self.assertTrue(pdf.with_user(self.rep).has_access("read"))
        share.with_user(self.colleague).action_revoke()
        for record in (batch, pdf):
            own = record.with_user(self.rep)
            self.assertFalse(own.has_access("read"))
            self.assertFalse(own.search([("id", "=", record.id)]))
        with self.assertRaises(AccessError):
            batch.action_download()

    def test_two_servers_do_not_print_the_same_batch(self):
        batch = self.gather(1)
        self.start(batch)
        self.assertEqual(self.env["opportunity.letter.batch"]._claim(), batch.sudo().with_env(self.env))

    def test_labels_in_the_order_of_the_letters(self):
        batch = self.gather(3)
        contacts = batch.letter_ids.sorted("sequence").partner_id
        wizard = self.env["opportunity.label.wizard"].browse(batch.action_labels()["res_id"])
        self.assertEqual((wizard.res_model, wizard.res_ids), ("res.partner", contacts.ids))
