"""Paper: labels for thousands of contacts, against the bare engine on the same HTML."""

from . import ADDON, Hold, Scenario, Side, data

LABELS = 3000
FORMAT = "opportunity_crm.opportunity_label_format_avery_l7160"
REPORT = "opportunity_crm.report_labels"


def contacts(env):
    """Contacts with an address each, nobody like another one."""
    data.insert_partners(env, LABELS)
    env.cr.execute(
        """
        UPDATE res_partner
           SET street = id || ' Main Street', street2 = 'Building ' || id %% 90, zip = 1000 + id %% 9000,
               city = 'Springfield ' || id %% 500, country_id = %s, name = 'Contact number ' || id
         WHERE id IN (SELECT id FROM res_partner WHERE ref = 'bench' ORDER BY id DESC LIMIT %s)
        """,
        [env.ref("base.be").id, LABELS],
    )
    found = env["res.partner"].search([("ref", "=", "bench")], order="id desc", limit=LABELS)
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


SCENARIOS = [
    Scenario(
        "P9",
        f"{LABELS} labels; stock is the bare engine on the same HTML",
        Side(ADDON, bare_engine),
        Side(ADDON, printing),
        Hold(time=1 / 0.7),
    ),
]
