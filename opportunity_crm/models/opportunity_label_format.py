from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.label_sheet import Sheet

MEASURES = [name for name in Sheet._fields if name != "landscape"]


class OpportunityLabelFormat(models.Model):
    """A sheet of labels that can be bought, or a roll of them, with its maker's measures in millimetres.

    The measures describe the sheet as it is fed: upright. ``orientation`` says how it is read.
    """

    _name = "opportunity.label.format"
    _description = "Label Format"
    _inherit = ["mail.thread"]
    _order = "sequence, maker, code, id"
    _rec_names_search = ["code", "maker", "equivalents"]
    _check_company_auto = True

    maker = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, help="The maker's number, as it is on the package.", tracking=True)
    equivalents = fields.Char(
        string="Same Measures", help="Products with the same measures, so that they are found by their number."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for all companies.")
    kind = fields.Selection([("sheet", "Sheets"), ("roll", "Roll")], required=True, default="sheet")
    orientation = fields.Selection(
        [("portrait", "Portrait"), ("landscape", "Landscape")],
        required=True,
        default="portrait",
        help="In landscape the sheet is turned a quarter: text runs along its other side.",
    )
    page_width = fields.Float(required=True, default=210, digits=(16, 3), tracking=True)
    page_height = fields.Float(required=True, default=297, digits=(16, 3), tracking=True)
    margin_left = fields.Float(
        digits=(16, 3), tracking=True, help="From the edge of the paper to the first label, in mm."
    )
    margin_top = fields.Float(
        digits=(16, 3), tracking=True, help="From the edge of the paper to the first label, in mm."
    )
    label_width = fields.Float(required=True, digits=(16, 3), tracking=True)
    label_height = fields.Float(required=True, digits=(16, 3), tracking=True)
    columns = fields.Integer(required=True, default=1, tracking=True)
    rows = fields.Integer(required=True, default=1, tracking=True)
    pitch_x = fields.Float(
        string="Horizontal Pitch",
        digits=(16, 3),
        tracking=True,
        help="From the left of a label to the left of the next one, in mm.",
    )
    pitch_y = fields.Float(
        string="Vertical Pitch",
        digits=(16, 3),
        tracking=True,
        help="From the top of a label to the top of the next one, in mm.",
    )
    padding = fields.Float(
        string="Inner Margin", digits=(16, 3), default=3, help="Kept free on each side of a label, in mm."
    )
    font_size = fields.Float(default=10, digits=(16, 2), help="In points. What does not fit is printed smaller.")
    offset_x = fields.Float(
        string="Move Right",
        digits=(16, 3),
        tracking=True,
        help="By how much your printer prints too far to the left, in mm. Print the test sheet to find out.",
    )
    offset_y = fields.Float(
        string="Move Down",
        digits=(16, 3),
        tracking=True,
        help="By how much your printer prints too high, in mm. Print the test sheet to find out.",
    )
    label_count = fields.Integer(string="Labels on a Sheet", compute="_compute_label_count", store=True)
    sheet = fields.Json(compute="_compute_sheet", export_string_translation=False)

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (maker, code, company_id)", "There is a label format of this maker with this number."
    )

    @api.depends("maker", "code", "label_width", "label_height", "label_count", "kind")
    def _compute_display_name(self):
        for record in self:
            size = f"{round(record.label_width, 1):g} × {round(record.label_height, 1):g} mm"
            count = f", {record.label_count}" if record.kind == "sheet" else ""
            record.display_name = f"{record.maker or ''} {record.code or ''} ({size}{count})".strip()

    @api.depends("columns", "rows")
    def _compute_label_count(self):
        for record in self:
            record.label_count = record.columns * record.rows

    @api.depends("orientation", *MEASURES)
    def _compute_sheet(self):
        for record in self:
            record.sheet = record._describe_sheet()

    @api.constrains("orientation", "padding", "font_size", *MEASURES)
    def _check_measures(self):
        for record in self:
            problems = record._get_problems()
            if problems:
                message = f"{record.display_name}: {' '.join(problems)}"
                raise ValidationError(message)

    def _get_problems(self):
        """Return what is wrong with the measures, as sentences."""
        texts = {
            "empty": self.env._("A sheet has at least one label, and all sizes are more than zero."),
            "margin": self.env._("The margins cannot be negative; to correct a printer, move right or down."),
            "overlap_x": self.env._("The labels overlap: the horizontal pitch is at least the width of a label."),
            "overlap_y": self.env._("The labels overlap: the vertical pitch is at least the height of a label."),
            "too_wide": self.env._("The labels hang over the right edge of the page."),
            "too_high": self.env._("The labels hang over the lower edge of the page."),
            "padding": self.env._("The inner margin leaves no room for text."),
            "size": self.env._("The size of the font is between 4 and 72 points."),
            "paper": self.env._("A page is at most 2000 mm wide and high, and has at most 1000 labels."),
            "offset": self.env._("A printer is corrected by at most 20 mm."),
        }
        return [texts[name] for name in self._get_problem_names()]

    def _get_problem_names(self):
        names = self._get_sheet().problems()
        if self.padding < 0 or 2 * self.padding >= min(self.label_width, self.label_height):
            names.append("padding")
        if not 4 <= self.font_size <= 72:
            names.append("size")
        if max(self.page_width, self.page_height) > 2000 or self.label_count > 1000:
            names.append("paper")
        if max(abs(self.offset_x), abs(self.offset_y)) > 20:
            names.append("offset")
        return names

    @api.onchange("kind", "page_width", "page_height")
    def _onchange_roll(self):
        """A roll has one label after the other: each is a page."""
        if self.kind == "roll":
            self.columns, self.rows, self.margin_left, self.margin_top = 1, 1, 0, 0
            self.label_width, self.label_height = self.page_width, self.page_height

    def copy_data(self, default=None):
        """Copies are formats of their own: they get a number of their own."""
        return [
            {**vals, "code": self.env._("%s (copy)", record.code)} if "code" not in (default or {}) else vals
            for record, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    def _get_sheet(self):
        """Return the geometry.

        :rtype: Sheet
        """
        self.ensure_one()
        return Sheet(landscape=self.orientation == "landscape", **{name: self[name] for name in MEASURES})

    def _describe_sheet(self):
        """Return what is needed to draw the sheet: the size of the page and the labels, without the corrections of a
        printer; None while the measures make no sense."""
        if self._get_problem_names():
            return None
        sheet = self._get_sheet()._replace(offset_x=0, offset_y=0)
        return {"page": sheet.paper_size, "labels": sheet.boxes(), "roll": self.kind == "roll"}

    def action_print_test_sheet(self):
        """Print outlines and rulers, to see whether the printer hits the labels and by how much it misses."""
        return self.env.ref("opportunity_crm.opportunity_label_format_report").report_action(self, config=False)
