"""Feeds and exports: each entry with a full text is an article of its own."""

from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.feed import feed_drafts, parse_xml
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import parse_content
from rag.types import Article
from tests.rag.ingest.pages import ARTICLE, TEXT

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"'
)


def rss(*items: str) -> bytes:
    return f'<rss version="2.0" {NAMESPACES}><channel><title>A Blog</title>{"".join(items)}</channel></rss>'.encode()


def item(text: str = ARTICLE, *, link: str = "https://blog.example.org/2024/warm-feet/", more: str = "") -> str:
    return (
        f"<item><title>Warm feet</title><link>{link}</link><dc:creator>Jane Roe</dc:creator>"
        f"<pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate><description>Warm feet in short.</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded>{more}</item>"
    )


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A Blog</title><entry>
<title type="html">Warm &amp;lt;b&amp;gt;feet</title>
<link rel="edit" href="https://a.example/edit"/><link rel="alternate" href="https://blog.example.org/2024/warm-feet/"/>
<updated>2024-05-06T10:00:00Z</updated><author><name>Jane Roe</name></author><content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml">{ARTICLE}</div></content></entry></feed>""".encode()

RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
{NAMESPACES}>
<channel><title>A Blog</title></channel>{item()}</rdf:RDF>""".encode()


def articles(content: bytes, limits: ReadingLimits | None = None) -> tuple[Article, ...]:
    return parse_content(content, Path("feed.xml"), None, limits or ReadingLimits()).articles


@pytest.mark.parametrize("content", [rss(item()), ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_entry_becomes_an_article_with_its_facts(content: bytes) -> None:
    (article,) = articles(content)

    assert article.text == TEXT
    assert article.article_id == "warm-feet"
    assert article.url == "https://blog.example.org/2024/warm-feet/"
    assert article.extra["published"] == "2024-05-06"
    assert [(source.who, source.year) for source in article.references] == [("Jane Roe", "2024")]


def test_share_links_and_related_posts_of_an_entry_go() -> None:
    text = ARTICLE + '<div class="sharedaddy"><p>Share this</p></div><p>The post <a>Warm feet</a> first appeared.</p>'

    assert articles(rss(item(text)))[0].text.startswith(TEXT)
    assert "Share this" not in articles(rss(item(text)))[0].text


def test_wordpress_export_gives_published_posts_and_pages_alone() -> None:
    def entry(kind: str, status: str, name: str) -> str:
        more = f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
        more += "<excerpt:encoded>Short.</excerpt:encoded>"
        return item(link=f"https://blog.example.org/{name}/", more=more)

    content = rss(
        entry("post", "publish", "post"), entry("page", "publish", "page"), entry("post", "draft", "draft"),
        entry("post", "private", "secret"), entry("attachment", "inherit", "picture"), entry("menu", "publish", "menu"),
    )  # fmt: skip

    assert [article.article_id for article in articles(content)] == ["post", "page"]


def test_teasers_are_passed_over_and_named() -> None:
    found = parse_content(rss(item(), item("<p>Read it on the site.</p>")), Path("feed.xml"), None, ReadingLimits())

    assert (len(found.articles), found.passed_over) == (1, ("Warm feet",))


def test_feed_of_teasers_alone_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="expected full texts, not teasers"):
        articles(rss(item("<p>Read it on the site.</p>")))


def test_digest_of_an_entry_follows_that_entry_alone() -> None:
    alone, beside = articles(rss(item()))[0], articles(rss(item(link="https://blog.example.org/b/"), item()))[1]

    assert alone.digest == beside.digest
    assert alone.digest != articles(rss(item(ARTICLE + "<p>More of it.</p>")))[0].digest


def test_more_entries_than_the_limit_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match=r"more than 2 entries.*CITEWELL_CORPUS__MAX_ENTRIES"):
        articles(rss(item(), item(), item()), ReadingLimits(max_entries=2))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<rss><channel>", "not well-formed"),
        (b"<html><body><p>Words.</p></body></html>", "neither a feed"),
        (b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>', "entities"),
        (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><title>&a;</title></rss>', "entities"),
        (b"%PDF-1.4 under another suffix", "PDF"),
    ],
)
def test_what_is_no_feed_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        articles(content)


def test_author_given_as_address_and_name_is_the_name() -> None:
    entry = item().replace("<dc:creator>Jane Roe</dc:creator>", "<author>jane@example.org (Jane Roe)</author>")
    drafts, _ = feed_drafts(parse_xml(rss(entry)), ReadingLimits())

    assert [draft.author for draft in drafts] == ["Jane Roe"]
