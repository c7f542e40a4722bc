"""What custom tabs put into the views of an opportunity: pages, columns, filters.

Everything is built as elements of lxml, never as text, so that no label can become markup, and expressions are made of
the numbers and generated names alone. Whatever XML cannot hold is left out of a label, so that none can break a view.
"""

import re
from typing import NamedTuple

from lxml.builder import E

UNFIT_FOR_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDE = ("text", "file", "choices")
UNLISTED = ("file",)
NUMBERS = ("integer", "float", "monetary")
GROUPABLE = ("char", "date", "datetime", "boolean", "choice", "choices", "partner", "user", "product")
CHOSEN = "{'no_create': True, 'no_open': True}"
ATTRIBUTES = {
    "choice": {"options": CHOSEN},
    "choices": {"widget": "many2many_tags", "options": "{'no_create': True, 'color_field': 'color'}"},
    "user": {"widget": "many2one_avatar_user", "options": "{'no_create': True}"},
    "product": {"options": "{'no_create': True}"},
    "link": {"widget": "url"},
}


class FieldPart(NamedTuple):
    """A field as a view shows it: its name and kind, the title under which it stands, and where it is shown."""

    name: str
    kind: str
    definition_id: int
    label: str
    section: str = ""
    required: bool = False
    in_list: bool = False
    in_kanban: bool = False
    in_search: bool = False


class TabPart(NamedTuple):
    """A tab as a view shows it, with its fields in their order."""

    id: int
    label: str
    icon: str
    template_ids: tuple | None
    company_id: int | None
    fields: tuple


def clean(text):
    r"""Return the text without what XML cannot hold.

    >>> clean("Bo\x0biler"), clean(False)
    ('Boiler', '')
    """
    return UNFIT_FOR_XML.sub("", text or "")


def hidden_when(tab):
    """Return the expression under which an opportunity does not show the tab.

    >>> hidden_when(TabPart(1, "Fit", "", (3, 5), 2, ()))
    "type == 'lead' or template_id not in [3, 5] or company_id != 2"
    """
    parts = ["type == 'lead'"]
    if tab.template_ids is not None:
        parts.append(f"template_id not in {[int(id_) for id_ in tab.template_ids]}")
    if tab.company_id:
        parts.append(f"company_id != {int(tab.company_id)}")
    return " or ".join(parts)


def add_pages(arch, tabs):
    """Put a page for each tab into the form, before what tells whom the opportunity is shared with."""
    notebook = arch.find(".//notebook")
    if notebook is None:
        return
    pages = [make_page(tab) for tab in tabs if tab.fields]
    following = notebook.find("./page[@name='sharing']")
    if following is None:
        notebook.extend(pages)
    else:
        for page in pages:
            following.addprevious(page)


def make_page(tab):
    """Return the page: fields without a section in two columns, then each section in a column of its own."""
    page = E.page(string=clean(tab.label), name=f"opportunity_tab_{tab.id}", invisible=hidden_when(tab))
    if tab.icon:
        page.set("class", f"o_opportunity_tab fa {tab.icon}")
    narrow = [field for field in tab.fields if field.kind not in WIDE and not field.section]
    half = (len(narrow) + 1) // 2
    columns = [E.group(*make_fields(tab, part)) for part in (narrow[:half], narrow[half:]) if part]
    sections = dict.fromkeys(field.section for field in tab.fields if field.section)
    for section in sections:
        chosen = [field for field in tab.fields if field.section == section]
        columns.append(E.group(*make_fields(tab, chosen), string=clean(section)))
    wide = [field for field in tab.fields if field.kind in WIDE and not field.section]
    page.append(E.group(*columns))
    if wide:
        page.append(E.group(*make_fields(tab, wide)))
        for node in page[-1].iterchildren("field"):
            node.set("colspan", "2")
    return page


