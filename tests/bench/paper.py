"""Paper: labels and letters for thousands of contacts, against the bare engine on the same HTML."""

from . import ADDON, Hold, Scenario, Side, data

LABELS = 3000
FORMAT = "opportunity_crm.opportunity_label_format_avery_l7160"
REPORT = "opportunity_crm.report_labels"
LETTERS = 1000
LETTER_REPORT = "opportunity_crm.report_letter"


def contacts(env, count=LABELS):
    """Contacts with an address each, nobody like another one."""
    data.insert_partners(env, count)
    env.cr.execute(
        """
        UPDATE res_partner
           SET street = id || ' Main Street', street2 = 'Building ' || id %% 90, zip = 1000 + id %% 9000,
               city = 'Springfield ' || id %% 500, country_id = %s, name = 'Contact number ' || id
         WHERE id IN (SELECT id FROM res_partner WHERE ref = 'bench' ORDER BY id DESC LIMIT %s)
        """,
        [env.ref("base.be").id, count],
    )
    found = env["res.partner"].search([("ref", "=", "bench")], order="id desc", limit=count)
    return data.as_rep(env)["res.partner"].browse(found.ids)


def wizard(env):
    """What the rep sees after choosing the contacts."""
    printing = contacts(env).action_print_labels()
    found = data.as_rep(env)["opportunity.label.wizard"].browse(printing["res_id"])
    found.format_id = env.ref(FORMAT).id
    return found


def printing(env):
    """A side's preparation: from the wizard to the PDF."""
    chosen = wizard(env)
    report = chosen.env["ir.actions.report"].with_context(force_report_rendering=True)

    def print_labels():
        __, counts = report._render_exact(REPORT, chosen.ids)
        if sum(counts) != chosen.page_total:
            raise AssertionError(f"{sum(counts)} pages instead of {chosen.page_total}")

    return [print_labels]


def bare_engine(env):
    """A side's preparation: only the PDF, from the HTML of all labels."""
    chosen = wizard(env)
    report = chosen.env["ir.actions.report"]
    html = report._render_qweb_html(REPORT, chosen.ids)[0].decode()
    fetch = report._get_paper_resource

    def print_html():
        import io

        import plutoprint

        class Fetcher(plutoprint.ResourceFetcher):
            def fetch_url(self, url):
                return plutoprint.ResourceData(*fetch(url.removeprefix("https://database.invalid")))

        book = plutoprint.Book(margins=plutoprint.PAGE_MARGINS_NONE)
        book.custom_resource_fetcher = Fetcher()
        book.load_html(html, base_url="https://database.invalid/")
        book.write_to_pdf_stream(io.BytesIO())

    return [print_html]


def letters(env):
    """Letters that the rep has drawn up, with their text."""
    template = data.as_rep(env)["opportunity.letter.template"].search([], limit=1)
    pairs = [(env["crm.lead"], contact) for contact in contacts(env, LETTERS)]
    return data.as_rep(env)["opportunity.letter"]._draw_up(template, pairs)


def printing_letters(env):
    """A side's preparation: the PDF with all letters, and the copy of each that is kept."""
    drawn_up = letters(env)

    def print_letters():
        __, copies = drawn_up._render()
        if [count for _pdf, count in copies] != [1] * LETTERS:
            raise AssertionError("a letter has more pages than one")

    return [print_letters]


def bare_engine_letters(env):
    """A side's preparation: only the PDF of each letter, from its HTML."""
    drawn_up = letters(env)
    report = drawn_up.env["ir.actions.report"]
    documents = [report._render_template(LETTER_REPORT, letter._get_paper_values()).decode() for letter in drawn_up]
    fetch = report._get_paper_resource

    def print_html():
        import io

        import plutoprint

        class Fetcher(plutoprint.ResourceFetcher):
            def fetch_url(self, url):
                return plutoprint.ResourceData(*fetch(url.removeprefix("https://database.invalid")))

        fetcher = Fetcher()
        for html in documents:
            book = plutoprint.Book(margins=plutoprint.PAGE_MARGINS_NONE)
            book.custom_resource_fetcher = fetcher
            book.load_html(html, base_url="https://database.invalid/")
            book.write_to_pdf_stream(io.BytesIO())

    return [print_html]


SCENARIOS = [
    Scenario(
        "P9",
        f"{LETTERS} letters, all in one PDF and each by itself; stock is the bare engine, each by itself",
        Side(ADDON, bare_engine_letters),
        Side(ADDON, printing_letters),
        Hold(time=1 / 0.7),
    ),
    Scenario(
        "P9",
        f"{LABELS} labels; stock is the bare engine on the same HTML",
        Side(ADDON, bare_engine),
        Side(ADDON, printing),
        Hold(time=1 / 0.7),
    ),
]
