from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What makes another letter of it: the rest only says where it stands in the library.
REVISED = ("subject", "body", "lang", "paper", "window", "letterhead", "margin_top", "with_signature", "enclosures")


class OpportunityLetterTemplate(models.Model):
    """A letter of the library: its text with merge fields, and how it comes onto the paper.

    A definition, which never knows the letters that were printed from it: these keep the ``revision`` and what they
    were printed as, and say so by :meth:`_mark_used`. To render it, see :meth:`_merge`.
    """

    _name = "opportunity.letter.template"
    _description = "Letter Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "opportunity.letter.category", group_expand="_read_group_category_ids", ondelete="set null", index=True
    )
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for a letter of all companies.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="Leave empty to write to everyone in their own language.",
    )
    subject = fields.Char(translate=True, help="The line above the salutation. It may have merge fields.")
    body = fields.Html(translate=True)
    paper = fields.Selection([("a4", "A4"), ("letter", "US Letter")], required=True, default="a4")
    window = fields.Selection(
        [
            ("none", "No Window"),
            ("din5008a", "DIN 5008, Form A"),
            ("din5008b", "DIN 5008, Form B"),
            ("us10", "US #10"),
            ("uk_dl", "UK DL"),
        ],
        string="Address Window",
        required=True,
        default="din5008b",
        help="Where the window of your envelope is. The address is printed there.",
    )
    letterhead = fields.Selection(
        [("company", "Company Letterhead"), ("preprinted", "Pre-printed Paper")],
        required=True,
        default="company",
        help="The letterhead is that of your company's document layout. On pre-printed paper nothing is printed at "
        "the top.",
    )
    margin_top = fields.Float(
        string="Top Margin", digits=(16, 1), default=45, help="Kept free on pre-printed paper, in mm."
    )
    with_signature = fields.Boolean(
        string="Signature", default=True, help="The closing ends with the signature of the salesperson."
    )
    enclosures = fields.Char(translate=True, help="What comes with the letter; it is listed at its end.")
    revision = fields.Integer(default=1, required=True, readonly=True, copy=False)
    is_used = fields.Boolean(
        string="Used",
        readonly=True,
        copy=False,
        help="Letters were printed from this revision: the next change makes another one.",
    )

    @api.constrains("margin_top")
    def _check_margin_top(self):
        for template in self:
            if not 0 <= template.margin_top <= 200:
                raise ValidationError(self.env._("The top margin is between 0 and 200 mm."))

    @api.model
    def _read_group_category_ids(self, categories, domain):
        return categories.search([("active", "=", True)])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_code(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_code(vals)
        used = self.filtered("is_used")
        before = used._read_revised()
        res = super().write(vals)
        used._begin_revision(before)
        return res

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        for lang, texts in translations.items():
            for text in texts.values() if isinstance(texts, dict) else [texts]:
                self._refuse_code({field_name: text}, lang)
        used = self.filtered("is_used")
        before = used._read_revised()
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        used._begin_revision(before)
        return res

    def _read_revised(self):
        """Return what makes another letter of a template when it changes, in all languages, by template."""
        return {template: [template._read_stored(name) for name in REVISED] for template in self}

    def _read_stored(self, name):
        field = self._fields[name]
        return field._get_stored_translations(self) if field.translate else self[name]

    def _begin_revision(self, before):
        """Count a revision for the templates that are not what they were."""
        after = self._read_revised()
        for template in self.filtered(lambda template: after[template] != before[template]):
            template.write({"revision": template.revision + 1, "is_used": False})

    def copy_data(self, default=None):
        """Copies have a name of their own."""
        return [
            {**vals, "name": self.env._("%s (copy)", template.name)} if "name" not in (default or {}) else vals
            for template, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    def _mark_used(self):
        """Note that letters were printed from the present revision: the next change begins another one.

        To be called by what keeps a printed letter, whoever prints it.
        """
        # sudo: who prints a letter may not edit the library; no more than this mark is written
        self.filtered(lambda template: not template.is_used).sudo().is_used = True
