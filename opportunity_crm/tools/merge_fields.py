"""Merge fields of letters: ``{{contact.name}}`` in a text. Pure Python, imports nothing of Odoo.

A field is a name on a list, and nothing else: no expression is evaluated, no attribute is followed. Values never become
part of what is read, so that a value that looks like a field stays the text that it is.
"""

import html
import re
from html.parser import HTMLParser
from typing import NamedTuple

from markupsafe import Markup, escape

FIELD = re.compile(r"\{\{(.*?)\}\}", re.S)
BLANK = r"(?:\s|&nbsp;|<br\s*/?>)*"
# A block stands alone in its paragraph, which it replaces: a table cannot be inside one.
BLOCK = re.compile(rf"<(p|div)\b[^<>]*>{BLANK}\{{\{{([^{{}}<>]*)\}}\}}{BLANK}</\1>")


class Problem(NamedTuple):
    """What cannot be rendered. ``kind``: unknown, open, attribute, code, block."""

    kind: str
    expression: str


def read_key(expression):
    """Return the name of a field as it was written between the braces.

    >>> read_key(" contact.name&nbsp;")
    'contact.name'
    """
    return html.unescape(expression).replace("\xa0", " ").strip()


def find_keys(source):
    """Return the names of the fields of a text, each once, in their order.

    >>> find_keys("Dear {{ contact.name }}, {{today}} {{contact.name}}")
    ['contact.name', 'today']
    """
    return list(dict.fromkeys(read_key(expression) for expression in FIELD.findall(source or "")))


def find_problems(source, known, blocks=(), is_html=True):
    """Return what of a text cannot be rendered.

    :param str source: a text, or HTML; sanitized or not
    :param known: the names of the fields that there are
    :param blocks: those among them that are a table
    :rtype: list[Problem]

    >>> find_problems("{{ contact.name }} {{ contact.env }} {{ today", {"contact.name"}, is_html=False)
    [Problem(kind='unknown', expression='contact.env'), Problem(kind='open', expression='{{ today')]
    >>> find_problems('<a href="{{x}}">b</a> <t t-out="object.env"/>', {"x"})
    [Problem(kind='attribute', expression='href="{{x}}"'), Problem(kind='code', expression='t-out="object.env"')]
    >>> find_problems("<p>{{lines}}</p><p>See {{lines}}</p>", {"lines"}, {"lines"})
    [Problem(kind='block', expression='lines')]
    """
    if not is_html:
        return _find_in_text(source or "", known, blocks)
    scanner = _Scanner(known, blocks)
    scanner.feed(BLOCK.sub(lambda match: _drop_block(match, blocks), source or ""))
    scanner.close()
    return scanner.finish()


def split(source, blocks=()):
    """Return the parts of a text without problems: texts at even places, names of fields at odd ones.

    >>> split("<p>Dear {{ contact.name }}</p><p>{{lines}}</p>", {"lines"})
    ['<p>Dear ', 'contact.name', '</p>', 'lines', '']
    """
    source = BLOCK.sub(lambda match: _unwrap_block(match, blocks), source or "")
    return [read_key(part) if index % 2 else part for index, part in enumerate(FIELD.split(source))]


def fill_text(parts, values):
    """Return the parts as one line of text.

    >>> fill_text(["For ", "name", ""], {"name": "Ann\\n& Co"})
    'For Ann & Co'
    """
    filled = (values.get(part) or "" if index % 2 else part for index, part in enumerate(parts))
    return re.sub(r"\s+", " ", "".join(filled)).strip()


def fill_html(parts, values):
    """Return the parts as HTML: values are escaped, but for those that are ``Markup``.

    >>> fill_html(["<p>", "name", "</p>"], {"name": "<b>Ann\\nSmith"})
    Markup('<p>&lt;b&gt;Ann<br/>Smith</p>')
    """
    filled = (_to_html(values.get(part)) if index % 2 else part for index, part in enumerate(parts))
    return Markup("".join(filled))


def _to_html(value):
    return value if isinstance(value, Markup) else escape(value or "").replace("\n", Markup("<br/>"))


def _drop_block(match, blocks):
    return "" if read_key(match[2]) in blocks else match[0]


def _unwrap_block(match, blocks):
    return "{{%s}}" % match[2] if read_key(match[2]) in blocks else match[0]


def _find_in_text(text, known, blocks):
    keys = find_keys(text)
    problems = [Problem("unknown", key) for key in keys if key not in known]
    problems += [Problem("block", key) for key in keys if key in blocks]
    rest = FIELD.sub("", text)
    if "{{" in rest:
        problems.append(Problem("open", " ".join(rest[rest.index("{{") :].split())[:40]))
    return problems


class _Scanner(HTMLParser):
    """Looks at each text between two tags by itself: a field that formatting divides is not closed."""

    def __init__(self, known, blocks):
        super().__init__(convert_charrefs=False)
        self._known, self._blocks = known, blocks
        self._problems, self._text = [], ""

    def handle_starttag(self, tag, attrs):
        self._end_text()
        code = [f'{name}="{value or ""}"' for name, value in attrs if name.startswith("t-")]
        if code or tag == "t":
            self._problems.append(Problem("code", " ".join(code) or "<t>"))
        held = [f'{name}="{value}"' for name, value in attrs if "{{" in (value or "") and not name.startswith("t-")]
        self._problems += [Problem("attribute", text) for text in held]

    def handle_endtag(self, tag):
        self._end_text()

    def handle_data(self, data):
        self._text += data

    def handle_entityref(self, name):
        self._text += f"&{name};"

    def handle_charref(self, name):
        self._text += f"&#{name};"

    def handle_comment(self, data):
        if "{{" in data:
            self._problems.append(Problem("attribute", f"<!--{data}-->"))

    def finish(self):
        """Return the problems that were found."""
        self._end_text()
        return self._problems

    def _end_text(self):
        self._problems += _find_in_text(self._text, self._known, self._blocks)
        self._text = ""
