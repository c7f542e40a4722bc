"""Make a document refer to nothing outside of itself. Pure Python, imports nothing of Odoo.

For engines that fetch whatever a document asks for. PlutoPrint needs none of it: there every address passes through
the function that fetches.
"""

import base64
import re

import lxml.html

# What loads, runs or redirects; text has no need of it on paper.
DROPPED = "script|iframe|frame|object|embed|applet|link|base|meta[@http-equiv]|audio|video|source|svg|picture"
LOADING = ("src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc")
CSS_URL = re.compile(r"(?:-webkit-)?(?:url|image-set|image|src)\s*\(\s*([^)]*)\)?", re.I)
CSS_IMPORT = re.compile(r"@import[^;]*;?", re.I)
CSS_FONT = re.compile(r"@font-face\s*{[^}]*}", re.I)  # wkhtmltopdf leaves out text in a font that it cannot read
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def contain(html, fetch):
    """Return the document with images of the database inside of it and without anything else that would be loaded.

    :param bytes html: the document
    :param fetch: a function from an address to ``(bytes, mimetype)``, or to None for what may not be loaded
    :rtype: bytes

    >>> contain(b'<p>Hi <img src="http://a.example/x.png"><img src="/y.png"></p>', {"/y.png": (b"Y", "image/png")}.get)
    b'<p>Hi <img><img src="data:image/png;base64,WQ=="></p>'
    >>> contain(b'<p style="background: url(file:///etc/passwd)">a<script>b</script>c</p>', {}.get)
    b'<p style="background: none">ac</p>'
    """
    root = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(encoding="utf-8"))
    for node in root.xpath("|".join(f"descendant::{tag}" for tag in DROPPED.split("|"))):
        node.drop_tree()
    for node in root.iter(lxml.etree.Element):
        contain_attributes(node, fetch)
        if node.tag == "style" and node.text:
            node.text = contain_css(node.text, fetch)
    doctype = b"<!DOCTYPE html>\n" if root.tag == "html" else b""
    return doctype + lxml.html.tostring(root, encoding="utf-8")


def contain_attributes(node, fetch):
    """Contain what the attributes of an element load."""
    for name in LOADING:
        url = node.attrib.pop(name, None)
        found = name == "src" and node.tag == "img" and url and to_data_url(url, fetch)
        if found:
            node.attrib["src"] = found
    if "style" in node.attrib:
        node.attrib["style"] = contain_css(node.attrib["style"], fetch)


def contain_css(css, fetch):
    r"""Contain a style: images of the database become part of it; other addresses, imports and fonts vanish.

    >>> contain_css("@import 'http://a.example/a.css'; a { background: url( '/b' ) }", {"/b": (b"B", "image/png")}.get)
    " a { background: url('data:image/png;base64,Qg==') }"
    >>> contain_css(r"a { background: \75rl(http://a.example) }", {}.get)  # escapes would hide a url
    'a { background: 75rl(http://a.example) }'
    """

    def replace(match):
        found = to_data_url(match[1].strip(" '\""), fetch)
        return f"url('{found}')" if found else "none"

    css = CSS_COMMENT.sub("", css).replace("\\", "")
    return CSS_URL.sub(replace, CSS_FONT.sub("", CSS_IMPORT.sub("", css)))


def to_data_url(url, fetch):
    """Return an address that holds its content, None for what may not be loaded."""
    if url.startswith("data:image/") and not url.startswith("data:image/svg"):
        return url
    content, mimetype = fetch(url) or (None, None)
    return content and f"data:{mimetype};base64,{base64.b64encode(content).decode()}"
