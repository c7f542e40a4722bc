"""The secret of a Buy Now link. Pure Python, imports nothing of Odoo.

A token is a selector, by which the link is found, and a verifier of 256 random bits, of which only the digest is kept:
who reads the database cannot open a link, and the comparison of the digests takes the same time whatever is wrong
(the “split token” of Paragon Initiative's articles on persistent logins).
"""

import hashlib
import re
import secrets
from typing import NamedTuple

SELECTOR_BYTES, VERIFIER_BYTES = 9, 32
SELECTOR_LENGTH, TOKEN_LENGTH = 12, 55
TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
PAGE, PREVIEW = "/buy-now/", "/buy-now/preview/"
UNKNOWN = hashlib.sha256(b"").hexdigest()  # what the verifier of a selector that nobody has is compared with


class Token(NamedTuple):
    """What is kept of a token."""

    selector: str
    digest: str


def generate():
    """Return a new token, which is to be shown once.

    >>> token = generate()
    >>> len(token) == TOKEN_LENGTH and bool(TOKEN.fullmatch(token))
    True
    >>> token == generate()
    False
    """
    return secrets.token_urlsafe(SELECTOR_BYTES) + secrets.token_urlsafe(VERIFIER_BYTES)


def parse(text):
    """Return what is kept of a token; of a text that is none, what matches nothing.

    >>> parse("a" * 12 + "b" * 43).selector
    'aaaaaaaaaaaa'
    >>> len(parse("a" * 12 + "b" * 43).digest)
    64
    >>> parse("a" * 12 + "b" * 43) == parse("a" * 12 + "b" * 42 + "c")
    False
    >>> parse("short").selector, parse("ü" * 55).selector
    ('', '')
    """
    if not TOKEN.fullmatch(text):
        return Token("", hashlib.sha256(text.encode(errors="replace")).hexdigest())
    return Token(text[:SELECTOR_LENGTH], hashlib.sha256(text[SELECTOR_LENGTH:].encode()).hexdigest())


def hide(text):
    """Return the text without the tokens of the links in it, for what is kept where people read.

    >>> hide("see https://my.org/fr/buy-now/" + "a" * 55 + "/accept.")
    'see https://my.org/fr/buy-now/…/accept.'
    >>> hide("see https://my.org/buy-now/preview/12")
    'see https://my.org/buy-now/preview/12'
    """
    return re.sub(rf"({PAGE}){TOKEN.pattern}", r"\1…", text)


def find_previews(text):
    """Return the ids of the links whose previews a text leads to, in order.

    >>> find_previews('<a href="https://my.org/buy-now/preview/12">…</a> /buy-now/preview/7 /buy-now/preview/12')
    [12, 7]
    """
    return list(dict.fromkeys(int(found) for found in re.findall(rf"{PREVIEW}(\d{{1,9}})", text)))


def reveal(text, preview, private):
    """Return the text with the private address in place of that of the preview.

    >>> reveal("/buy-now/preview/1 /buy-now/preview/12", "/buy-now/preview/1", "/buy-now/secret")
    '/buy-now/secret /buy-now/preview/12'
    """
    return re.sub(rf"{re.escape(preview)}(?!\d)", private, text)