def make_fields(tab, fields):
    """Return the fields as a form shows them.

    What is required is asked for while the opportunity is created, and kept from then on: an older opportunity that
    never had it can be saved.
    """
    nodes = []
    for field in fields:
        node = E.field(name=field.name, **ATTRIBUTES.get(field.kind, {}))
        if field.required:
            node.set("required", f"not ({hidden_when(tab)}) and (not id or {field.name})")
        if field.kind in ("choice", "choices"):
            node.set("domain", repr([("field_id", "=", int(field.definition_id)), ("active", "=", True)]))
        if field.kind == "file":
            node.set("filename", f"{field.name}_filename")
            nodes.append(E.field(name=f"{field.name}_filename", invisible="1"))
        nodes.append(node)
    return nodes


def add_columns(arch, tabs):
    """Put optional columns before the stage in a list of opportunities; a list of leads has no stage."""
    stage = arch.find("./field[@name='stage_id']")
    if stage is None:
        return
    fields = [field for tab in tabs for field in tab.fields if field.in_list and field.kind not in UNLISTED]
    for field in fields:
        node = E.field(name=field.name, optional="show", **ATTRIBUTES.get(field.kind, {}))
        if field.kind == "choices":
            node.set("options", "{'color_field': 'color'}")
        if field.kind in NUMBERS:  # most have none, and zero would look like one
            node.set("invisible", f"not {field.name}")
        stage.addprevious(node)
    _add_currency(arch, fields, "column_invisible")


def add_card_lines(arch, tabs):
    """Put a line for each field that has a value on the cards, above their footer."""
    card = arch.find(".//t[@t-name='card']")
    if card is None:
        return
    shown = [(tab, field) for tab in tabs for field in tab.fields if field.in_kanban and field.kind not in UNLISTED]
    footer = card.find("./footer")
    for tab, field in shown:
        line = E.div(
            E.span(f"{clean(field.label)}:", {"class": "text-muted me-1"}),
            E.field(name=field.name, **_card_attributes(field.kind)),
            {"class": "o_opportunity_tab_value d-flex flex-wrap small"},
            invisible=f"not {field.name} or {hidden_when(tab)}",
        )
        if footer is None:
            card.append(line)
        else:
            footer.addprevious(line)
    _add_currency(arch, [field for _tab, field in shown], "invisible")


def _card_attributes(kind):
    if kind == "choices":
        return {"widget": "many2many_tags", "options": "{'color_field': 'color'}"}
    return {"widget": "url"} if kind == "link" else {}


def _add_currency(arch, fields, hide):
    if any(field.kind == "monetary" for field in fields) and arch.find(".//field[@name='company_currency']") is None:
        arch.insert(0, E.field({hide: "1"}, name="company_currency"))


def add_filters(arch, tabs):
    """Let people search, filter and group by the fields that are meant for it."""
    fields = [field for tab in tabs for field in tab.fields if field.in_search and field.kind not in UNLISTED]
    last = arch.findall("./field")[-1:]
    groups = arch.findall(".//group")[-1:]
    filters = [node for field in fields if (node := make_filter(field)) is not None]
    for field in reversed([field for field in fields if field.kind not in ("date", "datetime", "boolean")]):
        node = E.field(name=field.name)
        last[0].addnext(node) if last else arch.insert(0, node)
    if not groups or not fields:
        return
    for node in [E.separator(), *filters] if filters else []:
        groups[0].addprevious(node)
    groups[0].append(E.separator())
    for field in fields:
        if field.kind in GROUPABLE:
            groups[0].append(
                E.filter(
                    name=f"group_{field.name}",
                    string=clean(field.label),
                    context=repr({"group_by": field.name}),
                )
            )


def make_filter(field):
    """Return the filter of a date or a yes/no; other fields are typed into the search bar."""
    if field.kind in ("date", "datetime"):
        return E.filter(name=f"filter_{field.name}", string=clean(field.label), date=field.name)
    if field.kind == "boolean":
        return E.filter(name=f"filter_{field.name}", string=clean(field.label), domain=repr([(field.name, "=", True)]))
    return None


SHOW = {"form": add_pages, "list": add_columns, "kanban": add_card_lines, "search": add_filters}
