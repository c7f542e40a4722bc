from itertools import chain, repeat

from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools import file_path, split_every

from ..tools import text_fit

FONT = "web/static/fonts/google/Roboto/Roboto-Regular.ttf"
SHEETS_AT_ONCE = 40
LONGEST = 300  # letters of a line; more cannot be read on any label
SENDER_SIZE = 6.0
SENDER_HEIGHT = 3.2  # mm
BOX = '<div class="l" style="left:{:g}mm;top:{:g}mm;width:{:g}mm;height:{:g}mm">{}</div>'
LINE = '<p dir="{}">{}</p>'


class OpportunityLabelReport(models.AbstractModel):
    """Labels on their sheets."""

    _name = "report.opportunity_crm.report_labels"
    _description = "Labels on Their Sheets"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of all sheets in one document, for the engine that prints one at a time."""
        parts = list(self._get_report_parts(docids, data))
        return {**parts[0], "pages": list(chain.from_iterable(part["pages"] for part in parts))}

    @api.model
    def _get_report_parts(self, docids, data=None):
        """Yield the values of some sheets after the other."""
        wizard = self.env["opportunity.label.wizard"].browse(docids).exists()
        wizard.ensure_one()
        sheet = wizard.format_id._get_sheet()
        labels = self._draw_labels(wizard, sheet)
        pages = sheet.place(labels, first=wizard.first_label)
        for part in split_every(SHEETS_AT_ONCE, pages):
            yield {"paper_size": sheet.paper_size, "font_url": f"/{FONT}", "pages": list(map(self._draw_page, part))}

    @api.model
    def _draw_page(self, labels):
        """Return the labels of a page as HTML; what they say is escaped already."""
        return Markup("".join(BOX.format(*box, text) for box, text in labels))

    @api.model
    def _draw_labels(self, wizard, sheet):
        """Return the text of each label as HTML, in the order of the sheet."""
        size = sheet.boxes()[0][2:]
        font = text_fit.load_font(file_path(FONT))
        sender = wizard.sender if wizard.with_sender else ""
        head = self._draw_sender(sender, size[0], wizard.format_id.padding, font)
        drawn = {}
        for lines in wizard._get_addresses():
            if lines not in drawn:
                drawn[lines] = head + self._draw_text(lines, size, wizard.format_id, font, bool(head))
            yield from repeat(drawn[lines], wizard.copies)

    @api.model
    def _draw_sender(self, sender, width, padding, font):
        if not sender:
            return ""
        room = (width - 2 * padding) * text_fit.MM_TO_PT * text_fit.SAFETY
        size = min(SENDER_SIZE, max(room / (font.width(sender[:LONGEST]) or 1), text_fit.SMALLEST))
        text = text_fit.shorten(sender[:LONGEST], room / size, font)
        style = f"left:{padding:g}mm;right:{padding:g}mm;top:{padding:g}mm;font-size:{int(size * 10) / 10}pt"
        return f'<p class="t" dir="{text_fit.direction(text)}" style="{style}">{escape(text)}</p>'

    @api.model
    def _draw_text(self, lines, size, label_format, font, has_sender):
        """Return the lines as HTML, as large as they fit, in the middle of what is free."""
        padding = label_format.padding
        width, height = size[0] - 2 * padding, size[1] - 2 * padding - (SENDER_HEIGHT if has_sender else 0)
        fitted = text_fit.fit([line[:LONGEST] for line in lines], width, height, label_format.font_size, font)
        used = len(fitted.lines) * fitted.size * text_fit.LINE_HEIGHT / text_fit.MM_TO_PT
        top = padding + (SENDER_HEIGHT if has_sender else 0) + max((height - used) / 2, 0)
        texts = "".join(LINE.format(text_fit.direction(line), escape(line)) for line in fitted.lines)
        style = f"left:{padding:g}mm;right:{padding:g}mm;top:{top:.3f}mm;font-size:{fitted.size:g}pt"
        return f'<div class="t" style="{style}">{texts}</div>'


class OpportunityLabelFormatReport(models.AbstractModel):
    """The test sheet of a label format."""

    _name = "report.opportunity_crm.report_label_format"
    _description = "Test Sheet of a Label Format"

    @api.model
    def _get_report_values(self, docids, data=None):
        return next(self._get_report_parts(docids, data))

    @api.model
    def _get_report_parts(self, docids, data=None):
        for label_format in self.env["opportunity.label.format"].browse(docids):
            sheet = label_format._get_sheet()
            yield {
                "paper_size": sheet.paper_size,
                "font_url": f"/{FONT}",
                "label_format": label_format,
                "boxes": sheet.boxes(),
                "rulers": self._get_rulers(*sheet.paper_size),
            }

    @api.model
    def _get_rulers(self, width, height):
        """Return the marks of the rulers, one each millimetre, as pairs of position and length for both directions."""

        def marks(length):
            return [(mm, 5 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2) for mm in range(1, int(length))]

        return {"across": marks(width), "down": marks(height)}
