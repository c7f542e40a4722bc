from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html_sanitize

from ..tools import merge_fields

TEXTS = ("subject", "body", "enclosures")


class OpportunityLetterTemplate(models.Model):
    """Merging: a letter for each recipient, in its language. Only the fields of ``opportunity.letter.field`` exist."""

    _inherit = "opportunity.letter.template"

    def _merge(self, pairs):
        """Return the letters to recipients.

        :param pairs: a list of ``(lead, recipient)``: a ``crm.lead`` or none, and the ``res.partner`` that gets the
            letter. They are read with the rights of the user; the number of queries does not depend on their number.
        :return: a list in the same order of ``{"subject": str, "body": Markup, "enclosures": str, "lang": code,
            "missing": [labels of the merge fields that came out empty, in the user's language]}``
        :raise UserError: a text cannot be rendered in a language that is needed; the message tells the place
        """
        self.ensure_one()
        merged = [None] * len(pairs)
        for lang, numbers in self._group_by_language(pairs).items():
            letters = self._merge_in([pairs[number] for number in numbers], lang)
            for number, letter in zip(numbers, letters, strict=True):
                merged[number] = letter
        return merged

    def _group_by_language(self, pairs):
        """Return the positions of the pairs by the language of their letter."""
        installed = dict(self.env["res.lang"].get_installed())
        recipients = self.env["res.partner"].browse(partner.id for _lead, partner in pairs)
        default = self.env.lang or self.env.user.lang or "en_US"
        numbers = defaultdict(list)
        for number, partner in enumerate(recipients):
            numbers[next((lang for lang in (self.lang, partner.lang) if lang in installed), default)].append(number)
        return numbers

    def _merge_in(self, pairs, lang):
        """Return the letters in a language."""
        self._check_renderable(lang)
        written = self.with_context(lang=lang)
        parts = {name: written._split_text(name) for name in TEXTS}
        keys = list(dict.fromkeys(key for found in parts.values() for key in found[1::2]))
        labels = self.env["opportunity.letter.field"]._get_labels()
        return [
            {
                "subject": merge_fields.fill_text(parts["subject"], values),
                "body": merge_fields.fill_html(parts["body"], values),
                "enclosures": merge_fields.fill_text(parts["enclosures"], values),
                "lang": lang,
                "missing": [labels[key] for key in keys if not values.get(key)],
            }
            for values in written.env["opportunity.letter.field"]._get_values(keys, written, pairs)
        ]

    def _split_text(self, name):
        blocks = self.env["opportunity.letter.field"]._blocks if name == "body" else ()
        # sanitized again: what translators load is not seen when it is stored
        source = html_sanitize(self.body or "") if name == "body" else self[name]
        return merge_fields.split(source, blocks)

    def _check_renderable(self, lang):
        problems = self._find_problems_in(lang)
        if problems:
            text = self.env._("The letter “%s” cannot be printed:", self.name)
            raise UserError("\n".join([text, *problems]))

    @api.constrains(*TEXTS)
    def _check_texts(self):
        problems = self._find_problems()
        if problems:
            raise ValidationError("\n".join(problems))

    def _refuse_code(self, vals, lang=None):
        """Refuse code, with the place: it would be taken out without a word when the text is stored.

        :param dict vals: values of a template, in the language or in that of the user
        """
        found = merge_fields.find_problems(vals.get("body"), known=())
        code = [problem for problem in found if problem.kind in ("code", "attribute")]
        if code:
            place = self._describe_place("body", vals.get("name") or self[:1].name, lang or self.env.lang or "en_US")
            raise ValidationError("\n".join(f"{place}: {self._describe_problem(problem)}" for problem in code))

    def _find_problems(self):
        """Return what cannot be rendered, in any language, as sentences that tell the place."""
        return [
            problem
            for template in self
            for lang in template._get_written_languages()
            for problem in template._find_problems_in(lang)
        ]

    def _get_written_languages(self):
        """Return the languages in which there is a text of its own."""
        stored = (self._fields[name]._get_stored_translations(self) or {} for name in TEXTS)
        installed = dict(self.env["res.lang"].get_installed())
        return sorted({lang for texts in stored for lang in texts if lang in installed} or {self.env.lang or "en_US"})

    def _find_problems_in(self, lang):
        """Return what cannot be rendered in a language, as sentences in the user's."""
        catalog, written = self.env["opportunity.letter.field"], self.with_context(lang=lang)
        known = catalog._get_labels()
        return [
            f"{self._describe_place(name, self.name, lang)}: {self._describe_problem(problem)}"
            for name in TEXTS
            for problem in merge_fields.find_problems(written[name], known, catalog._blocks, is_html=name == "body")
        ]

    def _describe_place(self, name, letter, lang):
        label = self.fields_get([name], ["string"])[name]["string"]
        language = dict(self.env["res.lang"].get_installed()).get(lang, lang)
        return self.env._(
            "%(letter)s, %(field)s (%(language)s)",
            letter=letter or self.env._("New Letter"),
            field=label,
            language=language,
        )

    def _describe_problem(self, problem):
        expression = problem.expression
        if problem.kind == "unknown":
            return self.env._("“%s” is not a merge field. Choose one with “Insert a Field”.", expression)
        if problem.kind == "open":
            return self.env._("“%s”: the braces are not closed, or formatting begins between them.", expression)
        if problem.kind == "attribute":
            return self.env._("“%s”: a merge field can only stand in the text.", expression)
        if problem.kind == "block":
            return self.env._("“%s” is a table. Put it into the text, in a paragraph of its own.", expression)
        return self.env._("“%s” is code, which letters do not run. Choose a merge field instead.", expression)
