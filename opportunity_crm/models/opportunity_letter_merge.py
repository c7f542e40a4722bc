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
            "missing": [labels of the merge fields that came out empty]}``
        :raise UserError: a text cannot be rendered in a language that is needed; the message tells the place
        """
        self.ensure_one()
        merged = [None] * len(pairs)
        for lang, numbers in self._group_by_language(pairs).items():
            template = self.with_context(lang=lang)
            letters = template._merge_in_language([pairs[number] for number in numbers])
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

    def _merge_in_language(self, pairs):
        """Return the letters in the language of the context."""
        self._check_renderable()
        catalog = self.env["opportunity.letter.field"]
        parts = {name: self._split_text(name) for name in TEXTS}
        keys = list(dict.fromkeys(key for found in parts.values() for key in found[1::2]))
        labels = catalog._get_labels() if keys else {}
        return [
            {
                "subject": merge_fields.fill_text(parts["subject"], values),
                "body": merge_fields.fill_html(parts["body"], values),
                "enclosures": merge_fields.fill_text(parts["enclosures"], values),
                "lang": self.env.lang,
                "missing": [labels[key] for key in keys if not values.get(key)],
            }
            for values in catalog._get_values(keys, self, pairs)
        ]

    def _split_text(self, name):
        blocks = self.env["opportunity.letter.field"]._blocks if name == "body" else ()
        # sanitized again: what translators load is not seen when it is stored
        source = html_sanitize(self.body or "") if name == "body" else self[name]
        return merge_fields.split(source, blocks)

    def _check_renderable(self):
        problems = self._find_problems_in_language()
        if problems:
            text = self.env._("The letter “%s” cannot be printed:", self.name)
            raise UserError("\n".join([text, *problems]))

    @api.constrains(*TEXTS)
    def _check_texts(self):
        problems = self._find_problems()
        if problems:
            raise ValidationError("\n".join(problems))

    def _refuse_code(self, vals):
        """Refuse code, with the place: it would be taken out without a word when the text is stored.

        :param dict vals: values of a template, in the language of the context
        """
        found = merge_fields.find_problems(vals.get("body"), known=())
        code = [problem for problem in found if problem.kind in ("code", "attribute")]
        if code:
            place = self._describe_place("body", vals.get("name") or self[:1].name)
            raise ValidationError("\n".join(f"{place}: {self._describe_problem(problem)}" for problem in code))

    def _find_problems(self):
        """Return what cannot be rendered, in any language, as sentences that tell the place."""
        problems = []
        for template in self:
            for lang in template._get_written_languages():
                problems += template.with_context(lang=lang)._find_problems_in_language()
        return list(dict.fromkeys(problems))

    def _get_written_languages(self):
        """Return the languages in which there is a text of its own."""
        stored = (self._fields[name]._get_stored_translations(self) or {} for name in TEXTS)
        installed = dict(self.env["res.lang"].get_installed())
        return sorted({lang for texts in stored for lang in texts if lang in installed} or {self.env.lang})

    def _find_problems_in_language(self):
        return [problem for name in TEXTS for problem in self._describe_problems(name, self[name])]

    def _describe_problems(self, name, source):
        """Return what of a text cannot be rendered, as sentences."""
        catalog = self.env["opportunity.letter.field"]
        problems = merge_fields.find_problems(source, catalog._get_labels(), catalog._blocks, is_html=name == "body")
        place = self._describe_place(name, self.name)
        return [f"{place}: {self._describe_problem(problem)}" for problem in problems]

    def _describe_place(self, name, letter):
        label = self.fields_get([name], ["string"])[name]["string"]
        languages = dict(self.env["res.lang"].get_installed())
        return f"{letter or self.env._('New Letter')}, {label} ({languages.get(self.env.lang, 'en_US')})"

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
