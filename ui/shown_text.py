"""Show other people's words as words: every text of a reader, an article or a model passes through here.

Two places take text on the page. App-written HTML takes `as_html`; labels of Streamlit's widgets are Markdown and take
`as_label`. Nothing else may carry such text to the browser.
"""

import html
from urllib.parse import urlsplit

import regex

WORD_JOINER = "\u2060"
"""Invisible and of no width; put inside a word, it keeps that word from being read as a command."""

_INVISIBLE = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}--[\n\t\u200c\u200d]]", regex.VERSION1)
_MARKDOWN = regex.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:@&=^])")
_COMMAND = regex.compile(r"(?<=[:@])(?=[\p{L}\p{N}_/+-])")
_ADDRESS = regex.compile(r"(?i)(?<=\bhttp)(?=s?:)|(?<=\bw)(?=ww\.)")
_LINK_SCHEMES = frozenset({"http", "https"})


def visible(text: str) -> str:
    """Return the text without control characters and direction overrides; line breaks stay."""
    return _INVISIBLE.sub("", text)


def as_html(text: str) -> str:
    """Return the text for app-written HTML, between tags or inside a quoted attribute."""
    return html.escape(visible(text), quote=True)


def as_label(text: str) -> str:
    """Return the text for a Markdown label: every mark shows as itself, no link, image, icon, colour or formula.

    Streamlit finds web addresses, icons (`:name:`) and colours (`:red[…]`) even behind a backslash, so an invisible
    word joiner keeps those apart as well.
    """
    line = " ".join(visible(text).split())
    kept_apart = _COMMAND.sub(WORD_JOINER, _ADDRESS.sub(WORD_JOINER, line))
    return _MARKDOWN.sub(r"\\\1", kept_apart)


def safe_link(url: str | None) -> str | None:
    """Return a web address that may be linked, ready for an attribute, or None: http and https with a host only."""
    if not url or visible(url) != url or regex.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _LINK_SCHEMES or not host or "@" in parts.netloc:
        return None
    return html.escape(url, quote=True)
