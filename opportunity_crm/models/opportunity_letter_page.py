import re
from functools import lru_cache

from markupsafe import Markup, escape

from odoo import fields, models
from odoo.tools import file_path, format_date, is_html_empty
from odoo.tools.image import image_data_uri

from ..tools import letter_page, paper, text_fit

ADDRESS_FONT = "web/static/fonts/google/Roboto/Roboto-Regular.ttf"
ADDRESS_SIZE = 10.5
SENDER_SIZE = 7.0
LONGEST = 300  # letters of a line of the address
LINE = '<p dir="{}">{}</p>'
GOOGLE = "/web/static/fonts/google/{0}/{0}-{1}.ttf"
FONTS = {name: (GOOGLE.format(name, "Regular"), GOOGLE.format(name, "Bold")) for name in ("Montserrat", "Oswald")}
FONTS |= {name: (GOOGLE.format(name, "Regular"), GOOGLE.format(name, "Bold")) for name in ("Raleway", "Roboto")}
FONTS["Tajawal"] = (GOOGLE.format("Tajawal", "Regular"), GOOGLE.format("Tajawal", "Bold"))
FONTS["Lato"] = ("/web/static/fonts/lato/Lato-Reg-webfont.ttf", "/web/static/fonts/lato/Lato-Bol-webfont.ttf")
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")
# For the engine of Odoo, whose pages have one margin: the first page is drawn that much higher.
STANDARD_MARGINS = (9.0, 0, 15.0, 0)


class OpportunityLetter(models.Model):
    """The pages of a letter."""

    _inherit = "opportunity.letter"

    def _get_paper_values(self, duplex=False, single=False):
        """Return the values of a document with these letters, in the language of their reader.

        :param bool duplex: begin on the front of a sheet
        :param bool single: letters with the same layout, each of which is expected to need one page only, all in one
            document. Otherwise it is one letter, of any length.
        """
        letters = self.with_context(lang=self[:1].lang or self.env.lang)
        page = letters[:1]._get_page()
        exact = paper.is_available()
        shift = 0 if exact else STANDARD_MARGINS[0]
        values = {
            "is_running": exact and not single,
            "is_single": exact and single,
            "flow_top": shift or (0 if single else letter_page.TOP),
        }
        return {
            **values,
            "title": letters[:1].name,
            "lang": letters[:1].lang,
            "paper_size": page.paper,
            "paper_margins": "" if exact else "{:g} {:g} {:g} {:g}".format(*STANDARD_MARGINS),
            "paper_css": letters[:1]._get_page_style(page, values),
            "start_odd": duplex,
            "data_uri": image_data_uri,
            "letters": [letter._get_page_values(page, shift) for letter in letters],
        }

    def _get_page_values(self, page, shift):
        """Return what is on the pages.

        :param page: see :func:`letter_page.get_page`
        :param shift: how much higher things are drawn, for an engine that begins below a margin
        """
        return {
            **self._get_head_values(),
            "letter": self,
            "page": page,
            "shift": shift,
            "direction": self._get_direction(),
            "date": format_date(self.env, self._get_date(), lang_code=self.lang, date_format="long"),
            "address_html": self._draw_address(page.address),
            "sender_html": self._draw_sender(page.sender),
            "marks": self._get_marks(page),
            "signature_image": self._get_signature_image(),
            "signature": self.with_signature and shown(self.user_id.signature),
            "enclosures_label": self.env._("Enclosures"),
        }

    def _get_head_values(self):
        """Return what is of the company's document layout."""
        has_head, company = self.letterhead == "company", self.company_id
        return {
            "has_head": has_head,
            "logo_url": f"/web/image/res.company/{company.id}/logo",
            "tagline": shown(company.report_header),
            "details": shown(company.company_details),
            "footer": has_head and shown(company.report_footer),
        }

    def _get_layout_key(self):
        """Return what letters in one document have in common."""
        layout = (self.paper, self.window, self.letterhead, self.margin_top)
        return (*layout, self.company_id, self.lang)

    def _get_direction(self):
        # sudo: languages are no secret
        language = self.env["res.lang"].sudo()._get_data(code=self.lang or self.env.lang)
        return language.direction or "ltr"

    def _get_date(self):
        """Return the day on the letter: of printing, today for one that is not printed."""
        return fields.Datetime.context_timestamp(self, self.date or fields.Datetime.now()).date()

    def _get_signature_image(self):
        """Return the picture of the salesperson's signature for a letter that has one."""
        # sudo: nobody reads the signatures of others; the server puts them on letters in their name
        return self.with_signature and self.user_id.sudo().with_context(bin_size=False).letter_signature

    def _get_page_style(self, page, mode):
        """Return the values of the style that come from data, as style elements."""
        color = self.company_id.primary_color or ""
        regular, bold = FONTS.get(self.company_id.font, FONTS["Lato"])
        before, __, rest = self.env._("Page %(page)s of %(pages)s").partition("%(page)s")
        between, __, after = rest.partition("%(pages)s")
        values = {
            **mode,
            "page": page,
            "left": page.left,
            "right": letter_page.RIGHT,
            "top": letter_page.TOP,
            "bottom": letter_page.BOTTOM,
            "color": color if COLOR.fullmatch(color) else "#444444",
            "regular": regular,
            "bold": bold,
            "address_font": f"/{ADDRESS_FONT}",
            "before": Markup(letter_page.css_text(before)),
            "between": Markup(letter_page.css_text(between)),
            "after": Markup(letter_page.css_text(after)),
        }
        return self.env["ir.qweb"]._render("opportunity_crm.letter_style", values)

    def _draw_address(self, box):
        """Return the lines of the address as HTML, as large as they fit."""
        lines = [line.strip()[:LONGEST] for line in (self.address or "").splitlines() if line.strip()]
        return draw_lines(tuple(lines), (box.width, box.height), ADDRESS_SIZE)

    def _draw_sender(self, box):
        """Return the line of the sender as HTML; pre-printed paper has one."""
        text = (self.sender or "")[:LONGEST]
        if not text or self.letterhead == "preprinted":
            return ""
        font, room = text_fit.load_font(file_path(ADDRESS_FONT)), box.width * text_fit.MM_TO_PT * text_fit.SAFETY
        size = min(SENDER_SIZE, max(room / (font.width(text) or 1), 5.5))
        text = text_fit.shorten(text, room / size, font)
        style = f'style="font-size:{int(size * 10) / 10:g}pt"'
        return Markup('<p dir="{}" {}>{}</p>').format(text_fit.direction(text), Markup(style), text)

    def _get_marks(self, page):
        """Return the marks at the edge of the sheet as pairs of the distance from the top and the length."""
        marks = [(fold, 4.0) for fold in page.folds]
        return marks + ([(page.punch, 6.0)] if page.punch else [])


def shown(html):
    """Return HTML that says something, or an empty text."""
    return "" if is_html_empty(html) else html


@lru_cache(maxsize=1000)
def draw_lines(lines, size, largest):
    """Return lines as HTML that fit into a box of ``size`` (mm); what they say is escaped."""
    if not lines:
        return ""
    fitted = text_fit.fit(list(lines), *size, largest, text_fit.load_font(file_path(ADDRESS_FONT)))
    texts = "".join(LINE.format(text_fit.direction(line), escape(line)) for line in fitted.lines)
    return Markup(f'<div style="font-size:{fitted.size:g}pt">{texts}</div>')
