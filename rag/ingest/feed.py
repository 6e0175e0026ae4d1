"""Read feeds and exports: RSS, RSS 1.0, Atom and WordPress exports (WXR); each entry with text is an article."""

import email.utils
from collections.abc import Iterator

import regex
from lxml import etree

from rag.errors import CorpusError, UnreadableFileError
from rag.ingest.draft import Draft
from rag.ingest.limits import ReadingLimits, setting
from rag.ingest.web_page import fragment_blocks
from rag.ingest.xml_names import local_name
from rag.types import BlockKind

MIN_ENTRY_WORDS = 20
"""An entry with fewer words announces an article and is none."""

_ROOTS = frozenset(("rss", "rdf", "feed"))
_TEXTS = ("encoded", "content", "description", "summary")
"""Where the text of an entry stands, fullest first: content:encoded, Atom's content, RSS's description."""

_ISO_DATE = regex.compile(r"\d{4}-\d\d-\d\d")
_EXCERPT = "{http://wordpress.org/export/1.2/excerpt/}"


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML file; entities are not resolved and nothing is fetched.

    Raises:
        UnreadableFileError: it is not XML or defines entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())[:120]
        raise UnreadableFileError(f"it is not well-formed XML ({reason}); export it again") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None and any(True for _ in document.internalDTD.iterentities()):
        raise UnreadableFileError("it defines or fetches XML entities, which no article needs")
    return root


def is_sitemap(root: etree._Element) -> bool:
    """Return whether an XML file lists a site's addresses."""
    return local_name(root) in ("urlset", "sitemapindex")


def is_feed(root: etree._Element) -> bool:
    """Return whether an XML file is a feed or an export."""
    return local_name(root) in _ROOTS


def feed_drafts(root: etree._Element, limits: ReadingLimits) -> tuple[list[Draft], list[str]]:
    """Return the articles of a feed, and the titles of entries that hold no article.

    Args:
        root: the parsed file.
        limits: bound the number of entries.

    Raises:
        UnreadableFileError: there are more entries than the limit.
    """
    site = _first(root, "channel") if local_name(root) != "feed" else root
    site_title = _words(site, "title") if site is not None else None
    drafts: list[Draft] = []
    passed: list[str] = []
    for number, entry in enumerate(_entries(root), start=1):
        if number > limits.max_entries:
            raise UnreadableFileError(
                f"holds more than {limits.max_entries} entries; cut it into parts or raise {setting('max_entries')}"
            )
        if not _is_published(entry):
            continue
        draft = _draft(entry, site_title)
        words = sum(
            block.span.end - block.span.start for block in draft.builder.blocks if block.kind is not BlockKind.HEADING
        )
        if words < MIN_ENTRY_WORDS * 5:
            passed.append(draft.title or draft.url or f"entry {number}")
        else:
            drafts.append(draft)
    return drafts, passed


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    return (one for one in root.iter() if local_name(one) in ("item", "entry"))


def _is_published(entry: etree._Element) -> bool:
    """In a WordPress export, only posts and pages that readers could see; other feeds hold nothing else."""
    kind, status = _words(entry, "post_type"), _words(entry, "status")
    return kind in (None, "post", "page") and status in (None, "publish") and not _words(entry, "post_password")


def _draft(entry: etree._Element, site: str | None) -> Draft:
    link = _link(entry)
    title = _words(entry, "title")
    draft = Draft(title=_plain(title), url=link, site=site, author=_author(entry))
    draft.date = _date(entry)
    text = next((found for found in (_markup(entry, name) for name in _TEXTS) if found and found.strip()), "")
    if text:
        try:
            fragment_blocks(f"<div>{text}</div>", draft.builder)
        except CorpusError:
            pass  # nothing in it: counted with the entries that hold no article
    identity = link or _words(entry, "guid") or _words(entry, "id") or title or ""
    draft.name = _name(link) or title or identity or "entry"
    draft.identity = "\x00".join((identity, title or "", draft.date or "", text)).encode("utf-8", "replace")
    return draft


def _markup(entry: etree._Element, name: str) -> str | None:
    """The HTML of an element: escaped, in CDATA, or as elements (Atom's type xhtml)."""
    for child in entry:
        if local_name(child) != name or (isinstance(child.tag, str) and child.tag.startswith(_EXCERPT)):
            continue
        if len(child):
            return "".join(etree.tostring(part, encoding="unicode", with_tail=True) for part in child)
        if child.text and child.get("type") == "text":
            return str(child.text).replace("&", "&amp;").replace("<", "&lt;")
        if child.text:
            return str(child.text)
    return None


def _link(entry: etree._Element) -> str | None:
    for child in entry:
        if local_name(child) == "link" and child.get("rel", "alternate") == "alternate":
            link = (child.get("href") or child.text or "").strip()
            if regex.fullmatch(r"https?://\S{1,2000}", link):
                return link
    return None


def _author(entry: etree._Element) -> str | None:
    """The author's name; RSS has "address (name)", of which only the name is kept."""
    for child in entry:
        if local_name(child) in ("creator", "author"):
            name = _words(child, "name") or "".join(child.itertext()).strip()
            bracketed = regex.fullmatch(r"\S+@\S+\s*\((.+)\)", name)
            name = bracketed[1] if bracketed else name
            if name and "@" not in name:
                return " ".join(name.split())[:100]
    return None


def _date(entry: etree._Element) -> str | None:
    for name in (
        "updated",
        "modified",
        "post_modified_gmt",
        "pubDate",
        "published",
        "date",
        "post_date_gmt",
        "post_date",
    ):
        stated = _words(entry, name)
        if not stated:
            continue
        if _ISO_DATE.match(stated) and not stated.startswith("0000"):
            return stated[:10]
        try:
            return email.utils.parsedate_to_datetime(stated).date().isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _name(link: str | None) -> str | None:
    """The last part of an address that says something."""
    parts = [part for part in (link or "").split("?")[0].split("#")[0].split("/")[3:] if part]
    stem = regex.sub(r"\.(?:html?|php|aspx?)$", "", parts[-1]) if parts else ""
    return stem if regex.search(r"\p{L}", stem) else None


def _plain(title: str | None) -> str | None:
    """A title without markup: feeds escape it once or twice."""
    if not title or not regex.search(r"[<&]", title):
        return title
    try:
        fragment = etree.fromstring(f"<div>{title}</div>", parser=etree.HTMLParser(no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return title
    return " ".join("".join(fragment.itertext()).split()) if fragment is not None else title


def _words(entry: etree._Element, name: str) -> str | None:
    found = _first(entry, name)
    text = " ".join("".join(found.itertext()).split()) if found is not None else ""
    return text or None


def _first(entry: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in entry if local_name(child) == name), None)
